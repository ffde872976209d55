"""Calibration, boundaries and worst videos, beside loops and by hand."""

import os

from absl.testing import absltest
import numpy as np

from fsn_tf import segments
from fsn_tf.evaluation import calibration
from fsn_tf.evaluation import evaluators
from fsn_tf.evaluation import frame_columns
from fsn_tf.evaluation import lost
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking
from fsn_tf.evaluation import results
from fsn_tf.evaluation import settings
from fsn_tf.evaluation import worst_videos
from tests.kit import hard_cases
from tests.kit import random_results

_CASES = int(os.environ.get("FSN_TEST_CASES", 200)) // 4


def frames_of(*blocks):
    blocks = [(np.array(x, "f4"), np.array(y, bool)) for x, y in blocks]
    return frame_columns.Frames(
        lambda: blocks,
        sum(len(x) for x, _ in blocks),
        sum(y.sum(axis=0) for _, y in blocks),
    )


class CalibrationTest(absltest.TestCase):
    def test_by_hand(self):
        # Two frames at 0.9, one of which shows it, and one at 0.1 that does.
        found = calibration.calibration(
            frames_of(([[0.9], [0.9]], [[1], [0]]), ([[0.1]], [[1]])), ("x",)
        )
        self.assertAlmostEqual(found["ece"], (2 * 0.4 + 0.9) / 3, places=6)
        self.assertAlmostEqual(
            found["brier"], (0.01 + 0.81 + 0.81) / 3, places=6
        )
        full = [one for one in found["bins"] if one["frames"]]
        self.assertEqual([one["share"] for one in full], [1, 0.5])
        self.assertLess(full[1]["low"], 0.9)

    def test_equals_the_loop(self):
        generator = np.random.default_rng(0)
        for _ in range(_CASES):
            blocks = [
                (
                    generator.integers(0, 31, (size, 2)) / 30,
                    generator.random((size, 2)) < 0.4,
                )
                for size in generator.integers(1, 9, 3)
            ]
            frames = frames_of(*blocks)
            found = calibration.calibration(frames, ("x", "y"))
            for label, name in enumerate(("x", "y")):
                self.assertAlmostEqual(
                    found["per_class"][name]["ece"], _ece(frames, [label])
                )
            self.assertAlmostEqual(found["ece"], _ece(frames, [0, 1]))
            count = sum(one["frames"] for one in found["bins"])
            self.assertEqual(count, 2 * frames.num_frames)

    def test_of_perfect_scores_is_0(self):
        found = calibration.calibration(
            frames_of(([[1], [0]], [[1], [0]])), "x"
        )
        self.assertEqual((found["ece"], found["brier"]), (0, 0))


def _ece(frames, columns):
    bins = {}
    for values, labels in frames.passes():
        for column in columns:
            for score, shown in zip(
                values[:, column], labels[:, column], strict=True
            ):
                place = min(int(score * calibration.NUM_BINS), 14)
                bins.setdefault(place, []).append((float(score), bool(shown)))
    total = sum(map(len, bins.values()))
    return (
        sum(
            abs(sum(s for s, _ in one) - sum(x for _, x in one))
            for one in bins.values()
        )
        / total
    )


class WorstVideosTest(absltest.TestCase):
    def test_map_of_each_is_that_of_the_video_alone(self):
        generator = np.random.default_rng(1)
        for _ in range(_CASES):
            truth, found = hard_cases.segments_of(generator)
            for protocol in (protocols.THUMOS14, protocols.ACTIVITYNET):
                (ranked,) = ranking.rankings(
                    truth, found, [0.3], protocol=protocol
                )
                values = worst_videos.map_of_each(
                    ranked, ranking.instance_counts(truth), protocol
                )
                for video, value in zip(truth.videos, values, strict=True):
                    result = evaluators.evaluate(
                        evaluators.Given(
                            found, truth.of_video(video), (), results.ARRAYS
                        ),
                        settings.Detection(
                            protocol=protocol.name,
                            tious=[0.3],
                            nms=False,
                            diagnose=False,
                        ),
                    )
                    alone = result.segment_map[0.3]
                    np.testing.assert_allclose(
                        value, np.nan if alone is None else alone, atol=1e-12
                    )

    def test_names_what_to_look_at(self):
        truth = segments.Annotations.from_rows(
            [("a", "Jump", 1.0, 3.0), ("a", "Jump", 6.0, 8.0)]
            + [("b", "Jump", 0.0, 2.0), ("c", "Jump", 0.0, 2.0)]
        )
        found = segments.Detections.from_rows(
            [("a", "Jump", 1.2, 3.0, 0.9), ("c", "Jump", 0.0, 2.2, 0.8)]
            + [("b", "Jump", 7.0, 9.0, 0.7)],
            classes=truth.classes,
        )
        given = evaluators.Given(found, truth, (), results.ARRAYS)
        rules = settings.Detection(nms=False)
        parts = lost.parts(given, evaluators.evaluate(given, rules), fps=10.0)
        worst, other, best = parts["worst_videos"]
        self.assertEqual(
            [one["video"] for one in (worst, other, best)], ["b", "a", "c"]
        )
        self.assertEqual((worst["value"], other["value"]), (0, 0.5))
        self.assertEqual((other["instances"], other["found"]), (2, 1))
        self.assertEqual(
            other["missed"], [{"label": "Jump", "segment": [6.0, 8.0]}]
        )
        self.assertEqual(
            worst["false"],
            [{"label": "Jump", "segment": [7.0, 9.0], "score": 0.7}],
        )
        starts, ends = (parts["boundaries"][x] for x in ("starts", "ends"))
        # Starts 2 frames and none too late, ends none and 2.
        self.assertEqual((starts["pairs"], starts["mean"]), (2, 1))
        self.assertEqual(starts["histogram"]["2"], 1)
        self.assertEqual(ends["histogram"]["2"], 1)

    def test_every_protocol_has_worst_videos(self):
        generator = np.random.default_rng(2)
        for name in protocols.NAMES:
            result = random_results.results_of(name, generator)
            truth = random_results.truth_of(generator)
            if name in protocols.PROTOCOLS:
                continue
            given = evaluators.Given(None, truth, (), results.ARRAYS)
            parts = lost.parts(given, result, fps=1.0)
            values = [one["value"] for one in parts["worst_videos"]]
            self.assertEqual(values, sorted(values))
            has_frames = name in (protocols.OAD, protocols.MULTILABEL)
            self.assertEqual("calibration" in parts, has_frames)


if __name__ == "__main__":
    absltest.main()
