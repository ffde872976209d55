"""Features as a stream: the same numbers, wherever they come from."""

import contextlib
import dataclasses
import io
import json
import os
import shutil

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf import fingerprints
from fsn_tf.annotations import video_labels
from fsn_tf.errors import InputError
from fsn_tf.grouping import frame_scores
from fsn_tf.networks import fsn
from fsn_tf.prediction import features
from fsn_tf.prediction import frame_prediction
from fsn_tf.prediction import prepared_videos
from fsn_tf.snippets import feature_files
from fsn_tf.snippets import prepared_folders
from fsn_tf.training import checkpoints
from fsn_tf.training import loop
from fsn_tf.training import pipeline
from fsn_tf.training import snippet_readers
from fsn_tf.training import training_sets
from tests.kit import made_up
from tests.kit import small_networks
from tests.kit import temporary_files

_EXPERIMENT = small_networks.experiment(
    batch_norm="all",
    batch_size=2,
    steps=2,
    checkpoint_steps=2,
)
_ON_FEATURES = dataclasses.replace(_EXPERIMENT, stream="features")


class FilesTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(0)
        self.array = rng.normal(size=(30, 6)).astype(np.float32)
        feature_files.write(
            self.folder,
            "v.1",
            self.array,
            fps=25.0,
            snippet_frames=5,
            num_frames=148,
            features_from={"file": "x"},
        )
        self.path = self.folder / "features" / "v.1.npy"
        self.features = prepared_folders.index(self.folder, "features")["v.1"]

    def test_is_a_plain_array_for_everybody_else(self):
        np.testing.assert_array_equal(np.load(self.path), self.array)

    def test_reads_rows_of_clips_and_of_anywhere_in_the_video(self):
        path = tf.constant(self.features.path)
        offsets = tf.constant(self.features.offsets)
        clip = snippet_readers.adjacent([self.features], _ON_FEATURES)
        np.testing.assert_array_equal(
            clip(path, offsets[11], None), self.array[11:18]
        )
        # The end of the video repeats its last row.
        np.testing.assert_array_equal(
            clip(path, offsets[27], None), self.array[[27, 28, 29] + [29] * 4]
        )
        anywhere = snippet_readers.chosen([self.features], _ON_FEATURES)
        places = [0, 29, 3, 3]
        np.testing.assert_array_equal(
            anywhere(path, tf.gather(offsets, places), None),
            self.array[places],
        )

    def test_names_what_is_damaged(self):
        whole = self.path.read_bytes()
        self.path.write_bytes(whole[:-4])
        with self.assertRaisesRegex(InputError, "v.1.npy: is not as it was"):
            prepared_folders.index(self.folder, "features")
        self.path.write_bytes(whole)
        self.path.with_suffix(".json").write_text("{}")
        with self.assertRaisesRegex(InputError, "v.1.npy: is not whole"):
            prepared_folders.index(self.folder, "features")

    def test_refuses_what_is_no_feature_of_every_snippet(self):
        fields = {
            "fps": 25.0,
            "snippet_frames": 5,
            "num_frames": 148,
            "features_from": {},
        }
        with self.assertRaisesRegex(InputError, "one row for each of 30"):
            feature_files.write(self.folder, "w", self.array[:29], **fields)
        self.array[7, 2] = np.nan
        with self.assertRaisesRegex(InputError, "snippet 7 hold a NaN"):
            feature_files.write(self.folder, "w", self.array, **fields)


@pytest.mark.slow
class OfNetworkTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.prepared, truth = made_up.prepared_folder(
            self.folder, videos=2, num_frames=97
        )
        data = training_sets.load_windows(self.prepared, truth, _EXPERIMENT)
        self.workdir = self.folder / "run"
        loop.train(
            _EXPERIMENT, data, self.workdir, tf.distribute.get_strategy()
        )
        self.assertEqual(
            features.from_network(self.workdir, self.prepared, self.prepared),
            0,
        )

    def test_its_head_on_kept_features_scores_as_on_images(self):
        out = self.folder / "scores"
        prepared_videos.predict(
            self.workdir, self.prepared, out, inference="whole"
        )
        network, experiment, _ = checkpoints.load_network(self.workdir)
        on_features = fsn.build(_ON_FEATURES, 2, feature_size=64)
        fsn.head(on_features).set_weights(fsn.head(network).get_weights())
        score = frame_prediction.scorer(
            on_features, _ON_FEATURES, None, "whole"
        )
        for name, video in prepared_folders.index(
            self.prepared, "features"
        ).items():
            np.testing.assert_allclose(
                score(video),
                frame_scores.read(out / f"{name}.npz").scores,
                atol=1e-6,
            )

    def test_refuses_features_of_another_network(self):
        other = dataclasses.replace(_EXPERIMENT, seed=7)
        data = training_sets.load_windows(self.prepared, self._truth(), other)
        loop.train(other, data, self.folder / "b", tf.distribute.get_strategy())
        with self.assertRaisesRegex(InputError, "has features from .* not"):
            features.from_network(
                self.folder / "b", self.prepared, self.prepared
            )

    def _truth(self):
        return made_up.prepared_folder(self.folder / "again", videos=2)[1]

    def test_trains_and_predicts_on_features(self):
        data = training_sets.load_windows(
            self.prepared, self._truth(), _ON_FEATURES
        )
        workdir = self.folder / "on_features"
        loop.train(_ON_FEATURES, data, workdir, tf.distribute.get_strategy())
        out = self.folder / "scored"
        self.assertEqual(
            prepared_videos.predict(
                workdir, self.prepared, out, inference="windows"
            ),
            0,
        )
        self.assertEqual(
            frame_scores.read(out / "v1.npz").scores.shape, (97, 3)
        )
        # Features of another network are another input.
        path = self.prepared / "features" / "v1.json"
        facts = json.loads(path.read_text())
        facts["features_from"]["checkpoint_sha256"] = "0" * 64
        path.write_text(json.dumps(fingerprints.sealed(facts)))
        with self.assertRaisesRegex(InputError, "v1.npy: has features_from"):
            prepared_videos.predict(
                workdir, self.prepared, out, inference="windows"
            )


