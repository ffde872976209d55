"""RGB, flow and both, straight from a video file."""

import dataclasses
import json
import pathlib
import tempfile
from unittest import mock
import weakref

from absl.testing import absltest
from absl.testing import parameterized
import cv2
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf.errors import InputError
from fsn_tf.exports import model_folders
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import score_folders
from fsn_tf.prediction import prepared_videos
from fsn_tf.snippets import preparation
from fsn_tf.snippets import video_writing
from fsn_tf.timeline import localizer
from fsn_tf.timeline import stream_models
from fsn_tf.training import loop
from fsn_tf.training import training_sets
from fsn_tf.videos import video_files
from tests.kit import made_up
from tests.kit import running
from tests.kit import small_networks
from tests.kit import temporary_files

_RGB = small_networks.experiment(
    batch_size=2,
    batch_norm="all",
    learning_rate=0.001,
    steps=20,
)
_FLOW = dataclasses.replace(_RGB, stream="flow")
_FLOW_SETTINGS = preparation.Settings("flow", "dis", width=64, height=48)
# The last snippet, of one frame, has neither a center nor a flow of its own.
_NUM_FRAMES = 346


class _Models(temporary_files.TestCase):
    """An RGB and a flow network, and what fsn predict says of video v0."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        temporary = tempfile.TemporaryDirectory()
        cls.shared = pathlib.Path(cls.enterClassContext(temporary))
        prepared, truth = made_up.prepared_folder(
            cls.shared, videos=1, num_frames=_NUM_FRAMES
        )
        cls.video = cls.shared / "videos" / "v0.mp4"
        video_writing.write_video(
            cls.video, prepared / "flow" / "v0.tfrecord", _FLOW_SETTINGS
        )
        for experiment in (_RGB, _FLOW):
            stream = experiment.stream
            data = training_sets.load_windows(prepared, truth, experiment)
            loop.train(
                experiment,
                data,
                cls.shared / stream,
                tf.distribute.get_strategy(),
            )
            prepared_videos.predict(
                cls.shared / stream,
                prepared,
                cls.shared / "scores" / stream,
                inference="whole",
            )
        cls.rgb, cls.flow = cls.shared / "rgb", cls.shared / "flow"
        cls.both = cls.shared / "both"
        model_folders.export([cls.rgb, cls.flow], cls.both, weights=[1, 3])

    def predicted(self, *streams, weights=None):
        folders = [self.shared / "scores" / stream for stream in streams]
        return score_folders.fuse(folders, weights)["v0"].scores

    def localized(self, *models, **options):
        loaded = localizer.Localizer(*models, **options)
        source = video_files.Video(self.video)
        return loaded.frame_probabilities(loaded.reading(source))


@pytest.mark.slow
class ScoresTest(_Models):
    @parameterized.parameters(
        ("rgb", ["rgb"], None),
        ("flow", ["flow"], None),
        ("both", ["rgb", "flow"], [1, 3]),
        ("both/flow", ["flow"], None),
    )
    def test_are_those_of_predict_but_for_jpeg(self, model, streams, weights):
        expected = self.predicted(*streams, weights=weights)
        model = self.shared / model
        direct = self.localized(model)
        snippets = stream_models.StreamModel.snippets

        def after_jpeg(self, frames):
            return map(_after_jpeg, snippets(self, frames))

        with mock.patch.object(
            stream_models.StreamModel, "snippets", after_jpeg
        ):
            same = self.localized(model)

        self.assertEqual(direct.shape, (_NUM_FRAMES, 3))
        np.testing.assert_allclose(same, expected, atol=1e-5)
        np.testing.assert_allclose(direct, expected, atol=0.05)

    def test_of_two_folders_are_the_mean_of_both(self):
        np.testing.assert_allclose(
            self.localized(self.rgb, self.flow),
            (self.localized(self.rgb) + self.localized(self.flow)) / 2,
            atol=1e-6,
        )

    def test_change_with_the_method_of_flow(self):
        # The networks were trained on flow by DIS.
        named = self.localized(self.flow, flow="dis")
        other = self.localized(self.flow, flow="farneback")
        np.testing.assert_array_equal(named, self.localized(self.flow))
        self.assertGreater(np.abs(other - named).max(), 0.01)
        self.assertNotEqual(
            localizer.Localizer(self.flow).fingerprint,
            localizer.Localizer(self.flow, flow="farneback").fingerprint,
        )

    def test_lets_frames_and_features_go(self):
        loaded = localizer.Localizer(self.rgb, self.flow)
        alive, most = weakref.WeakSet(), []

        class Reading:
            num_frames = 3000

            def __iter__(self):
                rng = np.random.default_rng(0)
                for frame in range(3000):
                    image = _Image.of(rng.integers(0, 255, (48, 64, 3)))
                    alive.add(image)
                    most.append(len(alive))
                    yield frame, image

        got = loaded.frame_probabilities(Reading())
        self.assertLen(got, 3000)
        # The centers of 64 snippets, and the frames of the next one.
        self.assertLess(max(most), 64 + 10)


class _Image(np.ndarray):
    """An array that can be counted while it lives."""

    __hash__ = object.__hash__

    @classmethod
    def of(cls, image):
        return image.astype(np.uint8).view(cls)


def _after_jpeg(image):
    """(H, W, C) as it is after `fsn prepare` and reading back."""
    if image.shape[-1] == 3:
        return _decoded(image[..., ::-1], cv2.IMREAD_COLOR)[..., ::-1]
    planes = np.moveaxis(image, -1, 0)
    planes = [_decoded(one, cv2.IMREAD_GRAYSCALE) for one in planes]
    return np.stack(planes, axis=-1)


def _decoded(image, kind):
    quality = [cv2.IMWRITE_JPEG_QUALITY, _FLOW_SETTINGS.quality]
    jpeg = cv2.imencode(".jpg", np.ascontiguousarray(image), quality)[1]
    return cv2.imdecode(jpeg, kind)


@pytest.mark.slow
class FoldersTest(_Models):
    def _changed_card(self, name, **values):
        """A copy of the exported flow model, with another card."""
        folder = self.folder / name
        (folder / "variables").mkdir(parents=True)
        for path in (self.both / "flow").rglob("*.*"):
            target = folder / path.relative_to(self.both / "flow")
            target.write_bytes(path.read_bytes())
        card = folder / "model.json"
        card.write_text(json.dumps(json.loads(card.read_text()) | values))
        return folder

    def test_flow_that_cannot_be_computed_needs_a_method(self):
        imported = self._changed_card("imported", flow="imported")
        with self.assertRaisesRegex(InputError, "imported.*--flow=dis"):
            localizer.Localizer(imported)
        np.testing.assert_allclose(
            self.localized(imported, flow="dis"),
            self.localized(self.flow),
            atol=1e-5,
        )

    def test_a_method_for_rgb_alone_is_an_error(self):
        with self.assertRaisesRegex(InputError, "rgb: takes no flow"):
            localizer.Localizer(self.rgb, flow="dis")

    @parameterized.parameters(
        {"classes": ["a", "c", "Background"]},
        {"fps": 30},
        {"snippet_frames": 4},
    )
    def test_streams_that_do_not_fit_are_an_error(self, **values):
        other = self._changed_card("other", **values)
        (name,) = values
        with self.assertRaisesRegex(InputError, f"other: {name} .* but .*rgb"):
            localizer.Localizer(self.rgb, other)

    def test_a_folder_of_models_that_is_not_whole_is_an_error(self):
        whole = json.loads((self.both / "model.json").read_text())
        for wrong in ({"weights": [1]}, {"weights": "x"}, {"streams": 3}):
            self.write("both/model.json", json.dumps(whole | wrong))
            with self.assertRaisesRegex(InputError, "model.json: is not whole"):
                localizer.Localizer(self.folder / "both")

    def test_one_stream_twice_leaves_nothing(self):
        out = self.folder / "out"
        with self.assertRaisesRegex(InputError, "another model of flow"):
            model_folders.export([self.flow, self.flow], out)
        self.assertEmpty(list(self.folder.iterdir()))

    def test_commands_export_and_localize_both(self):
        status, _, messages = running.fsn(
            "export",
            f"--workdir={self.rgb},{self.flow}",
            *("--fusion_weights=1,3", f"--out={self.folder / 'both'}"),
        )
        self.assertEqual(status, 0, messages)
        found = []
        for name, model, weights in (
            ("folder", self.folder / "both", [1, 3]),
            ("named", f"{self.rgb},{self.flow}", [1, 1]),
        ):
            out = self.folder / name
            status, _, messages = running.fsn(
                *("localize", f"--model={model}", f"--video={self.video}"),
                *(f"--out={out}", "--nopage"),
            )
            self.assertEqual(status, 0, messages)
            found.append(frame_scores.read(out / "v0.npz").scores)
            np.testing.assert_allclose(
                found[-1],
                self.predicted("rgb", "flow", weights=weights),
                atol=0.05,
            )
        self.assertGreater(np.abs(found[0] - found[1]).max(), 1e-3)

    @parameterized.parameters(
        ("--workdir=", "got none"),
        ("--workdir=a --fusion_weights=1", "one workdir has none"),
        ("--workdir=a,b --fusion_weights=1,x", "=1,x: expected numbers"),
    )
    def test_wrong_flags_of_export_are_usage_errors(self, words, line):
        out = self.folder / "out"
        status, _, messages = running.fsn(
            "export", *words.split(), f"--out={out}"
        )
        self.assertEqual(status, 2)
        self.assertIn(line, messages)


if __name__ == "__main__":
    absltest.main()
