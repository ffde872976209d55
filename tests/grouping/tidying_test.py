"""Tidied runs, against rules that look at every frame."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import segment_lists
from fsn_tf.grouping import thresholds
from fsn_tf.grouping import tidying


def _tidied(rows, fps=10.0, **seconds):
    """Texts of #, an action, and dots after tidying."""
    mask = np.array([[x == "#" for x in row] for row in rows])
    runs = tidying.Tidying(**seconds).runs(*segments.runs(mask), fps)
    kept = np.zeros_like(mask)
    for row, first, stop in zip(*runs, strict=True):
        kept[row, first:stop] = True
    return ["".join(np.where(row, "#", ".")) for row in kept]


class TidyingTest(parameterized.TestCase):
    def test_bridges_gaps_and_leaves_the_ends_as_they_are(self):
        rows = ["..##..##...#..", "#.#.........##", ".............."]
        self.assertEqual(
            _tidied(rows, max_gap_seconds=0.2),
            ["..######...#..", "###.........##", ".............."],
        )

    def test_counts_what_is_seen_at_the_ends_and_in_between_alike(self):
        rows = ["##..#..###..##", "###.........#"]
        self.assertEqual(
            [_tidied([row], min_duration_seconds=0.2)[0] for row in rows],
            ["##.....###..##", "###.........."],
        )

    def test_bridges_before_it_leaves_out(self):
        rows = ["#.#.#...#....."]
        both = dict(max_gap_seconds=0.1, min_duration_seconds=0.5)
        self.assertEqual(_tidied(rows, **both), ["#####........."])

    @parameterized.parameters(23.976, 25.0, 29.97, 30.0, 59.94)
    def test_durations_of_whole_frames_are_met_exactly(self, fps):
        for frames in range(1, 200):
            mask = np.array([[False] + [True] * frames + [False]])
            runs = segments.runs(mask)
            enough = tidying.Tidying(min_duration_seconds=frames / fps)
            self.assertLen(enough.runs(*runs, fps)[0], 1)
            more = tidying.Tidying(min_duration_seconds=(frames + 0.5) / fps)
            self.assertEmpty(more.runs(*runs, fps)[0])
            gap = segments.runs(~mask)
            closed = tidying.Tidying(max_gap_seconds=frames / fps)
            self.assertLen(closed.runs(*gap, fps)[0], 1)
            left = tidying.Tidying(max_gap_seconds=(frames - 0.5) / fps)
            self.assertLen(left.runs(*gap, fps)[0], 2)

    def test_equals_rules_that_look_at_every_frame(self):
        rng = np.random.default_rng(0)
        for _ in range(200):
            mask = rng.random((3, 30)) < 0.5
            gap, least = rng.integers(0, 5, 2).tolist()
            rule = tidying.Tidying(least / 10, gap / 10)
            found = list(
                zip(*rule.runs(*segments.runs(mask), 10.0), strict=True)
            )
            expected = [
                (row, *run)
                for row in range(3)
                for run in _runs_by_frame(mask[row].tolist(), gap, least)
            ]
            self.assertEqual(found, expected)

    @parameterized.parameters(-1.0, float("nan"), float("inf"))
    def test_refuses_what_is_no_duration(self, value):
        with self.assertRaisesRegex(errors.InputError, "max_gap_seconds"):
            tidying.Tidying(max_gap_seconds=value)


def _runs_by_frame(mask, gap, least):
    filled = list(mask)
    for frame in range(len(mask)):
        before = [x for x in range(frame) if mask[x]]
        after = [x for x in range(frame, len(mask)) if mask[x]]
        if before and after and after[0] - before[-1] - 1 <= gap:
            filled[frame] = True
    starts = [
        x for x, on in enumerate(filled) if on and not (x and filled[x - 1])
    ]
    for start in starts:
        stop = start
        while stop < len(filled) and filled[stop]:
            stop += 1
        if stop - start >= least:
            yield start, stop


class ListsTest(absltest.TestCase):
    def test_each_class_has_its_threshold(self):
        scores = np.array([[0.4, 0.4], [0.6, 0.6], [0.8, 0.8]], np.float32)
        label, first, stop = thresholds.group(
            scores, [[0.5, 0.7], 0.75 * np.ones(2)]
        )
        self.assertEqual(
            list(zip(label, first, stop, strict=True)),
            [(0, 1, 3), (0, 2, 3), (1, 2, 3)],
        )

    def test_a_bridged_gap_counts_for_the_score_and_drops_nothing(self):
        jump = [0.6, 0.0, 0.0, 0.6, 0.0, 0.0, 0.0, 0.9]
        table = np.array([jump], np.float32).T
        found = segment_lists.segment_list(
            "v",
            frame_scores.FrameScores(table, 10.0, ("Jump",)),
            threshold=[0.5],
            tidied=tidying.Tidying(0.2, 0.2),
        )
        # Frames 0 to 4, of which two score 0.6; the last is too short.
        ((_, _, start, end, score),) = found.rows()
        self.assertEqual((start, end, round(score, 6)), (0.0, 0.4, 0.3))


if __name__ == "__main__":
    absltest.main()
