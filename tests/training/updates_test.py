"""One update, compiled by XLA and not, folded and not."""

import dataclasses
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.training import strategies
from fsn_tf.training.trainer import Trainer
from tests.kit import temporary_files

_ON_FEATURES = Experiment(
    stream="features",
    temporal_filters=4,
    temporal_residual=True,
    batch_size=3,
    dropout=0.5,
    learning_rate=0.01,
)


def _batch():
    rng = np.random.default_rng(0)
    return {
        "frames": tf.constant(rng.normal(size=(3, 7, 5)), tf.float32),
        "labels": tf.constant(rng.integers(0, 4, (3, 35)), tf.int32),
        "weights": tf.constant(rng.integers(0, 2, (3, 35)), tf.float32),
        "row": tf.range(3, dtype=tf.int64),
    }


class CompiledTest(temporary_files.TestCase, parameterized.TestCase):
    def _learned(self, experiment):
        """(loss and accuracy, weights and averages) after five steps."""
        trainer = Trainer(experiment, 3, self.folder, feature_size=5)
        batches = tf.data.Dataset.from_tensors(_batch()).repeat()
        results = trainer.run(iter(batches), 5)
        state = trainer.network.variables + list(trainer.predicting.values())
        return results, [np.array(value) for value in state]

    @parameterized.parameters(
        {},
        {"gradient_clip": 0.5, "learning_rate_steps": (2,)},
        {"optimizer": "adam", "average_decay": 0.9, "warmup_steps": 3},
    )
    def test_learns_on_features_what_it_learns_without_xla(self, **changes):
        experiment = dataclasses.replace(_ON_FEATURES, **changes)
        results, compiled = self._learned(experiment)
        with mock.patch.object(strategies, "compiles", return_value=False):
            expected, plain = self._learned(experiment)
        # The same noise drops the same features, or losses were far apart.
        np.testing.assert_allclose(results, expected, rtol=1e-5)
        for mine, theirs in zip(compiled, plain, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-6)

    @parameterized.parameters(
        ({"stream": "features"}, True),
        ({"stream": "features", "mixed_precision": True}, False),
        ({}, False),
        ({"jit_compile": True}, True),
    )
    def test_compiles_on_features_or_where_asked_to(self, changes, expected):
        experiment = Experiment(**changes)
        self.assertEqual(strategies.compiles(experiment), expected)


if __name__ == "__main__":
    absltest.main()
