"""What chance is worth: by hand, by all orders, and in every protocol."""

import itertools

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import segments
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import video_labels
from fsn_tf.evaluation import chance
from fsn_tf.evaluation import chance_rows
from fsn_tf.evaluation import evaluators
from fsn_tf.evaluation import metrics
from fsn_tf.evaluation import results
from fsn_tf.evaluation import settings
from fsn_tf.grouping import frame_scores

TRUTH = segments.Annotations.from_rows(
    [("a", "Jump", 1.0, 3.0), ("a", "Jump", 6.0, 8.0), ("b", "Run", 0.0, 2.0)],
    durations_seconds={"a": 10.0, "b": 5.0},
)


def given(found, truth=TRUTH):
    return evaluators.Given(found, truth, (), results.ARRAYS)


def rows(found, rules, truth=TRUTH):
    """The rows of chance."""
    what = given(found, truth)
    result = evaluators.evaluate(what, rules)
    return chance_rows.of(what, rules, result, seed=0)


class AveragePrecisionTest(absltest.TestCase):
    def test_is_the_mean_over_all_orders(self):
        for total, count in ((1, 1), (4, 1), (5, 2), (6, 6), (7, 3)):
            orders = itertools.combinations(range(1, total + 1), count)
            expected = np.mean(
                [metrics.average_precision_at(np.array(x)) for x in orders]
            )
            (found,) = chance.average_precision(np.array([count]), total)
            self.assertAlmostEqual(found, expected)

    def test_is_none_of_a_class_that_never_occurs(self):
        self.assertTrue(np.isnan(chance.average_precision(np.zeros(1), 4)[0]))


class ShiftTest(absltest.TestCase):
    def test_moves_detections_and_keeps_their_lengths(self):
        found = segments.Detections.from_rows(
            [("a", "Jump", 1.0, 3.0, 0.9), ("a", "Run", 9.0, 10.0, 0.8)]
            + [("b", "Run", 4.0, 5.0, 0.7), ("c", "Run", 1.0, 2.0, 0.5)],
            classes=TRUTH.classes,
        )
        moved = chance.shifted_detections(found, TRUTH, seed=3)
        np.testing.assert_allclose(
            moved.end_seconds - moved.start_seconds, [2, 1, 1, 1]
        )
        first, second, third, other = moved.start_seconds
        self.assertAlmostEqual((second - first) % 10, 8)
        self.assertBetween(third, 0, 5)
        # What is not annotated counts nowhere.
        self.assertEqual(other, 1)
        np.testing.assert_array_equal(moved.score, found.score)

    def test_turns_frames_around(self):
        values = np.arange(20, dtype="f4").reshape(10, 2) / 20
        scores = {"a": frame_scores.FrameScores(values, 1.0, ("x", "y"))}
        moved = chance.ShiftedScores(scores, 3)["a"].scores
        places = int((moved[0, 0] - 0) * 10)
        np.testing.assert_array_equal(moved, np.roll(values, -places, axis=0))
        labels = frame_labels.FrameLabels(("x",), {"a": np.arange(10)})
        np.testing.assert_array_equal(
            chance.shifted_labels(labels, 3).labels["a"],
            np.roll(np.arange(10), -places),
        )


class CadenceTest(absltest.TestCase):
    def test_by_hand(self):
        # 15 s: two Jumps at 3.75 and 11.25 s, a Run at 7.5 s.
        found = chance.cadence(TRUTH, {"a": 10.0, "b": 5.0})
        self.assertEqual(
            [one[:3] for one in found.rows()],
            [("a", "Jump", 3.75), ("b", "Jump", 1.25), ("a", "Run", 7.5)],
        )

    def test_has_as_many_as_instances(self):
        generator = np.random.default_rng(0)
        for _ in range(100):
            lengths = dict(
                zip("abc", generator.integers(0, 4, 3).tolist(), strict=True)
            )
            truth = segments.Annotations.from_rows(
                [("a", "Jump", 0.0, 0.0)] * int(generator.integers(1, 9)),
                videos="abc",
            )
            found = chance.cadence(truth, lengths)
            if sum(lengths.values()):
                self.assertLen(found, len(truth.instances))
            for video, _, moment, *_ in found.rows():
                self.assertBetween(moment, 0, lengths[video])


class RowsTest(parameterized.TestCase):
    def test_of_segments(self):
        found = segments.Detections.from_rows(
            [("a", "Jump", 1.0, 3.0, 0.9)], classes=TRUTH.classes
        )
        made = rows(found, settings.Detection())
        self.assertEqual(list(made), [chance_rows.SHIFTED])
        moved = chance.shifted_detections(found, TRUTH, 0)
        expected = evaluators.evaluate(given(moved), settings.Detection())
        self.assertEqual(made[chance_rows.SHIFTED], expected.figures())

    def test_of_moments(self):
        found = segments.Detections.from_rows(
            [("a", "Jump", 1.0, 3.0, 0.9)], classes=TRUTH.classes
        )
        made = rows(found, settings.Spotting(fps=1.0, tolerances=(3,)))
        # The Jump at 3.75 is 3 frames from 1.0, that in b from none; the Run
        # at 7.5 s of a is in no video that shows one.
        cadence = made[chance_rows.CADENCE]
        self.assertEqual(cadence["start +-3"], 0.25)
        self.assertIn("end +-3", made[chance_rows.SHIFTED])

    @parameterized.parameters("multilabel", "oad", "thumos14")
    def test_of_frames(self, protocol):
        generator = np.random.default_rng(1)
        scores = {
            video: frame_scores.FrameScores(
                generator.random((size, 2), "f4"), 1.0, TRUTH.classes
            )
            for video, size in (("a", 10), ("b", 5))
        }
        kind = settings.Detection if protocol == "thumos14" else settings.Frames
        made = rows(scores, kind(protocol=protocol))[chance_rows.PRIOR]
        name = "frame mAP" if protocol == "thumos14" else "mAP"
        # Frames 1 to 3 and 6 to 8 of a, and 1 and 2 of b; 15 in all.
        expected = chance.average_precision(np.array([6, 2]), 15).mean()
        self.assertAlmostEqual(made[name], expected)
        if protocol == "oad":
            # About half, as if there were as many negatives.
            self.assertBetween(made["mcAP"], 0.45, 0.75)

    def test_of_labels(self):
        truth = frame_labels.FrameLabels(
            ("x", "y"), {"a": np.array([0, 1, 1]), "b": np.array([1, 0])}
        )
        for rules in (settings.Segmentation(), settings.Phases()):
            made = rows(truth, rules, truth)
            # Two thirds and a half of the frames show y.
            self.assertAlmostEqual(
                made[chance_rows.PRIOR]["accuracy"], (2 / 3 + 1 / 2) / 2
            )
            self.assertIn(chance_rows.SHIFTED, made)

    def test_of_whole_videos(self):
        labels = {"a": ("x",), "b": ("y",), "c": ("y",)}
        truth = video_labels.VideoLabels(("x", "y"), tuple("abc"), labels)
        one = frame_scores.FrameScores(np.ones((1, 2), "f4"), 1.0, ("x", "y"))
        scores = dict.fromkeys("abc", one)
        made = rows(scores, settings.Classification(), truth)
        self.assertEqual(list(made), [chance_rows.PRIOR])
        self.assertAlmostEqual(made[chance_rows.PRIOR]["top-1"], 2 / 3)


if __name__ == "__main__":
    absltest.main()
