"""Grouping and NMS, checked against loops that share no code with them."""

import itertools

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import segments
from fsn_tf.grouping import suppression
from fsn_tf.grouping import thresholds as grouping_thresholds


def table(rows, num_classes=2, num_videos=2):
    """Detections from rows (video, label, start, end, score)."""
    columns = np.array(rows, float).reshape(-1, 5).T
    return segments.Detections(
        tuple(f"Class{index}" for index in range(num_classes)),
        tuple(f"video{index}" for index in range(num_videos)),
        columns[0].astype(int),
        columns[1].astype(int),
        *columns[2:],
    )


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


class NonMaximumSuppressionTest(parameterized.TestCase):
    def test_keeps_what_only_a_suppressed_one_overlaps(self):
        chain = table([(0, 0, 0, 4, 0.9), (0, 0, 2, 6, 0.8), (0, 0, 4, 8, 0.7)])
        kept = suppression.non_maximum_suppression(chain, 0.2)
        np.testing.assert_array_equal(kept.score, [0.9, 0.7])

    def test_keeps_an_overlap_of_exactly_the_threshold(self):
        # Intersection 2, union 4.
        halves = table([(0, 0, 0, 4, 0.9), (0, 0, 0, 2, 0.8)])
        for threshold, count in ((0.5, 2), (0.49, 1)):
            kept = suppression.non_maximum_suppression(halves, threshold)
            self.assertLen(kept, count)

    def test_prefers_the_later_of_equal_scores(self):
        equal = table([(0, 0, 0, 4, 0.5), (0, 0, 1, 4, 0.5)])
        kept = suppression.non_maximum_suppression(equal, 0.3)
        np.testing.assert_array_equal(kept.start_seconds, [1])

    def test_lets_other_videos_and_classes_be(self):
        apart = table([(0, 0, 0, 4, 0.9), (0, 1, 0, 4, 0.8), (1, 0, 0, 4, 0.7)])
        self.assertLen(suppression.non_maximum_suppression(apart, 0.0), 3)

    def test_equals_a_greedy_loop(self):
        generator = np.random.default_rng(0)
        thresholds = [0.0, 0.2, 1 / 3, 0.5]
        for _ in range(1500):
            size = generator.integers(0, 25)
            rows = generator.integers(0, 8, (size, 5)).astype(float)
            rows[:, :2] %= 2
            rows[:, 4] /= 8
            rows[:, 2:4] *= generator.choice([1.0, 0.1, 1e-7])
            detections = table(rows)

            masks = suppression.survivors(detections, thresholds)

            for threshold, mask in zip(thresholds, masks, strict=True):
                expected = self._greedy(rows, threshold)
                self.assertEqual(np.flatnonzero(mask).tolist(), expected)

    def test_gives_the_same_when_pairs_come_in_blocks(self):
        generator = np.random.default_rng(0)
        rows = generator.integers(0, 30, (400, 5)).astype(float)
        rows[:, :2] %= 2
        whole = suppression.non_maximum_suppression(table(rows), 0.3)
        with absltest.mock.patch.object(suppression, "_PAIRS_AT_ONCE", 100):
            blocks = suppression.non_maximum_suppression(table(rows), 0.3)
        np.testing.assert_array_equal(_rows(whole), _rows(blocks))

    def _greedy(self, rows, threshold):
        # The input in reverse, then a stable sort: the later one first.
        order = sorted(range(len(rows))[::-1], key=lambda row: -rows[row, 4])
        kept = []
        for row in order:
            if all(
                tuple(rows[row, :2]) != tuple(rows[other, :2])
                or _tiou(rows[row], rows[other]) <= threshold
                for other in kept
            ):
                kept.append(row)
        return sorted(kept)


def _tiou(one, other):
    (a, b), (c, d) = sorted(one[2:4]), sorted(other[2:4])
    shared = max(min(b, d) - max(a, c), 0)
    union = (b - a) + (d - c) - shared
    return shared / union if union > 0 else 0


def _rows(detections):
    return np.stack(
        [
            detections.video,
            detections.label,
            detections.start_seconds,
            detections.end_seconds,
            detections.score,
        ],
        axis=1,
    )


if __name__ == "__main__":
    absltest.main()
