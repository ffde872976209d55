"""JPEGs of snippets as images, in graphs."""

import tensorflow as tf


def decode(jpegs: tf.Tensor, crop: tf.Tensor, channels: int) -> tf.Tensor:
    """A crop of the stored images of every snippet.

    Args:
        jpegs: (N, J) string tensor.
        crop: (4,) int32 y, x, height, width.
        channels: C; 3 for RGB, else J components of flow.

    Returns:
        (N, height, width, C) uint8 tensor.
    """
    shape = tf.TensorSpec((None, None, channels), tf.uint8)
    if channels == 3:
        return tf.map_fn(
            lambda of_snippet: _decoded(of_snippet[0], crop, 3),
            jpegs,
            fn_output_signature=shape,
        )

    def stacked(of_snippet):
        images = [
            _decoded(of_snippet[component], crop, 1)[..., 0]
            for component in range(channels)
        ]
        # C x (height, width) -> (height, width, C); faster than to stack
        # them along the last axis.
        return tf.transpose(tf.stack(images), (1, 2, 0))

    return tf.map_fn(stacked, jpegs, fn_output_signature=shape)


def _decoded(jpeg, crop, channels):
    # The accurate transform gives the pixels that OpenCV and PIL give;
    # TensorFlow's default is off by up to 15.
    return tf.image.decode_and_crop_jpeg(
        jpeg, crop, channels=channels, dct_method="INTEGER_ACCURATE"
    )


def decode_whole(
    jpegs: tf.Tensor, frame_size: tuple[int, int], channels: int
) -> tf.Tensor:
    """The stored images of every snippet, whole.

    Args:
        jpegs: (N, J) string tensor.
        frame_size: (width, height) of the images.
        channels: C; 3 for RGB, else J components of flow.

    Returns:
        (N, height, width, C) uint8 tensor.
    """
    width, height = frame_size
    # Cropping while decoding would change colors at the edge.
    crop = tf.constant([0, 0, height, width])
    images = decode(jpegs, crop, channels)
    return tf.ensure_shape(images, (None, height, width, channels))
