"""What is read for a place in the schedule of training, in graphs."""

from collections.abc import Callable
from collections.abc import Sequence
import dataclasses

import numpy as np
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.snippets.prepared_folders import PreparedVideo
from fsn_tf.training import held_features
from fsn_tf.training import snippet_readers
from fsn_tf.training.held_features import HeldFeatures
from fsn_tf.training.windows import Windows

# Added to a place in the schedule, so that what it draws twice is independent.
_BEYOND_PLACES = 1 << 40


@dataclasses.dataclass(frozen=True)
class Load:
    """How to get what is learned from at a place in the schedule.

    Attributes:
        read: A graph function from a () int64 place to the tensors of one
            example; or from (B,) places to those of a batch.
        whole_batches: Whether it is of batches.
    """

    read: Callable[[tf.Tensor], dict[str, tf.Tensor]]
    whole_batches: bool = False


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
        Load of frames (N, S, S, C) uint8 or (N, D) float32, labels (T,) int32
        and weights (T,) float32; of whole batches where features are held in
        memory.
    """
    held = held_features.of(videos)
    if held is not None:
        read = _held_windows(held, windows, experiment)
    else:
        read = _stored_windows(windows, videos, experiment)
    order, labels, weights = map(
        _on_host, (order, windows.labels, windows.weights)
    )

    def load(place):
        window = tf.gather(order, place)
        return {
            "frames": read(window, place),
            "labels": tf.gather(labels, window),
            "weights": tf.gather(weights, window),
        }

    return Load(load, whole_batches=held is not None)


def _on_host(values):
    """A tensor that graphs take as it is, without a copy in each of them."""
    with tf.device("CPU"):
        return tf.constant(values)


def _held_windows(held: HeldFeatures, windows, experiment):
    """(B,) windows -> (B, N, D); where a video is over, its end repeats."""
    first = _on_host(held.first[windows.video] + windows.first_snippet)
    last = _on_host(held.last[windows.video])
    snippets = tf.range(experiment.clip_snippets, dtype=tf.int64)

    def read(window, _):
        # (B, 1) + (N,) -> (B, N)
        rows = tf.gather(first, window)[:, None] + snippets
        rows = tf.minimum(rows, tf.gather(last, window)[:, None])
        return tf.gather(held.rows, rows)

    return read


def _stored_windows(windows, videos, experiment):
    """() window and its place -> frames, from a file."""
    paths = _on_host([video.path for video in videos])
    offsets = _on_host(_starts(windows, videos))
    of_window = _on_host(windows.video)
    adjacent = snippet_readers.adjacent(videos, experiment)

    def read(window, place):
        path = tf.gather(paths, tf.gather(of_window, window))
        seed = _seed(experiment, place)
        return adjacent(path, tf.gather(offsets, window), seed)

    return read


def _starts(windows, videos):
    """(W,) int64, where each window starts in its file."""
    starts = np.zeros(len(windows), np.int64)
    # The windows of a video lie side by side.
    ends = np.searchsorted(windows.video, np.arange(len(videos) + 1))
    for video, part in zip(videos, map(slice, ends, ends[1:]), strict=True):
        starts[part] = np.asarray(video.offsets)[windows.first_snippet[part]]
    return starts


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
        Load of frames (N, S, S, C) uint8 or (N, D) float32, and targets (K,)
        float32.
    """
    held = held_features.of(videos)
    if held is not None:
        read = _held_snippets(held)
    else:
        read = _stored_snippets(videos, experiment)
    count = experiment.segments
    num_snippets = _on_host([video.num_snippets for video in videos])
    order, targets = _on_host(order), _on_host(targets)

    def load(place):
        video, seed = tf.gather(order, place), _seed(experiment, place)
        draws = tf.random.stateless_uniform(
            (count,), seed + [0, _BEYOND_PLACES], alg="philox"
        )
        total = tf.gather(num_snippets, video)
        chosen = segment_positions(total, count, draws)
        return {
            "frames": read(video, chosen, seed),
            "targets": tf.gather(targets, video),
        }

    return Load(load)


def _held_snippets(held: HeldFeatures):
    """() video and (N,) positions -> (N, D)."""
    first = _on_host(held.first)

    def read(video, positions, _):
        rows = tf.gather(first, video) + tf.cast(positions, tf.int64)
        return tf.gather(held.rows, rows)

    return read


def _stored_snippets(videos, experiment):
    """() video, (N,) positions and the seed -> frames, from a file."""
    paths = _on_host([video.path for video in videos])
    # (V, N of that video), ragged
    starts = [np.array(video.offsets[:-1], np.int64) for video in videos]
    offsets = tf.RaggedTensor.from_row_lengths(
        np.concatenate(starts), [len(of_video) for of_video in starts]
    )
    chosen = snippet_readers.chosen(videos, experiment)

    def read(video, positions, seed):
        places = tf.gather(offsets[video], positions)
        return chosen(tf.gather(paths, video), places, seed)

    return read


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
