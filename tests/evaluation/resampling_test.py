"""Figures of drawn test sets are those of sets whose videos are repeated."""

import dataclasses
import os

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.annotations import video_labels
from fsn_tf.evaluation import classification
from fsn_tf.evaluation import evaluators
from fsn_tf.evaluation import frame_columns
from fsn_tf.evaluation import frame_protocols
from fsn_tf.evaluation import phases
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import resampling
from fsn_tf.evaluation import results
from fsn_tf.evaluation import segmentation
from fsn_tf.evaluation import settings
from tests.kit import hard_cases
from tests.kit import random_results

_CASES = int(os.environ.get("FSN_TEST_CASES", 200)) // 4
CLASSES, VIDEOS = hard_cases.CLASSES, hard_cases.VIDEOS


class FiguresTest(parameterized.TestCase):
    @parameterized.parameters(*protocols.NAMES)
    def test_are_the_same_where_every_video_is_drawn_once(self, name):
        generator = np.random.default_rng(0)
        for _ in range(_CASES):
            result = random_results.results_of(name, generator)
            drawn = result.resample(np.ones((1, len(VIDEOS)), int))
            known = {x: y for x, y in result.figures().items() if y is not None}
            for figure, value in known.items():
                np.testing.assert_allclose(
                    drawn[figure], [value], atol=1e-12, err_msg=figure
                )
            for figure in drawn.keys() - known:
                self.assertTrue(np.isnan(drawn[figure]).all(), figure)


class FramesTest(parameterized.TestCase):
    @parameterized.parameters((2**20, 50), (3, 50), (2**20, 0), (3, 10**9))
    def test_equal_the_loop_over_copies(self, table, lookup):
        generator = np.random.default_rng(1)
        for _ in range(_CASES):
            truth, scores = (
                random_results.truth_of(generator),
                random_results.scores_of(generator),
            )
            rules = settings.Frames(protocol=protocols.OAD)
            frames = frame_protocols.evaluate(
                scores, truth, rules
            ).scored_frames
            weights = resampling.draws(4, 3, int(generator.integers(99)))
            with (
                absltest.mock.patch.object(resampling, "_TABLE", table),
                absltest.mock.patch.object(resampling, "_LOOKUP", lookup),
                absltest.mock.patch.object(
                    frame_columns, "_VALUES_AT_ONCE", 20
                ),
            ):
                found = frame_columns.resampled(
                    frames, weights, is_calibrated=True
                )
            for row, of_video in enumerate(weights.tolist()):
                expected = np.array(_loop(frames, of_video)).T
                np.testing.assert_allclose(found[0][row], expected[0])
                np.testing.assert_allclose(found[1][row], expected[1])


def _loop(frames, weights):
    """[(AP, cAP)] of each class, by listing all copies of all frames."""
    rows = []
    for label in range(len(CLASSES)):
        listed = [
            (-float(score), weights[video], bool(is_shown))
            for video, (values, labels) in enumerate(frames.passes())
            for score, is_shown in zip(
                values[:, label], labels[:, label], strict=True
            )
        ]
        listed.sort(key=lambda one: one[0])
        total = sum(copies for _, copies, is_shown in listed if is_shown)
        whole = sum(copies for _, copies, _ in listed)
        if not total:
            rows.append((np.nan, np.nan))
            continue
        odds = (whole - total) / total
        plain, even, true, false = [], [], 0, 0
        for _, copies, is_shown in listed:
            true, false = (
                (true + copies, false) if is_shown else (true, false + copies)
            )
            if is_shown:
                plain += [true / max(true + false, 1)] * copies
                share = false / odds if odds else 0
                even += [true / (true + share) if true else 0] * copies
        rows.append((sum(plain) / total, sum(even) / total))
    return rows


