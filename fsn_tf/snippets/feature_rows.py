"""Rows of arrays of features, (N, D) float32, in graphs."""

import tensorflow as tf


def read_rows(
    path: tf.Tensor, offset: tf.Tensor, count: int, size: int
) -> tf.Tensor:
    """Reads `count` adjacent rows by one direct read.

    Args:
        path: () string tensor, a feature file.
        offset: () int64 tensor, where the first of the rows starts.
        count: Rows to read; fewer come where the file ends.
        size: D.

    Returns:
        (N, D) float32 tensor.
    """
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


def read_chosen_rows(
    path: tf.Tensor, offsets: tf.Tensor, size: int
) -> tf.Tensor:
    """Reads rows that are not adjacent.

    Args:
        path: () string tensor, a feature file.
        offsets: (N,) int64 tensor, where each of the rows starts.
        size: D.

    Returns:
        (N, D) float32 tensor.
    """
    values = tf.io.decode_raw(tf.io.read_file(path), tf.float32)
    first = offsets // tf.float32.size
    # (N, 1) + (D,) -> (N, D) places in the file
    return tf.gather(values, first[:, None] + tf.range(size, dtype=tf.int64))
