"""The training loop: SGD as Caffe has it, exact resumption, strategies."""

import dataclasses
import json
import pathlib

from absl.testing import absltest
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf import annotations
from fsn_tf.annotations import csv_files
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.networks import objectives
from fsn_tf.training import checkpoints
from fsn_tf.training import loop
from fsn_tf.training import strategies
from fsn_tf.training import training_sets
from fsn_tf.training.trainer import Trainer
from tests.kit import made_up
from tests.kit import small_networks
from tests.kit import temporary_files
from tests.kit import two_devices

_EXPERIMENT = small_networks.experiment(
    batch_size=5,
    steps=8,
    steps_per_call=3,
    checkpoint_steps=4,
    dropout=0.5,
    learning_rate=0.001,
)


class SgdTest(temporary_files.TestCase):
    def test_two_steps_equal_momentum_and_l2_written_out(self):
        experiment = dataclasses.replace(
            _EXPERIMENT, dropout=0.0, weight_decay=0.1
        )
        trainer = Trainer(experiment, 2, self.folder)
        rng = np.random.default_rng(0)
        frames = rng.integers(0, 255, (5, 7, 32, 32, 3)).astype(np.uint8)
        batch = {
            "frames": tf.constant(frames),
            "labels": tf.constant(rng.integers(0, 3, (5, 35)), tf.int32),
            "weights": tf.constant(rng.integers(0, 2, (5, 35)), tf.float32),
            "row": tf.range(5, dtype=tf.int64),
        }
        variables = trainer.network.trainable_variables
        ours = [np.array(v) for v in variables]
        velocity = [np.zeros_like(w) for w in ours]

        for _ in range(2):
            with tf.GradientTape() as tape:
                scores = trainer.network(frames, training=True)
                loss = tf.nn.sparse_softmax_cross_entropy_with_logits(
                    batch["labels"], scores
                )
                loss = tf.reduce_sum(loss * batch["weights"]) / 5
            grads = tape.gradient(loss, [v.value for v in variables])
            for i, grad in enumerate(grads):
                decay = 0.1 if variables[i].name == "kernel" else 0.0
                # Caffe: V = 0.9 V + lr (dL/dW + decay W); W -= V
                velocity[i] = 0.9 * velocity[i] + 0.001 * (
                    grad.numpy() + decay * ours[i]
                )
                ours[i] = ours[i] - velocity[i]
            trainer.run(iter(tf.data.Dataset.from_tensors(batch)), 1)

        for variable, expected in zip(variables, ours, strict=True):
            np.testing.assert_allclose(variable, expected, atol=2e-6)

    def test_three_steps_with_clipping_and_drops_written_out(self):
        experiment = dataclasses.replace(
            _EXPERIMENT,
            network="tsn",
            segments=3,
            dropout=0.0,
            weight_decay=0.1,
            gradient_clip=0.01,
            learning_rate=0.1,
            learning_rate_steps=(1, 2),
        )
        trainer = Trainer(experiment, 2, self.folder)
        rng = np.random.default_rng(0)
        frames = rng.integers(0, 255, (5, 3, 32, 32, 3)).astype(np.uint8)
        targets = np.eye(2, dtype="f4")[[0, 1, 1, 0, 0]]
        targets[4] = 0.5
        batch = {
            "frames": tf.constant(frames),
            "targets": tf.constant(targets),
            "row": tf.range(5, dtype=tf.int64),
        }
        variables = trainer.network.trainable_variables
        ours = [np.array(v) for v in variables]
        velocity = [np.zeros_like(w) for w in ours]

        for rate in (0.1, 0.01, 0.001):
            with tf.GradientTape() as tape:
                scores = trainer.network(frames, training=True)
                logs = tf.math.log(tf.nn.softmax(scores))
                loss = -tf.reduce_sum(targets * logs) / 5
            grads = tape.gradient(loss, [v.value for v in variables])
            grads = [grad.numpy() for grad in grads]
            norm = np.sqrt(sum((grad**2).sum() for grad in grads))
            # Caffe clips first, then adds the decay.
            self.assertGreater(norm, 0.01)
            for i, grad in enumerate(grads):
                decay = 0.1 if variables[i].name == "kernel" else 0.0
                velocity[i] = 0.9 * velocity[i] + rate * (
                    grad * 0.01 / norm + decay * ours[i]
                )
                ours[i] = ours[i] - velocity[i]
            trainer.run(iter(tf.data.Dataset.from_tensors(batch)), 1)

        for variable, expected in zip(variables, ours, strict=True):
            np.testing.assert_allclose(variable, expected, atol=5e-6)


