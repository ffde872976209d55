"""TSN's test of a video, against a formulation in NumPy."""

import dataclasses

from absl.testing import absltest
import cv2
import numpy as np
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.prediction import video_prediction
from fsn_tf.snippets import feature_files
from fsn_tf.snippets import preparation
from fsn_tf.snippets import snippet_facts
from fsn_tf.snippets import snippet_files
from fsn_tf.snippets import snippet_writing
from fsn_tf.snippets import video_writing
from tests.kit import made_up
from tests.kit import temporary_files

# The side of a crop of 64x48 frames, so that nothing is resized.
_SIDE = 42
_EXPERIMENT = Experiment(
    network="tsn", backbone="tiny", image_size=_SIDE, segments=3, dropout=0.0
)


class ScorerTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.network = fsn.build(_EXPERIMENT, 3)
        rng = np.random.default_rng(0)
        head = fsn.head(self.network)
        self.kernel, self.bias = (
            rng.normal(size=w.shape) for w in head.get_weights()
        )
        # Scores so far apart that the softmax of a mean is not the mean of
        # softmaxes.
        self.kernel *= 3
        head.set_weights([self.kernel, self.bias])

    def _snippets(self, num_snippets):
        """A video that has another picture in each snippet."""
        path = self.folder / f"{num_snippets}.mp4"
        made_up.write_colored_video(
            path,
            [(0, 2 * num_snippets), (num_snippets, 4 * num_snippets)],
            num_frames=5 * num_snippets,
        )
        settings = preparation.Settings(width=64, height=48)
        target = self.folder / "rgb" / f"{num_snippets}.tfrecord"
        video_writing.write_video(path, target, settings)
        return snippet_files.read_metadata(target)

    def _crop_scores(self, images, along_x):
        """(10 N, K) scores of the crops, one by one."""
        crops = []
        for image in images:
            for top, left in ((0, 0), (0, 22), (6, 0), (6, 22), (3, 11)):
                crop = image[top : top + _SIDE, left : left + _SIDE]
                mirrored = crop[:, ::-1].copy()
                mirrored[..., along_x] = 255 - mirrored[..., along_x]
                crops += [crop, mirrored]
        spatial_cnn = fsn.spatial_cnn(self.network)
        features = spatial_cnn(np.stack(crops)[None], training=False)[0]
        return np.array(features) @ self.kernel[0] + self.bias

    def _expected(self, video, positions, *, along_x=()):
        images = video.images(
            tf.constant(0, tf.int64),
            tf.constant(video.num_snippets, tf.int64),
        )
        chosen = np.array(images)[positions]
        scores = self._crop_scores(chosen, along_x).mean(axis=0)
        odds = np.exp(scores - scores.max())
        return odds / odds.sum()

    def test_softmax_of_the_mean_over_25_middles_and_10_crops(self):
        score = video_prediction.scorer(self.network, _EXPERIMENT)
        # Of parts of two snippets the middle is where the second starts.
        video = self._snippets(50)
        expected = self._expected(video, np.arange(25) * 2 + 1)
        np.testing.assert_allclose(score(video)[0], expected, atol=1e-5)

    def test_a_short_video_repeats_its_snippets(self):
        score = video_prediction.scorer(self.network, _EXPERIMENT)
        # Middles at 0.06, 0.18 ... 2.94 of three snippets.
        positions = np.repeat([0, 1, 2], [8, 9, 8])
        video = self._snippets(3)
        expected = self._expected(video, positions)
        np.testing.assert_allclose(score(video)[0], expected, atol=1e-5)

    def test_a_mirrored_crop_of_flow_moves_the_other_way(self):
        # Flow of any pixels: gray noise, ten images for each snippet.
        rng = np.random.default_rng(0)
        stacks = rng.integers(0, 256, (3, 10, 48, 64)).astype(np.uint8)
        path = self.folder / "flow" / "v.tfrecord"
        video = self._written_flow(path, stacks)
        experiment = dataclasses.replace(_EXPERIMENT, stream="flow")
        self.network = fsn.build(experiment, 3)
        fsn.head(self.network).set_weights([self.kernel, self.bias])
        score = video_prediction.scorer(self.network, experiment)
        positions = np.repeat([0, 1, 2], [8, 9, 8])
        expected = self._expected(video, positions, along_x=slice(0, 10, 2))
        np.testing.assert_allclose(score(video)[0], expected, atol=1e-5)

    def _written_flow(self, path, stacks):
        settings = preparation.Settings(
            stream="flow", flow="tvl1", width=64, height=48
        )
        jpegs = [
            [cv2.imencode(".jpg", image)[1].tobytes() for image in stack]
            for stack in stacks
        ]
        fields = dataclasses.asdict(settings) | {
            "video": path.stem,
            "num_frames": 5 * len(stacks),
            "version": snippet_facts.VERSION,
            "source": {"bytes": 0},
        }
        snippet_writing.write(path, jpegs, lambda: fields)
        return snippet_files.read_metadata(path)

    def test_features_have_no_crops(self):
        values = np.random.default_rng(0).normal(size=(61, 6)).astype("f4")
        feature_files.write(
            self.folder,
            "v",
            values,
            fps=25,
            snippet_frames=5,
            num_frames=305,
            features_from={},
        )
        path = self.folder / "features" / "v.npy"
        video = feature_files.read_metadata(path)
        experiment = dataclasses.replace(_EXPERIMENT, stream="features")
        network = fsn.build(experiment, 3, feature_size=6)
        kernel = np.random.default_rng(1).normal(size=(1, 6, 3))
        fsn.head(network).set_weights([kernel, self.bias])

        found = video_prediction.scorer(network, experiment)(video)

        middles = (2 * np.arange(25) + 1) * 61 // 50
        odds = np.exp(values[middles].mean(axis=0) @ kernel[0] + self.bias)
        np.testing.assert_allclose(found[0], odds / odds.sum(), atol=1e-6)


if __name__ == "__main__":
    absltest.main()
