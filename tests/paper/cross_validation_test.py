"""Frame scores in folds: what is tested was not trained on."""

from absl.testing import absltest
import numpy as np
import pytest

from fsn_tf import workdirs
from fsn_tf.errors import InputError
from fsn_tf.grouping import frame_scores
from fsn_tf.paper import cross_validation
from tests.kit import small_networks
from tests.kit import temporary_files


@pytest.mark.slow
class CrossValidationTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(0)
        length = np.array([30, 40, 35, 25])
        self.label = np.repeat(rng.integers(0, 3, 26), 5)
        given = 0.1 * rng.normal(size=(130, 3)) + np.eye(3)[self.label]
        # What is highest is the class before the right one.
        self.arrays = {
            "scores": np.roll(given, -1, axis=1).astype(np.float32),
            "label": self.label,
            "length": length,
            "fold": np.array([0, 1, 0, 1]),
        }
        self.source = self.folder / "scores.npz"
        np.savez(self.source, **self.arrays)

    def _results(self):
        folds, labels = cross_validation.folds_of_scores(
            self.source, self.folder / "prepared"
        )
        return cross_validation.evaluate(
            small_networks.on_frame_scores(),
            folds,
            labels,
            self.folder / "work",
            seed=2,
            background="0",
        )

    def test_learns_from_the_other_folds_what_the_scores_mean(self):
        result = self._results()
        self.assertEqual(result.mean.accuracy, 1)
        self.assertEqual(result.mean.f1[0.5], 1)
        as_given = cross_validation.as_given(self.source, background="0")
        self.assertEqual(as_given.mean.accuracy, 0)

    def test_scores_each_video_by_the_network_that_never_saw_it(self):
        self._results()
        out = self.folder / "work" / "seed-2"
        tested = {
            fold: sorted(
                path.stem for path in (out / f"scores-{fold}").glob("*.npz")
            )
            for fold in (0, 1)
        }
        self.assertEqual(tested, {0: ["1", "3"], 1: ["2", "4"]})
        for fold in (0, 1):
            experiment, facts = workdirs.read_experiment(out / f"fold-{fold}")
            self.assertEqual(experiment.seed, 2)
            self.assertEqual(facts["training_videos"], 2)
            self.assertEqual(facts["classes"], ["1", "2"])
        found = frame_scores.read(out / "scores-0" / "3.npz")
        self.assertEqual(found.classes, ("1", "2", "Background"))

    def test_refuses_what_has_no_folds(self):
        for fold in ([0, 0, 0, 0], [0, 1]):
            np.savez(self.source, **{**self.arrays, "fold": np.array(fold)})
            with self.assertRaisesRegex(InputError, "expected 2 or more"):
                self._results()


if __name__ == "__main__":
    absltest.main()