class RepeatedVideosTest(absltest.TestCase):
    """Protocols that are means over videos, or sums, draw them exactly."""

    def test_segmentation_and_phases(self):
        generator = np.random.default_rng(2)
        for _ in range(_CASES):
            true, found = random_results.labels_of(generator)
            weights = resampling.draws(4, 1, int(generator.integers(99)))
            again = [_repeated(x, weights[0]) for x in (true, found)]
            for evaluate in (
                lambda x, y: segmentation.evaluate(
                    y, x, settings.Segmentation()
                ),
                lambda x, y: phases.evaluate(y, x),
            ):
                drawn = evaluate(true, found).resample(weights)
                expected = evaluate(*again).figures()
                for name, value in expected.items():
                    np.testing.assert_allclose(
                        drawn[name],
                        [np.nan if value is None else value],
                        atol=1e-12,
                        err_msg=name,
                    )

    def test_classification(self):
        generator = np.random.default_rng(3)
        for _ in range(_CASES):
            labels = {x: (str(generator.choice(CLASSES)),) for x in VIDEOS}
            scores = {
                x: dataclasses.replace(y, scores=y.scores[:1])
                for x, y in random_results.scores_of(generator).items()
            }
            weights = resampling.draws(4, 1, int(generator.integers(99)))
            names = [
                (video, f"{video} {copy}")
                for video, copies in zip(VIDEOS, weights[0], strict=True)
                for copy in range(copies)
            ]
            more = video_labels.VideoLabels(
                CLASSES,
                tuple(new for _, new in names),
                {new: labels[old] for old, new in names},
            )
            truth = video_labels.VideoLabels(CLASSES, VIDEOS, labels)
            drawn = classification.evaluate(scores, truth).resample(weights)
            expected = classification.evaluate(
                {new: scores[old] for old, new in names}, more
            ).figures()
            for name, values in drawn.items():
                np.testing.assert_allclose(values, [expected[name]])


def _repeated(labels, weights):
    repeated = {
        f"{video} {copy}": values
        for (video, values), copies in zip(
            labels.labels.items(), weights, strict=True
        )
        for copy in range(copies)
    }
    return dataclasses.replace(labels, labels=repeated)


class TestsOfDifferencesTest(absltest.TestCase):
    def test_interval_is_the_middle(self):
        values = np.append(np.arange(101.0), np.nan)
        self.assertEqual(results.interval(values), [2.5, 97.5])
        self.assertIsNone(results.interval(np.array([np.nan])))

    def test_interval_is_around_its_figure(self):
        values = np.append(np.arange(101.0), np.nan) / 100
        low, high = results.interval_around(0.48, values)
        self.assertAlmostEqual(low, 0.005)
        self.assertAlmostEqual(high, 0.955)
        # A figure is from 0 to 1.
        self.assertEqual(results.interval_around(0.9, values)[1], 1)
        self.assertIsNone(results.interval_around(None, values))

    def test_holm_by_hand(self):
        # Sorted .01 x 4, .02 x 3, .03 x 2, .04 x 1, never falling.
        found = resampling.corrected([0.03, None, 0.01, 0.04, 0.02])
        np.testing.assert_allclose(
            np.array(found, float), [0.06, np.nan, 0.04, 0.06, 0.06]
        )
        self.assertEqual(resampling.corrected([0.7, 0.6]), [1.0, 1.0])

    def test_holm_rejects_as_its_steps_do(self):
        generator = np.random.default_rng(4)
        for _ in range(200):
            ps = generator.integers(1, 40, generator.integers(1, 6)) / 200
            found = np.array(resampling.corrected(ps.tolist()))
            rejected, order = np.zeros(len(ps), bool), np.argsort(ps)
            for step, place in enumerate(order):
                if ps[place] > 0.0501 / (len(ps) - step):
                    break
                rejected[place] = True
            np.testing.assert_array_equal(found <= 0.0501, rejected)


class ReadAgainTest(absltest.TestCase):
    def test_frames_are_read_again_without_grouping_them_again(self):
        generator = np.random.default_rng(5)
        truth, scores = (
            random_results.truth_of(generator),
            random_results.scores_of(generator),
        )
        given = evaluators.Given(scores, truth, (), results.ARRAYS)
        result = evaluators.evaluate(given, settings.Detection())
        with absltest.mock.patch(
            "fsn_tf.grouping.thresholds.detections"
        ) as grouped:
            result.resample(np.ones((1, 4), int))
        grouped.assert_not_called()


if __name__ == "__main__":
    absltest.main()
