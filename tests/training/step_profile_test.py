"""A profile says where a step's time goes, and changes nothing."""

import contextlib
import io
import pathlib

from absl.testing import absltest
import numpy as np

from fsn_tf.training import loop
from fsn_tf.training import step_profile
from fsn_tf.training import training_sets
from fsn_tf.training.trainer import Trainer
from tests.kit import made_up
from tests.kit import small_networks
from tests.kit import temporary_files

# Batch norms that learn, moving averages and Adam: all that has a state.
_EXPERIMENT = small_networks.experiment(
    batch_size=3,
    steps=6,
    steps_per_call=3,
    checkpoint_steps=3,
    dropout=0.5,
    batch_norm="all",
    optimizer="adam",
    average_decay=0.9,
)


class ProfileTest(temporary_files.TestCase):
    def _trained(self, name, prepared, truth, **options):
        """All variables after training, in the order of their names."""
        workdir = self.folder / name
        data = training_sets.load_windows(prepared, truth, _EXPERIMENT)
        loop.train(_EXPERIMENT, data, workdir, **options)
        trainer = Trainer(_EXPERIMENT, len(data.classes), workdir)
        self.assertEqual(trainer.resume(), 6)
        variables = [
            *trainer.predicting.values(),
            *(one.value for one in trainer.network.variables),
            *(one.value for one in trainer.optimizer.variables),
        ]
        return [variable.numpy() for variable in variables]

    def test_leaves_the_weights_as_they_would_be(self):
        prepared, truth = made_up.prepared_folder(self.folder)
        expected = self._trained("without", prepared, truth)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            got = self._trained("with", prepared, truth, profile=2)
        for mine, theirs in zip(got, expected, strict=True):
            np.testing.assert_array_equal(mine, theirs)

        parts = [line[:16].strip() for line in printed.getvalue().split("\n")]
        wanted = "input|host to device|forward|backward|update|whole step"
        self.assertEqual(parts[1:7], wanted.split("|"))
        logs = pathlib.Path(self.folder / "with" / "logs")
        self.assertNotEmpty(list(logs.glob("plugins/profile/*/*.xplane.pb")))
        self.assertEmpty(list((self.folder / "without/logs").glob("plugins")))

    def test_backward_and_update_are_what_they_add(self):
        times = {
            "input": [0.004] * 3,
            "host to device": [0.0] * 3,
            "forward": [0.010, 0.012, 0.011],
            "and backward": [0.030, 0.033, 0.031],
            "and update": [0.034, 0.036, 0.035],
            "step": [0.036] * 3,
        }
        lines = [line.split() for line in step_profile.table(times)]
        self.assertEqual(lines[3][1:], ["11.000", "10.000", "12.000"])
        self.assertEqual(lines[4][1:], ["20.000"])
        self.assertEqual(lines[5][1:], ["4.000"])


if __name__ == "__main__":
    absltest.main()
