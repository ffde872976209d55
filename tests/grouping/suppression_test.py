"""NMS, checked against a greedy loop that shares no code with it."""

import tracemalloc

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import segments
from fsn_tf.grouping import suppression
from fsn_tf.segments import overlaps


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

    @parameterized.product(
        scale=(1.0, 1e-7, 1e9), lengths=("alike", "of every size", "zero")
    )
    def test_equals_a_greedy_loop_where_much_overlaps(self, scale, lengths):
        generator = np.random.default_rng(0)
        size, thresholds = 250, [0.0, 0.05, 1 / 3, 0.5, 0.75, 0.9]
        for _ in range(2):
            rows = generator.integers(0, 40, (size, 5)).astype(float)
            rows[:, :2] = rows[:, :2] > 35
            length = {
                "alike": generator.integers(5, 9, size),
                "of every size": 2.0 ** generator.integers(-9, 6, size),
                "zero": generator.integers(0, 2, size),
            }[lengths]
            rows[:, 3] = rows[:, 2] + length
            rows[:, 2:4] *= scale
            with (
                absltest.mock.patch.object(suppression, "_PAIRS_EACH", 4),
                absltest.mock.patch.object(overlaps, "PAIRS_AT_ONCE", 50),
            ):
                masks = suppression.survivors(table(rows), thresholds)
            for threshold, mask in zip(thresholds, masks, strict=True):
                expected = self._greedy(rows, threshold)
                self.assertEqual(np.flatnonzero(mask).tolist(), expected)

    def test_ends_soon_where_each_excludes_the_next(self):
        # Rounds that decide all that is certain would decide one a round.
        size = 50_000
        start = np.arange(size) * 1.0
        rows = np.zeros((size, 5))
        rows[:, 2], rows[:, 3], rows[:, 4] = start, start + 1.6, -start
        kept = suppression.non_maximum_suppression(table(rows), 0.2)
        np.testing.assert_array_equal(kept.start_seconds, start[::2])

    def test_takes_no_square_of_memory(self):
        # 40,000 that all overlap: 800 million pairs, 6.4 GB as one column.
        generator = np.random.default_rng(0)
        start = generator.uniform(0, 50, 40_000)
        rows = np.zeros((len(start), 5))
        rows[:, 2] = start
        rows[:, 3] = start + generator.uniform(60, 300, len(start))
        rows[:, 4] = generator.random(len(start))
        tracemalloc.start()
        suppression.survivors(table(rows), [0.0, 0.4])
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        self.assertLess(peak, 300e6)

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
