"""Batches of training examples, with tf.data."""

import dataclasses
import os

import numpy as np
import tensorflow as tf

from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.snippets import tf_data
from fsn_tf.training.loading import Load

# Elements made while devices compute, for each of them.
_BATCHES_AHEAD = 4


@dataclasses.dataclass(frozen=True)
class Share:
    """The part of every batch that one host feeds to its devices.

    Attributes:
        first_replica: Of this host, counted over all hosts.
        local_replicas: Devices of this host.
        replicas: Devices of all hosts.
    """

    first_replica: int = 0
    local_replicas: int = 1
    replicas: int = 1


def replica_rows(step: int, batch_size: int, share: Share) -> list[np.ndarray]:
    """Places in the schedule that this host's devices learn from in a step.

    The batch is cut into parts as equal as can be.

    Returns:
        One int64 array per local device.

    Raises:
        InputError: There are more devices than examples.
    """
    if batch_size < share.replicas:
        raise InputError(
            f"batch_size: {batch_size} examples cannot be shared by "
            f"{share.replicas} devices; choose a larger one"
        )
    places = step * batch_size + np.arange(batch_size)
    parts = np.array_split(places, share.replicas)
    return parts[share.first_replica :][: share.local_replicas]


def training_batches(
    load: Load,
    experiment: Experiment,
    *,
    first_step: int,
    share: Share | None = None,
) -> tf.data.Dataset:
    """Batches from first_step on; each is a pure function of (seed, step).

    Args:
        load: Load, see loading.clips and loading.segments.
        experiment: Experiment.
        first_step: Step to begin at.
        share: What this host feeds; everything by default.

    Returns:
        tf.data.Dataset with one element per step and local device: what
        `load` reads, each with a batch dimension, and row (B,) int64, the
        example's place in the batch of all devices.
    """
    share = share or Share()
    parts = replica_rows(0, experiment.batch_size, share)
    sizes = [len(part) for part in parts]
    # Parts of one size make shapes static. A smaller part is filled up, to be
    # cut again once it is a batch.
    filled = [
        np.pad(part, (0, max(sizes) - len(part)), "edge") for part in parts
    ]
    # (local devices x the largest part,) places in the batch, by device
    rows = np.concatenate(filled)

    def example(position):
        step, row = position // len(rows), tf.gather(rows, position % len(rows))
        places = step * experiment.batch_size + row
        return {**load.read(places), "row": row}

    def cut(number, batch):
        size = tf.gather(sizes, number % len(sizes))
        return {name: value[:size] for name, value in batch.items()}

    dataset = tf.data.Dataset.range(
        first_step * len(rows), experiment.steps * len(rows)
    )
    if load.whole_batches:
        dataset = dataset.batch(max(sizes), drop_remainder=True).map(example)
    else:
        dataset = dataset.map(example, num_parallel_calls=os.cpu_count())
        dataset = dataset.batch(max(sizes), drop_remainder=True)
    if min(sizes) < max(sizes):
        dataset = dataset.enumerate().map(cut)
    return tf_data.untuned(dataset.prefetch(_BATCHES_AHEAD * len(sizes)))
