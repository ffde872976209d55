"""Snippets of training examples as the network sees them, in graphs.

A reader is a graph function of the path of a snippet or feature file, of where
in it the snippets start, (N,) int64, and of a seed, (2,) int64.
"""

from collections.abc import Callable
from collections.abc import Sequence

import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.snippets.prepared_folders import PreparedVideo
from fsn_tf.training import augmentation

Reader = Callable[[tf.Tensor, tf.Tensor, tf.Tensor], tf.Tensor]


def adjacent(videos: Sequence[PreparedVideo], experiment: Experiment) -> Reader:
    """A reader of clips; where a video is over, its last snippet repeats.

    Args:
        videos: What is prepared of each, all alike.
        experiment: Experiment.

    Returns:
        (path, () offset of the first, seed) -> (N, S, S, C) uint8 images, or
        (N, D) float32 features.
    """
    kind, count = videos[0], experiment.clip_snippets

    def read(path, offset, seed):
        stored = _filled(kind.read_adjacent(path, offset, count), count)
        return kind.seen(stored, _augment(seed, experiment))

    return read


def chosen(videos: Sequence[PreparedVideo], experiment: Experiment) -> Reader:
    """A reader of snippets anywhere in a video.

    Args:
        videos: What is prepared of each, all alike.
        experiment: Experiment.

    Returns:
        (path, (N,) offsets, seed) -> (N, S, S, C) uint8 images, or (N, D)
        float32 features.
    """
    kind = videos[0]

    def read(path, offsets, seed):
        stored = kind.read_chosen(path, offsets)
        return kind.seen(stored, _augment(seed, experiment))

    return read


def _filled(snippets, count):
    # What is repeated weighs nothing in the loss.
    last = tf.shape(snippets)[0] - 1
    filled = tf.gather(snippets, tf.minimum(tf.range(count), last))
    return tf.ensure_shape(filled, (count, *snippets.shape[1:]))


def _augment(seed, experiment):
    def augment(jpegs, frame_size):
        width, height = frame_size
        table = augmentation.crops(width, height, experiment.crop_scales)
        return augmentation.augmented(jpegs, table, seed, experiment)

    return augment
