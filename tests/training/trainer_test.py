"""TSN's schedule and clipping, resumed and on several devices."""

import dataclasses
import pathlib

from absl.testing import absltest
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf.annotations import video_labels
from fsn_tf.training import loop
from fsn_tf.training import strategies
from fsn_tf.training import training_sets
from fsn_tf.training.trainer import Trainer
from tests.kit import made_up
from tests.kit import small_networks
from tests.kit import temporary_files
from tests.kit import two_devices

_EXPERIMENT = small_networks.experiment(
    network="tsn",
    segments=3,
    batch_size=5,
    steps=8,
    steps_per_call=4,
    learning_rate=0.1,
    gradient_clip=0.1,
)


def _batch():
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 255, (5, 3, 32, 32, 3)).astype(np.uint8)
    return {
        "frames": tf.constant(frames),
        "targets": tf.constant(np.eye(3)[rng.integers(0, 3, 5)], tf.float32),
        "row": tf.range(5, dtype=tf.int64),
    }


@pytest.mark.slow
class ResumeTest(temporary_files.TestCase):
    def test_a_resumed_run_goes_on_at_its_rate(self):
        experiment = dataclasses.replace(
            _EXPERIMENT, learning_rate_steps=(2, 5)
        )
        data = tf.data.Dataset.from_tensors(_batch()).repeat()
        whole = Trainer(experiment, 3, self.folder / "whole")
        whole.run(iter(data), 7)
        parts = Trainer(experiment, 3, self.folder / "parts")
        parts.run(iter(data), 4)
        parts.save()
        parts = Trainer(experiment, 3, self.folder / "parts")
        self.assertEqual(parts.resume(), 4)
        parts.run(iter(data), 3)
        for ours, theirs in zip(
            parts.network.variables, whole.network.variables, strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)


def train_for_comparison(folder, name, logical_cpus):
    """Eight clipped steps on whole videos, under a strategy."""
    folder = pathlib.Path(folder)
    strategy = strategies.make(name, logical_cpus=logical_cpus)
    labels = video_labels.read(folder / "list.txt")
    prepared = folder / "data" / "prepared"
    data = training_sets.load_videos(prepared, labels, _EXPERIMENT)
    loop.train(_EXPERIMENT, data, folder / name, strategy)


@pytest.mark.slow
class StrategyTest(temporary_files.TestCase):
    def test_two_devices_clip_as_one_does(self):
        made_up.prepared_folder(self.folder / "data")
        self.write("list.txt", "a/v0.mp4\nb/v1.mp4\na/v2.mp4\n")
        found = two_devices.learned(train_for_comparison, self.folder)
        for one, two in found.values():
            np.testing.assert_allclose(two, one, atol=2e-6)


if __name__ == "__main__":
    absltest.main()
