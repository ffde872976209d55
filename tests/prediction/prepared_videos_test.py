"""Windows and whole videos, against the network on everything at once."""

import contextlib
import io

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf.errors import InputError
from fsn_tf.grouping import frame_scores
from fsn_tf.networks import fsn
from fsn_tf.prediction import frame_prediction
from fsn_tf.prediction import prepared_videos
from fsn_tf.prediction import stretches
from fsn_tf.training import loop
from fsn_tf.training import training_sets
from tests.kit import engines
from tests.kit import made_up
from tests.kit import small_networks
from tests.kit import temporary_files

_EXPERIMENT = small_networks.experiment(
    batch_size=2,
    steps=2,
)


class StitchingTest(parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.network = fsn.build(_EXPERIMENT, 2)
        # Weights that make every frame depend on far neighbors visibly.
        rng = np.random.default_rng(0)
        head = fsn.head(self.network)
        head.set_weights(
            [rng.normal(size=w.shape) / 4 for w in head.get_weights()]
        )
        self.predictor = frame_prediction.KerasPredictor(
            self.network, _EXPERIMENT, (64, 48)
        )

    def _features(self, snippets):
        rng = np.random.default_rng(snippets)
        return rng.normal(size=(snippets, 64)).astype("float32")

    def _at_once(self, features):
        head = fsn.head(self.network)
        return fsn.probabilities(head(features[None]))[0]

    @parameterized.product(
        snippets=(1, 6, 7, 8, 15, 16, 17, 33, 64, 100), chunk=(1, 5, 16, 64)
    )
    def test_whole_equals_one_pass(self, snippets, chunk):
        features = self._features(snippets)
        chunks = np.split(features, range(chunk, snippets, chunk))
        scored = stretches.whole(chunks, self.predictor)
        got = np.concatenate(list(scored))
        np.testing.assert_allclose(got, self._at_once(features), atol=1e-5)

    @parameterized.product(snippets=(1, 6, 7, 8, 21, 100), chunk=(1, 5, 64))
    def test_windows_equals_each_window_alone(self, snippets, chunk):
        features = self._features(snippets)
        chunks = np.split(features, range(chunk, snippets, chunk))
        scored = stretches.windows(chunks, self.predictor)
        got = np.concatenate(list(scored))
        alone = [
            self._at_once(window)
            for window in np.split(features, range(7, snippets, 7))
        ]
        np.testing.assert_allclose(got, np.concatenate(alone), atol=1e-5)


@pytest.mark.slow
class PredictTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.prepared, truth = made_up.prepared_folder(
            self.folder, num_frames=97
        )
        data = training_sets.load_windows(self.prepared, truth, _EXPERIMENT)
        self.workdir = self.folder / "run"
        loop.train(
            _EXPERIMENT, data, self.workdir, tf.distribute.get_strategy()
        )
        self.out = self.folder / "scores"

    def _predict(self, **options):
        options = {"inference": "windows", **options}
        return prepared_videos.predict(
            self.workdir, self.prepared, self.out, **options
        )

    def test_every_frame_has_a_score(self):
        for inference in ("windows", "whole"):
            self.out = self.folder / inference
            self._predict(inference=inference)
            for video in ("v0", "v1", "v2"):
                value = frame_scores.read(self.out / f"{video}.npz")
                self.assertEqual(value.scores.shape, (97, 3))
                self.assertEqual(value.classes, ("a", "b", "Background"))
                np.testing.assert_allclose(value.scores.sum(1), 1, rtol=1e-5)

    def test_half_precision_is_close_and_kept_apart(self):
        self._predict()
        expected = frame_scores.read(self.out / "v0.npz").scores
        with self.assertRaisesRegex(InputError, "choose another --out"):
            self._predict(precision="bfloat16")

        self.out = self.folder / "half"
        self._predict(precision="bfloat16")

        got = frame_scores.read(self.out / "v0.npz").scores
        difference = np.abs(got - expected).max()
        self.assertGreater(difference, 1e-7)
        self.assertLess(difference, 0.02)
        with self.assertRaisesRegex(InputError, "choose another --out"):
            self._predict()

    def test_keeps_what_is_done_and_adds_what_is_not(self):
        self._predict(videos=["v1"])
        before = (self.out / "v1.npz").stat().st_mtime_ns
        self._predict()
        self.assertEqual((self.out / "v1.npz").stat().st_mtime_ns, before)
        self.assertLen(list(self.out.glob("*.npz")), 3)

    def test_an_engine_writes_the_same_bytes(self):
        path = self.prepared / "rgb" / "v1.tfrecord"
        path.write_bytes(path.read_bytes()[:-1])
        with contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(self._predict(), 1)
        expected, self.out = self.out, self.folder / "by_engine"
        lines = io.StringIO()
        with contextlib.redirect_stderr(lines):
            self.assertEqual(self._predict(engine=engines.here(self)), 1)
        self.assertEqual(lines.getvalue().count("v1.tfrecord"), 1)
        self.assertIn("snippets  2/2 videos", lines.getvalue())
        for name in ("v0.npz", "v2.npz"):
            self.assertEqual(
                (self.out / name).read_bytes(), (expected / name).read_bytes()
            )

    def test_refuses_to_mix_scores(self):
        self._predict(videos=["v1"])
        with self.assertRaisesRegex(InputError, "choose another --out"):
            self._predict(inference="whole")

    def test_refuses_names_that_are_not_prepared(self):
        with self.assertRaisesRegex(InputError, "nope is not prepared"):
            self._predict(videos=["v1", "nope"])

    def test_names_a_snippet_file_with_damaged_bytes(self):
        path = self.prepared / "rgb" / "v1.tfrecord"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 255
        path.write_bytes(content)
        lines = io.StringIO()
        with contextlib.redirect_stderr(lines):
            self.assertEqual(self._predict(), 1)
        self.assertRegex(lines.getvalue(), "v1.tfrecord: cannot be read .corr")
        self.assertLen(list(self.out.glob("*.npz")), 2)


class FoldersTest(temporary_files.TestCase):
    def test_a_folder_without_a_network_is_an_error(self):
        with self.assertRaisesRegex(InputError, "experiment.json: no such"):
            prepared_videos.predict(
                self.folder, self.folder, self.folder, inference="whole"
            )

    def test_refuses_frames_unlike_those_it_was_trained_on(self):
        prepared, truth = made_up.prepared_folder(self.folder)
        data = training_sets.load_windows(prepared, truth, _EXPERIMENT)
        facts = data.facts()
        facts["frame_size"] = [340, 256]
        with self.assertRaisesRegex(InputError, "was trained on .*340"):
            prepared_videos.chosen_videos(prepared, _EXPERIMENT, facts, None)


if __name__ == "__main__":
    absltest.main()