class ObjectivesTest(absltest.TestCase):
    def test_videos_by_hand(self):
        # Odds of 1:3 and 1:1; the second video has both labels.
        scores = tf.constant(np.log([[1, 3], [2, 2]]), tf.float32)
        targets = tf.constant([[1, 0], [0.5, 0.5]])
        losses, (right, videos) = objectives.compared(
            scores, {"targets": targets}, Experiment(network="tsn")
        )
        np.testing.assert_allclose(losses, np.log([4, 2]), rtol=1e-6)
        self.assertEqual((float(right), float(videos)), (1, 2))

    def test_any_class_of_a_video_is_right(self):
        scores = tf.constant([[0.0, 1, 3], [0, 3, 1], [3, 0, 1]])
        targets = tf.constant([[0.0, 0.5, 0.5]] * 3)
        _, (right, videos) = objectives.compared(
            scores, {"targets": targets}, Experiment(network="tsn")
        )
        self.assertEqual((float(right), float(videos)), (2, 3))

    def test_frames_by_hand(self):
        # Odds of 1:3 and 3:1 in the two frames that count.
        scores = tf.constant(np.log([[[1, 3], [3, 1], [1, 9]]]), tf.float32)
        batch = {
            "labels": tf.constant([[0, 0, 1]]),
            "weights": tf.constant([[1.0, 1.0, 0.0]]),
        }
        losses, (right, frames) = objectives.compared(
            scores, batch, Experiment()
        )
        expected = [np.log(4) + np.log(4 / 3)]
        np.testing.assert_allclose(losses, expected, rtol=1e-6)
        self.assertEqual((float(right), float(frames)), (1, 2))


