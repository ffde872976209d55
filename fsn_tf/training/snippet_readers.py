"""Snippets of training examples as the network sees them, in graphs.

A reader is a graph function of the path of a snippet or feature file, of where
in it the snippets start, (N,) int64, and of a seed, (2,) int64.
"""

import tensorflow as tf

from fsn_tf.snippets import snippet_files
from fsn_tf.training import augmentation


def adjacent(videos, experiment):
    """A reader of clips; where a video is over, its last snippet repeats.

    Args:
        videos: snippet_files.SnippetFile or feature_files.FeatureFile, all
            alike.
        experiment: Experiment.

    Returns:
        (path, () offset of the first, seed) -> (N, S, S, C) uint8 images, or
        (N, D) float32 features.
    """
    count = experiment.clip_snippets
    if experiment.stream == "features":
        size = videos[0].feature_size

        def rows(path, offset, _):
            return _filled(_rows_from(path, offset, count, size), count)

        return rows
    table = _crops(videos, experiment)

    def images(path, offset, seed):
        jpegs = _filled(snippet_files.read_jpegs(path, offset, count), count)
        return augmentation.augmented(jpegs, table, seed, experiment)

    return images


def chosen(videos, experiment):
    """A reader of snippets anywhere in a video; else as `adjacent`.

    Returns:
        (path, (N,) offsets, seed) -> images or features.
    """
    if experiment.stream == "features":
        size = videos[0].feature_size
        return lambda path, offsets, _: _rows_at(path, offsets, size)
    table = _crops(videos, experiment)

    def images(path, offsets, seed):
        jpegs = snippet_files.read_chosen_jpegs(path, offsets)
        return augmentation.augmented(jpegs, table, seed, experiment)

    return images


def _filled(snippets, count):
    # What is repeated weighs nothing in the loss.
    last = tf.shape(snippets)[0] - 1
    filled = tf.gather(snippets, tf.minimum(tf.range(count), last))
    return tf.ensure_shape(filled, (count, *snippets.shape[1:]))


def _rows_from(path, offset, count, size):
    """`count` rows of a feature file by one direct read."""
    variant = tf.raw_ops.FixedLengthRecordDatasetV2(
        filenames=[path],
        header_bytes=offset,
        record_bytes=size * tf.float32.size,
        footer_bytes=0,
        buffer_size=1 << 18,
        compression_type="",
    )
    rows = tf.data.experimental.from_variant(
        variant, tf.TensorSpec((), tf.string)
    )
    read = rows.take(count).batch(count).get_single_element()
    return tf.reshape(tf.io.decode_raw(read, tf.float32), (-1, size))


def _rows_at(path, offsets, size):
    """Rows of a feature file that are not adjacent."""
    values = tf.io.decode_raw(tf.io.read_file(path), tf.float32)
    first = offsets // tf.float32.size
    return tf.gather(values, first[:, None] + tf.range(size, dtype=tf.int64))


def _crops(videos, experiment):
    return augmentation.crops(
        videos[0].width, videos[0].height, experiment.crop_scales
    )
