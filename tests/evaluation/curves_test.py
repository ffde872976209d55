"""Curves of precision against recall."""

from absl.testing import absltest
import numpy as np

from fsn_tf.evaluation import curves
from fsn_tf.evaluation import precision
from fsn_tf.evaluation import ranking


def _ranking(label, right, video=None):
    label, right = np.array(label), np.array(right, bool)
    rows = np.arange(len(label))
    video = np.zeros(len(label), int) if video is None else np.array(video)
    score = np.linspace(1, 0, len(label))
    return ranking.Ranking(rows, label, video, score, np.where(right, 0, -1))


class CurvesTest(absltest.TestCase):
    def test_rises_with_every_hit(self):
        ranked = _ranking([0, 0, 0, 0, 2], [1, 0, 1, 0, 0])
        recall, precise = curves.precision_recall(ranked, 0, 4)
        np.testing.assert_allclose(recall, [1 / 4, 2 / 4])
        np.testing.assert_allclose(precise, [1, 2 / 3])
        for label in (1, 2):
            self.assertEmpty(curves.precision_recall(ranked, label, 4)[0])

    def test_mean_is_that_of_the_best_precision_from_there_on(self):
        # The first class: 1/2 at a half, 2/3 at the whole; the second: none.
        ranked = _ranking([0, 0, 0, 1], [0, 1, 1, 0])
        found = curves.mean_precision(
            ranked, np.array([2, 3, 0]), np.array([0, 0.5, 0.6, 1])
        )
        np.testing.assert_allclose(found, np.full(4, 2 / 3 / 2))

    def test_area_is_that_of_the_envelope(self):
        draw = np.random.default_rng(0)
        right = draw.random(400) < 0.4
        ranked, total = _ranking(np.zeros(400, int), right), 200
        recalls = (np.arange(total) + 1) / total
        found = curves.mean_precision(ranked, np.array([total]), recalls)
        hits = np.flatnonzero(right)
        expected = precision.envelope(
            np.arange(1, len(hits) + 1) / (hits + 1), total
        )
        self.assertAlmostEqual(found.mean(), expected)

    def test_is_drawn_from_recall_0_to_its_end(self):
        x = np.linspace(0.001, 1, 1000)
        few, same = curves.drawn(x, x[::-1], 10)
        self.assertLen(few, 10)
        self.assertEqual((few[0], few[-1]), (0, 1))
        self.assertEqual((same[0], same[-1]), (1, 0.001))
        one = curves.drawn(np.array([0.5]), np.array([0.25]), 10)
        self.assertEqual([x.tolist() for x in one], [[0, 0.5], [0.25, 0.25]])
        self.assertEmpty(curves.drawn(x[:0], x[:0], 10)[0])


if __name__ == "__main__":
    absltest.main()