@pytest.mark.slow
class ResumeTest(temporary_files.TestCase):
    def _data(self, experiment):
        prepared, truth = made_up.prepared_folder(self.folder / "data")
        return training_sets.load_windows(prepared, truth, experiment)

    def test_a_stopped_run_ends_bit_equal(self):
        data = self._data(_EXPERIMENT)
        whole, parts = self.folder / "whole", self.folder / "parts"
        strategy = tf.distribute.get_strategy()
        loop.train(_EXPERIMENT, data, whole, strategy)
        # Stopped at step 6, two steps after the last checkpoint on the disk.
        trainer = Trainer(_EXPERIMENT, 2, parts, strategy)
        make_batches = data.batches(_EXPERIMENT)
        iterator = trainer.batches(make_batches)
        trainer.run(iterator, 4)
        trainer.save()
        trainer.run(iterator, 2)
        loop.fit(Trainer(_EXPERIMENT, 2, parts, strategy), make_batches)
        loop.train(_EXPERIMENT, data, parts, strategy)

        kept = sorted(p.name for p in parts.glob("checkpoints/last/*.index"))
        self.assertEqual(kept, ["ckpt-4.index", "ckpt-8.index"])
        ours = two_devices.weights_of(parts)
        for name, value in two_devices.weights_of(whole).items():
            np.testing.assert_array_equal(value, ours[name])

    def test_drops_what_was_logged_after_the_checkpoint(self):
        data = self._data(_EXPERIMENT)
        workdir = self.folder / "run"
        strategy = tf.distribute.get_strategy()
        loop.train(
            dataclasses.replace(_EXPERIMENT, steps=4), data, workdir, strategy
        )
        log = workdir / "metrics.jsonl"
        with log.open("a") as file:
            file.write('{"step": 6, "loss": 1.0}\n{"step": 7, "lo')
        loop.train(_EXPERIMENT, data, workdir, strategy)
        steps = [json.loads(x)["step"] for x in log.read_text().splitlines()]
        self.assertEqual(steps, [3, 4, 7, 8])

    def test_a_damaged_pointer_does_not_lose_the_run(self):
        data = self._data(_EXPERIMENT)
        workdir = self.folder / "run"
        strategy = tf.distribute.get_strategy()
        first = dataclasses.replace(_EXPERIMENT, steps=4)
        loop.train(first, data, workdir, strategy)
        (workdir / "checkpoints" / "last" / "checkpoint").write_text("damage")
        trainer = Trainer(_EXPERIMENT, 2, workdir, strategy)
        self.assertEqual(trainer.resume(), 4)

    def test_goes_back_to_the_checkpoint_before_a_damaged_one(self):
        data = self._data(_EXPERIMENT)
        workdir = self.folder / "run"
        strategy = tf.distribute.get_strategy()
        loop.train(_EXPERIMENT, data, workdir, strategy)
        expected = two_devices.weights_of(workdir)
        path = workdir / "checkpoints/last/ckpt-8.data-00000-of-00001"
        path.write_bytes(path.read_bytes()[:1000])
        with self.assertRaisesRegex(InputError, "ckpt-8: cannot be restored"):
            checkpoints.load_network(workdir)
        loop.train(_EXPERIMENT, data, workdir, strategy)
        for name, value in two_devices.weights_of(workdir).items():
            np.testing.assert_array_equal(value, expected[name])

    def test_never_starts_over_where_all_checkpoints_are_damaged(self):
        data = self._data(_EXPERIMENT)
        workdir = self.folder / "run"
        strategy = tf.distribute.get_strategy()
        loop.train(_EXPERIMENT, data, workdir, strategy)
        for path in workdir.glob("checkpoints/last/*.data-*"):
            path.write_bytes(path.read_bytes()[:1000])
        with self.assertRaisesRegex(InputError, "cannot be restored"):
            loop.train(_EXPERIMENT, data, workdir, strategy)

    def test_refuses_another_experiment_in_the_same_workdir(self):
        data = self._data(_EXPERIMENT)
        workdir = self.folder / "run"
        strategy = tf.distribute.get_strategy()
        loop.train(
            dataclasses.replace(_EXPERIMENT, steps=1), data, workdir, strategy
        )
        other = dataclasses.replace(_EXPERIMENT, momentum=0.5)
        with self.assertRaisesRegex(InputError, "momentum 0.9, not 0.5"):
            loop.train(other, data, workdir, strategy)

    def test_stops_when_the_loss_is_not_a_number(self):
        experiment = dataclasses.replace(_EXPERIMENT, learning_rate=1e30)
        data = self._data(experiment)
        with self.assertRaisesRegex(InputError, "lower --learning_rate"):
            loop.train(
                experiment,
                data,
                self.folder / "run",
                tf.distribute.get_strategy(),
            )


def train_for_comparison(folder, name, logical_cpus):
    """Twenty steps with dropout and an uneven batch, under a strategy."""
    folder = pathlib.Path(folder)
    strategy = strategies.make(name, logical_cpus=logical_cpus)
    experiment = dataclasses.replace(_EXPERIMENT, steps=20)
    truth = annotations.read(folder / "truth.csv")
    prepared = folder / "data" / "prepared"
    data = training_sets.load_windows(prepared, truth, experiment)
    loop.train(experiment, data, folder / name, strategy)


@pytest.mark.slow
class StrategyTest(temporary_files.TestCase):
    def test_two_devices_learn_what_one_does(self):
        _, truth = made_up.prepared_folder(self.folder / "data")
        csv_files.write(self.folder / "truth.csv", truth)
        found = two_devices.learned(train_for_comparison, self.folder)
        for one, two in found.values():
            # A ReLU at zero but for rounding may be on in one, off in the
            # other.
            np.testing.assert_allclose(two, one, atol=1e-4)

    def test_learns_the_same_compiled_by_xla(self):
        prepared, truth = made_up.prepared_folder(self.folder / "data")
        losses = []
        for jit_compile in (False, True):
            experiment = dataclasses.replace(
                _EXPERIMENT, jit_compile=jit_compile
            )
            data = training_sets.load_windows(prepared, truth, experiment)
            trainer = Trainer(experiment, 2, self.folder)
            iterator = trainer.batches(data.batches(experiment))
            losses.append(trainer.run(iterator, 3))
        np.testing.assert_allclose(losses[0], losses[1], rtol=1e-4)


if __name__ == "__main__":
    absltest.main()
