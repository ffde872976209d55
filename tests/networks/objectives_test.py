"""What is learned, as sums of losses that other tests check."""

from absl.testing import absltest
import numpy as np

from fsn_tf.experiment import Experiment
from fsn_tf.networks import losses
from fsn_tf.networks import objectives


class FramesTest(absltest.TestCase):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(0)
        self.stages = list(rng.normal(size=(3, 2, 5, 4)).astype("float32"))
        self.batch = {
            "labels": rng.integers(0, 4, (2, 5)).astype("int32"),
            "weights": np.float32([[1, 1, 1, 1, 0], [1, 0, 1, 1, 1]]),
        }

    def _cross_entropy(self, logits):
        return losses.frame_cross_entropy(logits, **self.batch).numpy()

    def test_is_equation_4_alone_by_default(self):
        found, _ = objectives.compared(self.stages[0], self.batch, Experiment())
        np.testing.assert_array_equal(
            found, self._cross_entropy(self.stages[0])
        )

    def test_sums_over_stages_and_counts_what_the_last_one_says(self):
        experiment = Experiment(refinement_stages=2)
        found, (right, counted) = objectives.compared(
            self.stages, self.batch, experiment
        )
        expected = sum(map(self._cross_entropy, self.stages))
        np.testing.assert_allclose(found, expected, rtol=1e-6)
        guesses = self.stages[-1].argmax(-1) == self.batch["labels"]
        self.assertEqual(right, (guesses * self.batch["weights"]).sum())
        self.assertEqual(counted, 8)

    def test_smoothing_weighs_the_change_of_every_stage(self):
        for reduction in ("sum", "mean"):
            plain, smooth = (
                objectives.compared(
                    self.stages,
                    self.batch,
                    Experiment(
                        refinement_stages=2,
                        smoothing_weight=weight,
                        loss_reduction=reduction,
                    ),
                )[0].numpy()
                for weight in (0.0, 0.15)
            )
            changes = sum(
                losses.change_of_scores(
                    logits, self.batch["weights"], reduction=reduction
                ).numpy()
                for logits in self.stages
            )
            np.testing.assert_allclose(
                smooth - plain, 0.15 * changes, rtol=1e-4
            )


if __name__ == "__main__":
    absltest.main()
