"""TFRecords of snippets: one example per snippet, a list of JPEGs."""

from collections.abc import Iterable
import pathlib

import tensorflow as tf

# A TFRecord frames its bytes by an 8-byte length, and by two 4-byte checksums.
_FRAMING_BYTES = 16


def write(path: pathlib.Path, jpegs: Iterable[list[bytes]]) -> list[int]:
    """Writes one record after another.

    Args:
        path: Of the file.
        jpegs: The JPEGs of each of N snippets.

    Returns:
        (N + 1,) where each record starts, and where the last ends.

    Raises:
        tf.errors.OpError: The file cannot be written.
    """
    offsets = [0]
    with tf.io.TFRecordWriter(str(path)) as writer:
        for images in jpegs:
            record = _example(images).SerializeToString()
            writer.write(record)
            offsets.append(offsets[-1] + len(record) + _FRAMING_BYTES)
    return offsets


def _example(images):
    value = tf.train.Feature(bytes_list=tf.train.BytesList(value=images))
    features = tf.train.Features(feature={"jpeg": value})
    return tf.train.Example(features=features)


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
