"""The list for a person, by hand."""

from absl.testing import absltest
import numpy as np

from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import segment_lists
from fsn_tf.grouping import suppression


def _scored(*columns):
    table = np.array(columns, np.float32).T
    names = ("Jump", "Dive")[: len(columns) - 1]
    return frame_scores.FrameScores(
        table, 10.0, (*names, frame_scores.BACKGROUND)
    )


def _rows(found):
    return [
        (found.classes[label], round(start, 3), round(end, 3), round(score, 3))
        for label, start, end, score in zip(
            found.label,
            found.start_seconds,
            found.end_seconds,
            found.score,
            strict=True,
        )
    ]


class SegmentListTest(absltest.TestCase):
    def test_lists_each_run_above_the_threshold_once(self):
        jump = [0.5, 0.6, 0.8, 0.1, 0.7, 0.0]
        dive = [0.5, 0.4, 0.2, 0.9, 0.3, 0.0]
        scored = _scored(jump, dive, np.zeros(6))

        found = segment_lists.segment_list("v", scored, threshold=0.5)

        self.assertEqual(
            _rows(found),
            [
                ("Jump", 0.1, 0.3, 0.7),
                ("Jump", 0.4, 0.5, 0.7),
                ("Dive", 0.3, 0.4, 0.9),
            ],
        )
        self.assertEqual(found.videos, ("v",))

    def test_union_takes_the_most_confident_of_the_groups_that_overlap(self):
        jump = [0.15, 0.55, 0.95, 0.95, 0.55, 0.15]
        scored = _scored(jump, np.ones(6) - jump)

        found = segment_lists.segment_list(
            "v", scored, threshold=0.5, union=True
        )

        # Of 0.1 (whole), 0.5 (four frames) and 0.9 (two), the last scores most;
        # four frames overlap it by a half, the whole by a third, whose mean
        # of 0.55 is above the threshold.
        self.assertEqual(
            _rows(found), [("Jump", 0.0, 0.6, 0.55), ("Jump", 0.2, 0.4, 0.95)]
        )

    def test_nothing_falls_below_the_threshold_or_overlaps(self):
        rng = np.random.default_rng(0)
        table = rng.random((300, 3), np.float32)
        scored = _scored(*(table / table.sum(axis=1, keepdims=True)).T)
        for union in (False, True):
            found = segment_lists.segment_list(
                "v", scored, threshold=0.3, union=union
            )
            self.assertNotEmpty(found.score)
            self.assertGreater(found.score.min(), 0.3)
            again = suppression.non_maximum_suppression(found, 0.4)
            self.assertLen(again, len(found))

    def test_prints_videos_without_segments_too(self):
        scored = _scored([0.1, 0.9, 0.2], [0.9, 0.1, 0.8])
        found = segment_lists.segment_list("v", scored, threshold=0.5)
        (line,) = segment_lists.lines(found)[1:]
        self.assertEqual(line.split(), "0.10 s 0.20 s Jump 0.900".split())
        none = found.take(found.score > 1)
        self.assertEqual(segment_lists.lines(none), ["v:"])


if __name__ == "__main__":
    absltest.main()
