"""Equation 4 against a sum written out in NumPy."""

from absl.testing import absltest
import numpy as np

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


if __name__ == "__main__":
    absltest.main()
