"""Equation 4 against a sum written out in NumPy."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow as tf

from fsn_tf.networks import losses


def _equation_4(scores, labels, weights):
    """The inner two sums, one frame and class at a time."""
    clips = []
    for clip, clip_labels, clip_weights in zip(
        scores, labels, weights, strict=True
    ):
        total = 0.0
        for frame, label, weight in zip(
            clip, clip_labels, clip_weights, strict=True
        ):
            total -= weight * np.log(np.exp(frame[label]) / np.exp(frame).sum())
        clips.append(total)
    return np.array(clips)


class FrameCrossEntropyTest(absltest.TestCase):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(0)
        self.scores = rng.normal(size=(3, 7, 4)).astype("float32")
        self.labels = rng.integers(0, 4, (3, 7))
        self.weights = rng.integers(0, 2, (3, 7)).astype("float32")

    def test_sums_over_the_frames_of_each_clip(self):
        got = losses.frame_cross_entropy(self.scores, self.labels, self.weights)
        expected = _equation_4(self.scores, self.labels, self.weights)
        np.testing.assert_allclose(got, expected, rtol=1e-5)

    def test_mean_divides_by_the_length_of_the_clip(self):
        arguments = (self.scores, self.labels, self.weights)
        mean = losses.frame_cross_entropy(*arguments, reduction="mean")
        np.testing.assert_allclose(
            7 * mean, losses.frame_cross_entropy(*arguments), rtol=1e-5
        )

    def test_certain_and_right_costs_nothing(self):
        scores = np.where(np.arange(3) == 1, 50.0, 0.0) * np.ones((1, 5, 1))
        got = losses.frame_cross_entropy(
            scores, np.ones((1, 5), int), np.ones((1, 5))
        )
        np.testing.assert_allclose(got, [0.0], atol=1e-6)


def _log_probabilities(scores):
    exponents = np.exp(scores)
    return np.log(exponents / exponents.sum(-1, keepdims=True))


def _changes(scores, weights):
    """(B, T - 1), one pair of frames at a time."""
    logs = _log_probabilities(scores)
    return np.array(
        [
            [
                weight * np.mean(np.minimum((after - before) ** 2, 16))
                for before, after, weight in zip(
                    clip[:-1], clip[1:], of_clip[1:], strict=True
                )
            ]
            for clip, of_clip in zip(logs, weights, strict=True)
        ]
    )


class ChangeOfScoresTest(parameterized.TestCase):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(0)
        self.scores = (3 * rng.normal(size=(2, 6, 4))).astype("float32")
        changes = np.abs(np.diff(_log_probabilities(self.scores), axis=1))
        # Some changes are truncated, and some are not.
        assert changes.min() < 4 < changes.max()
        self.weights = rng.integers(0, 2, (2, 6)).astype("float32")

    @parameterized.parameters(("sum", np.sum), ("mean", np.mean))
    def test_is_the_truncated_square_of_what_changes(self, reduction, reduced):
        got = losses.change_of_scores(
            self.scores, self.weights, reduction=reduction
        )
        changes = _changes(self.scores, self.weights)
        np.testing.assert_allclose(got, reduced(changes, axis=1), rtol=1e-5)

    def test_a_worked_example(self):
        # From even odds to e : 1; log-probabilities -log 2 twice, then
        # -log(1 + 1/e) and one less.
        scores = np.array([[[0, 0], [1, 0]]], np.float32)
        high = np.log(2) - np.log(1 + np.exp(-1))
        expected = (high**2 + (high - 1) ** 2) / 2
        got = losses.change_of_scores(scores, np.ones((1, 2)))
        np.testing.assert_allclose(got, [expected], rtol=1e-5)

    def test_the_frame_before_learns_nothing_from_it(self):
        scores = tf.Variable([[[0.0, 0.0], [1.0, 0.0]]])
        with tf.GradientTape() as tape:
            loss = losses.change_of_scores(scores, np.ones((1, 2)))
        gradient = tape.gradient(loss, scores).numpy()
        np.testing.assert_array_equal(gradient[0, 0], [0, 0])
        self.assertGreater(gradient[0, 1, 0], 0)


if __name__ == "__main__":
    absltest.main()
