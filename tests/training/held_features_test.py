"""Features in memory give the batches that their files give."""

from unittest import mock

from absl.testing import absltest
import numpy as np
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.segments import Annotations
from fsn_tf.segments import Instance
from fsn_tf.snippets import feature_files
from fsn_tf.snippets import prepared_folders
from fsn_tf.training import held_features
from fsn_tf.training import loading
from fsn_tf.training import pipeline
from fsn_tf.training import training_sets
from tests.kit import temporary_files

# Of the last one a window has to repeat the end.
_SNIPPETS = {"a": 30, "b": 9, "c": 4}
_EXPERIMENT = Experiment(
    stream="features", batch_size=5, steps=6, min_action_frames=5, segments=3
)


class HeldFeaturesTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(0)
        self.arrays = {
            video: rng.normal(size=(count, 6)).astype(np.float32)
            for video, count in _SNIPPETS.items()
        }
        for video, array in self.arrays.items():
            feature_files.write(
                self.folder,
                video,
                array,
                fps=25.0,
                snippet_frames=5,
                num_frames=5 * len(array) - 1,
                features_from={"file": "x"},
            )
        found = prepared_folders.index(self.folder, "features")
        self.videos = [found[video] for video in _SNIPPETS]

    def _data(self):
        instances = [
            Instance(video, "ab"[index % 2], 0.1, 0.7)
            for index, video in enumerate(_SNIPPETS)
        ]
        truth = Annotations(("a", "b"), tuple(_SNIPPETS), tuple(instances), ())
        return training_sets.load_windows(self.folder, truth, _EXPERIMENT)

    def _batches(self, *arguments):
        make = self._data().batches(_EXPERIMENT)
        return list(make(*arguments).as_numpy_iterator())

    def _from_files(self, *arguments):
        with mock.patch.object(held_features, "of", lambda videos: None):
            return self._batches(*arguments)

    def assert_same(self, mine, expected):
        self.assertLen(mine, len(expected))
        for batch, other in zip(mine, expected, strict=True):
            self.assertEqual(batch.keys(), other.keys())
            for name, values in batch.items():
                self.assertEqual(values.dtype, other[name].dtype)
                np.testing.assert_array_equal(values, other[name])

    def test_lie_one_video_after_the_other(self):
        held = held_features.of(self.videos)
        joined = np.concatenate(list(self.arrays.values()))
        np.testing.assert_array_equal(held.rows, joined)
        self.assertEqual(held.first.tolist(), [0, 30, 39])
        self.assertEqual(held.last.tolist(), [29, 38, 42])

    def test_are_not_held_where_they_do_not_fit(self):
        size = 43 * 6 * 4
        self.assertIsNotNone(held_features.of(self.videos, size))
        self.assertIsNone(held_features.of(self.videos, size - 1))

    def test_a_container_may_leave_them_less(self):
        limit = self.folder / "memory.max"
        with mock.patch.object(held_features, "_CONTAINER", limit):
            for text, held in (("max\n", True), ("4000\n", False)):
                limit.write_text(text)
                self.assertEqual(
                    held_features.of(self.videos) is not None, held
                )

    def test_gives_the_batches_of_the_files(self):
        mine, files = self._batches(0, None), self._from_files(0, None)
        self.assertEqual(mine[0]["frames"].shape, (5, 7, 6))
        self.assert_same(mine, files)

    def test_any_step_can_be_the_first(self):
        self.assert_same(self._batches(4, None), self._batches(0, None)[4:])

    def test_devices_share_the_batch(self):
        for replica in (0, 1):
            share = pipeline.Share(replica, 1, 2)
            self.assert_same(
                self._batches(2, share), self._from_files(2, share)
            )
        both = pipeline.Share(0, 2, 2)
        self.assert_same(self._batches(2, both), self._from_files(2, both))

    def test_snippets_of_whole_videos_are_those_of_the_files(self):
        experiment = Experiment(stream="features", network="tsn", segments=3)
        order, targets = np.arange(12) % 3, np.eye(3, dtype=np.float32)

        def shown():
            load = loading.segments(self.videos, targets, order, experiment)
            return [
                {
                    name: value.numpy()
                    for name, value in load.read(place).items()
                }
                for place in tf.range(12, dtype=tf.int64)
            ]

        mine = shown()
        with mock.patch.object(held_features, "of", lambda videos: None):
            self.assert_same(mine, shown())


if __name__ == "__main__":
    absltest.main()
