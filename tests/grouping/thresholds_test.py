"""Grouping, checked against a loop that shares no code with it."""

import itertools

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.grouping import thresholds as grouping_thresholds


class GroupTest(parameterized.TestCase):
    def test_groups_a_peak_once_per_extent(self):
        peak = np.array([[0.05], [0.35], [0.95], [0.25], [0.05]])

        label, first, stop = grouping_thresholds.group(peak)

        # Above 0; above 0.1 and 0.2; above 0.3 (0.25 is out); above 0.4.
        extents = [(0, 5), (1, 3), (1, 4), (2, 3)]
        self.assertEqual(list(zip(first, stop, strict=True)), extents)
        np.testing.assert_array_equal(label, 0)

    @parameterized.parameters(np.float16, np.float32, np.float64)
    def test_counts_frames_strictly_above_a_threshold(self, dtype):
        scores = np.array([[0.3], [0.7], [0.1]], dtype)
        for threshold, size in ((0.1, 2), (0.3, 1), (0.7, 0), (1.0, 0)):
            _, first, stop = grouping_thresholds.group(scores, [threshold])
            self.assertEqual((stop - first).sum(), size, msg=threshold)

    @parameterized.parameters("mean", "max")
    def test_equals_a_loop_over_frames(self, confidence):
        generator = np.random.default_rng(0)
        for _ in range(300):
            shape = generator.integers(1, 12), generator.integers(1, 4)
            scores = generator.integers(0, 11, shape) / 10
            scores = scores.astype(generator.choice(["f2", "f4", "f8"]))
            names = [f"Class{index}" for index in range(shape[1])]

            found = grouping_thresholds.detections(
                [("a", scores, 25.0)], names, confidence=confidence
            )

            expected = self._loop(scores, getattr(np, confidence))
            rows = zip(
                found.label.tolist(),
                np.round(found.start_seconds * 25).astype(int).tolist(),
                np.round(found.end_seconds * 25).astype(int).tolist(),
                strict=True,
            )
            self.assertEqual(list(rows), sorted(expected))
            np.testing.assert_allclose(
                found.score, [expected[row] for row in sorted(expected)]
            )

    def _loop(self, scores, confidence):
        expected = {}
        for label, step in itertools.product(range(scores.shape[1]), range(11)):
            threshold = scores.dtype.type(step / 10)
            column, first = scores[:, label], None
            for frame, score in enumerate([*column, threshold]):
                if score > threshold and first is None:
                    first = frame
                if not score > threshold and first is not None:
                    inside = column[first:frame].astype(float)
                    expected[label, first, frame] = confidence(inside)
                    first = None
        return expected

    def test_keeps_videos_apart(self):
        videos = [
            ("b", np.ones((4, 1), "f4"), 2.0),
            ("silent", np.zeros((3, 1), "f4"), 2.0),
            ("a", np.ones((6, 1), "f4"), 4.0),
        ]

        found = grouping_thresholds.detections(videos, ["Jump"])

        self.assertEqual(found.videos, ("b", "silent", "a"))
        np.testing.assert_array_equal(found.video, [0, 2])
        np.testing.assert_array_equal(found.start_seconds, [0, 0])
        np.testing.assert_array_equal(found.end_seconds, [2, 1.5])

    def test_finds_nothing_in_no_video(self):
        self.assertEmpty(grouping_thresholds.detections([], ["Jump"]))


if __name__ == "__main__":
    absltest.main()
