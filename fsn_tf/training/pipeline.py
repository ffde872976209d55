"""Snippet files to batches of training examples, with tf.data."""

from collections.abc import Callable
from collections.abc import Sequence
import dataclasses
import os

import numpy as np
import tensorflow as tf

from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.snippets import tf_data
from fsn_tf.snippets.prepared_folders import PreparedVideo
from fsn_tf.training import snippet_readers
from fsn_tf.training.windows import Windows

# Elements made while devices compute, for each of them.
_BATCHES_AHEAD = 4

# Added to a place in the schedule, so that what it draws twice is independent.
_BEYOND_PLACES = 1 << 40

# From a () int64 place in the schedule to the tensors of one example.
Load = Callable[[tf.Tensor], dict[str, tf.Tensor]]


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
        load: A graph function from a () int64 place in the schedule to one
            example, see `clips` and `segments`.
        experiment: Experiment.
        first_step: Step to begin at.
        share: What this host feeds; everything by default.

    Returns:
        tf.data.Dataset with one element per step and local device: what
        `load` gives, each with a batch dimension, and row (B,) int64, the
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
        return {**load(step * experiment.batch_size + row), "row": row}

    def cut(number, batch):
        size = tf.gather(sizes, number % len(sizes))
        return {name: value[:size] for name, value in batch.items()}

    dataset = tf.data.Dataset.range(
        first_step * len(rows), experiment.steps * len(rows)
    )
    dataset = dataset.map(example, num_parallel_calls=os.cpu_count())
    dataset = dataset.batch(max(sizes), drop_remainder=True)
    if min(sizes) < max(sizes):
        dataset = dataset.enumerate().map(cut)
    return tf_data.untuned(dataset.prefetch(_BATCHES_AHEAD * len(sizes)))


def clips(
    windows: Windows,
    videos: Sequence[PreparedVideo],
    order: np.ndarray,
    experiment: Experiment,
) -> Load:
    """Training windows, for FSN.

    Args:
        windows: windows.Windows.
        videos: What is prepared of each video that windows.video points at.
        order: (steps * batch_size,) schedule of windows.
        experiment: Experiment.

    Returns:
        A graph function from a place in the schedule to frames
        (N, S, S, C) uint8 or (N, D) float32, labels (T,) int32, weights (T,)
        float32.
    """
    paths = tf.constant([video.path for video in videos])
    offsets = np.array(
        [
            videos[video].offsets[snippet]
            for video, snippet in zip(
                windows.video, windows.first_snippet, strict=True
            )
        ]
    )
    read = snippet_readers.adjacent(videos, experiment)

    def load(place):
        window = tf.gather(order, place)
        path = tf.gather(paths, tf.gather(windows.video, window))
        offset = tf.gather(offsets, window)
        return {
            "frames": read(path, offset, _seed(experiment, place)),
            "labels": tf.gather(windows.labels, window),
            "weights": tf.gather(windows.weights, window),
        }

    return load


def segments(
    videos: Sequence[PreparedVideo],
    targets: np.ndarray,
    order: np.ndarray,
    experiment: Experiment,
) -> Load:
    """One random snippet from each of as many equal parts of a video.

    Args:
        videos: What is prepared of each video.
        targets: (V, K) float32 share of each class in its label.
        order: (steps * batch_size,) schedule of videos.
        experiment: Experiment; `segments` says into how many parts.

    Returns:
        A graph function from a place in the schedule to frames
        (N, S, S, C) uint8 or (N, D) float32, and targets (K,) float32.
    """
    paths = tf.constant([video.path for video in videos])
    # (V, N of that video), ragged
    starts = [np.array(video.offsets[:-1], np.int64) for video in videos]
    offsets = tf.RaggedTensor.from_row_lengths(
        np.concatenate(starts), [len(of_video) for of_video in starts]
    )
    read = snippet_readers.chosen(videos, experiment)
    count = experiment.segments

    def load(place):
        video = tf.gather(order, place)
        of_video = offsets[video]  # (N,)
        crop_seed = _seed(experiment, place)
        draws = tf.random.stateless_uniform(
            (count,), crop_seed + [0, _BEYOND_PLACES], alg="philox"
        )
        chosen = segment_positions(tf.size(of_video), count, draws)
        path = tf.gather(paths, video)
        return {
            "frames": read(path, tf.gather(of_video, chosen), crop_seed),
            "targets": tf.gather(targets, video),
        }

    return load


def segment_positions(
    num_snippets: tf.Tensor, count: int, fractions: tf.Tensor
) -> tf.Tensor:
    """Cuts a video into equal parts and takes a snippet from each.

    Args:
        num_snippets: () int tensor.
        count: Parts; more of them than snippets repeat some.
        fractions: (count,) in [0, 1), where in its part; 0.5 is the middle.

    Returns:
        (count,) int32 positions, ascending.
    """
    places = tf.range(count, dtype=tf.float32) + fractions
    # Divided last, so that a place at the start of a snippet is not rounded
    # into the one before.
    places = places * tf.cast(num_snippets, tf.float32) / count
    return tf.minimum(tf.cast(places, tf.int32), num_snippets - 1)


def _seed(experiment, place):
    return tf.stack([tf.cast(experiment.seed, tf.int64), place])
