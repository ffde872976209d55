"""Reads TFRecords of snippets: an example each, which lists its JPEGs."""

import tensorflow as tf


def read_jpegs(path: tf.Tensor, offset: tf.Tensor, count: int) -> tf.Tensor:
    """Reads `count` adjacent snippets by one direct read, as TensorFlow ops.

    Args:
        path: () string tensor, a TFRecord file.
        offset: () int64 tensor, where the first of the snippets starts.
        count: Snippets to read; fewer come where the file ends.

    Returns:
        (N, J) string tensor: J JPEGs of each snippet.
    """
    variant = tf.raw_ops.TFRecordDatasetV2(
        filenames=[path],
        compression_type="",
        buffer_size=1 << 18,
        byte_offsets=[offset],
    )
    examples = tf.data.experimental.from_variant(
        variant, tf.TensorSpec((), tf.string)
    )
    examples = examples.take(count).batch(count)
    feature = {"jpeg": tf.io.RaggedFeature(tf.string)}
    parsed = tf.io.parse_example(examples.get_single_element(), feature)
    return parsed["jpeg"].to_tensor()


def read_chosen_jpegs(path: tf.Tensor, offsets: tf.Tensor) -> tf.Tensor:
    """Reads snippets that are not adjacent, each by one direct read.

    Args:
        path: () string tensor, a TFRecord file.
        offsets: (N,) int64 tensor, where each of the snippets starts.

    Returns:
        (N, J) string tensor: J JPEGs of each snippet.
    """
    return tf.map_fn(
        lambda offset: read_jpegs(path, offset, 1)[0],
        offsets,
        fn_output_signature=tf.TensorSpec((None,), tf.string),
    )


def read_through(path: str) -> None:
    """Reads and decodes every JPEG.

    Raises:
        tf.errors.OpError, ValueError: The file is damaged.
    """
    for record in tf.data.TFRecordDataset(path):
        example = tf.train.Example.FromString(record.numpy())
        for jpeg in example.features.feature["jpeg"].bytes_list.value:
            tf.io.decode_jpeg(jpeg)