class OfWeightsTest(temporary_files.TestCase):
    def test_is_what_a_2d_cnn_of_these_weights_sees(self):
        prepared, _ = made_up.prepared_folder(self.folder, videos=1)
        network = fsn.build(_EXPERIMENT, 2)
        path = self.folder / "tiny.weights.h5"
        fsn.backbone(network).save_weights(path)
        started = dataclasses.replace(_EXPERIMENT, init_from=str(path))
        out = self.folder / "out"

        self.assertEqual(features.from_weights(started, prepared, out), 0)

        (video,) = prepared_folders.index(prepared, "rgb").values()
        predictor = frame_prediction.KerasPredictor(
            network, _EXPERIMENT, (64, 48)
        )
        seen = np.concatenate(list(video.features(predictor.features)))
        kept = prepared_folders.index(out, "features")["v0"]
        np.testing.assert_allclose(kept.rows(), seen, atol=1e-6)
        self.assertGreater(np.ptp(seen), 0)
        # Other weights, other features.
        fsn.backbone(fsn.build(_EXPERIMENT, 2)).save_weights(path)
        with self.assertRaisesRegex(InputError, "has features from .* not"):
            features.from_weights(started, prepared, out)


class ImportTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(0)
        self.arrays = {
            name: rng.normal(size=(n, 3)) for name, n in (("a", 4), ("b", 9))
        }

    def _imported(self, source, **options):
        out = self.folder / "out"
        failed = features.from_arrays(
            source, out, fps=30.0, snippet_frames=8, **options
        )
        self.assertEqual(failed, 0)
        return prepared_folders.index(out, "features")

    def _check(self, found, names):
        self.assertEqual(list(found), list(names))
        for name, array in zip(names, self.arrays.values(), strict=True):
            np.testing.assert_allclose(found[name].rows(), array, rtol=1e-6)
            self.assertEqual(found[name].num_frames, 8 * len(array))
            self.assertAlmostEqual(found[name].seconds, 8 * len(array) / 30)

    def test_takes_one_file_for_each_video(self):
        folder = self.folder / "arrays"
        folder.mkdir()
        np.save(folder / "a.npy", self.arrays["a"])
        np.savez(folder / "b.npz", rgb=self.arrays["b"])
        self._check(self._imported(folder), ["a", "b"])

    def test_a_name_that_is_none_costs_one_line(self):
        folder = self.folder / "arrays"
        folder.mkdir()
        np.save(folder / "e\u0301lan.npy", self.arrays["a"])
        np.save(folder / os.fsdecode(b"caf\xe9.npy"), self.arrays["a"])
        out, lines = self.folder / "out", io.StringIO()
        with contextlib.redirect_stderr(lines):
            failed = features.from_arrays(
                folder, out, fps=30.0, snippet_frames=8
            )
        self.assertEqual(failed, 1)
        self.assertIn(r"caf\xe9.npy: expected a name", lines.getvalue())
        found = prepared_folders.index(out, "features")
        self.assertEqual(list(found), ["\u00e9lan"])

    def _turned(self):
        folder = self.folder / "turned"
        folder.mkdir()
        for name, array in self.arrays.items():
            np.save(folder / f"{name}.npy", array.T)
        return folder

    def test_takes_arrays_with_a_column_for_each_snippet(self):
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            found = self._imported(self._turned(), layout="DT")
        self._check(found, ["a", "b"])
        self.assertEqual(errors.getvalue(), "")
        # The same arrays the other way round are other features.
        with self.assertRaisesRegex(InputError, "has features from .*layout"):
            self._imported(self.folder / "turned")

    def _phased(self, phase):
        errors = io.StringIO()
        folder = self.folder / "phased"
        folder.mkdir(exist_ok=True)
        np.save(folder / "a.npy", self.arrays["a"])
        with contextlib.redirect_stderr(errors):
            self._imported(folder, phase=phase)
        return errors.getvalue()

    def test_keeps_which_frame_a_row_speaks_of(self):
        # Snippets have eight frames; frame 4 is their middle.
        self.assertEqual(self._phased(4), "")
        with self.assertRaisesRegex(InputError, "has features from .*phase"):
            self._phased(0)
        shutil.rmtree(self.folder / "out")
        self.assertIn("found will be 4 frames late", self._phased(0))
        shutil.rmtree(self.folder / "out")
        self.assertIn("found will be 3 frames early", self._phased(7))
        with self.assertRaisesRegex(InputError, "expected a frame .* 0 to 7"):
            self._phased(8)

    @parameterized.parameters("ND", "DT")
    def test_refuses_arrays_that_lie_the_other_way_round(self, layout):
        folder = self._turned()
        if layout == "DT":
            for name, array in self.arrays.items():
                np.save(folder / f"{name}.npy", array)
        other = {"ND": "DT", "DT": "ND"}[layout]
        with self.assertRaisesRegex(
            InputError, f"all have 3 .*give --features_layout={other}$"
        ):
            self._imported(folder, layout=layout)
        # Nothing was written that the right layout would be refused for.
        self._check(self._imported(folder, layout=other), ["a", "b"])

    def test_refuses_a_folder_of_features_of_two_sizes(self):
        folder = self._turned()
        np.save(folder / "a.npy", np.ones((4, 7)))
        np.save(folder / "c.npy", np.ones((5, 9)))
        with self.assertRaisesRegex(
            InputError, r"a has 7 .*\(4, 7\)\) where b has 9 .* one size$"
        ):
            self._imported(folder)

    def test_says_what_it_takes_the_axes_for(self):
        np.save(self._turned() / "a.npy", np.ones((3, 9)))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            self._imported(self.folder / "turned")
        # Three snippets of eight frames at 30 fps.
        line = "a: 3 snippets x 9 numbers, 0.80 s"
        self.assertIn(line, printed.getvalue().splitlines())

    def test_one_file_of_all_videos_has_a_row_for_each_snippet(self):
        np.savez(self.folder / "all.npz", features=np.eye(3), length=[3])
        with self.assertRaisesRegex(InputError, "a folder of arrays of layout"):
            self._imported(self.folder / "all.npz", layout="DT")

    def test_takes_one_file_of_all_videos(self):
        path = self.folder / "all.npz"
        joined = np.concatenate(list(self.arrays.values()))
        np.savez(path, features=joined, length=np.array([4, 9]))
        self._check(self._imported(path), ["1", "2"])
        np.savez(path, scores=joined, length=[4, 9], video=["x", "y"])
        (self.folder / "out").rename(self.folder / "before")
        self._check(self._imported(path), ["x", "y"])

    def test_a_broken_array_costs_one_line_and_the_others_go_on(self):
        folder = self.folder / "arrays"
        folder.mkdir()
        np.save(folder / "a.npy", self.arrays["a"])
        (folder / "b.npy").write_bytes((folder / "a.npy").read_bytes()[:50])
        np.save(folder / "c.npy", np.array(["text"], object), allow_pickle=True)
        failed = features.from_arrays(
            folder, self.folder / "out", fps=30.0, snippet_frames=8
        )
        self.assertEqual(failed, 2)
        self.assertEqual(
            list(prepared_folders.index(self.folder / "out", "features")), ["a"]
        )


class SegmentsTest(temporary_files.TestCase):
    def test_weak_examples_take_a_row_from_each_part_of_the_video(self):
        rows = np.arange(60, dtype=np.float32)[:, None]
        feature_files.write(
            self.folder,
            "v",
            rows,
            fps=25.0,
            snippet_frames=5,
            num_frames=300,
            features_from={},
        )
        experiment = dataclasses.replace(
            _ON_FEATURES, network="wfsn", segments=12, steps=20
        )
        labels = video_labels.VideoLabels(("a",), ("v",), {"v": ("a",)})
        data = training_sets.load_videos(self.folder, labels, experiment)
        batches = data.batches(experiment)(0, pipeline.Share())
        seen = set()
        for batch in batches.as_numpy_iterator():
            for example in batch["frames"]:
                parts = example[:, 0] // 5
                np.testing.assert_array_equal(parts, np.arange(12))
                seen.update(example[:, 0])
        self.assertGreater(len(seen), 50)


if __name__ == "__main__":
    absltest.main()
