"""TSN's random crops and mirroring of training examples (Section 3.5)."""

import itertools

import numpy as np
import tensorflow as tf

# TSN's thirteen crop positions, in quarters of the room there is: corners,
# center, middles of the edges, centers of the quarters.
_POSITIONS = (
    *itertools.product((0, 4), (0, 4)),
    (2, 2),
    *((0, 2), (4, 2), (2, 4), (2, 0)),
    *itertools.product((1, 3), (1, 3)),
)


def crops(width, height, scales):
    """Every crop that TSN's augmentation may draw.

    Height and width are shares of the shorter side, at most one step apart
    in the list of scales, at thirteen fixed positions.

    Returns:
        (C, 4) int32 rows of y, x, height, width.
    """
    sides = [int(min(width, height) * scale) for scale in scales]
    rows = [
        (
            (height - sides[tall]) * y // 4,
            (width - sides[wide]) * x // 4,
            sides[tall],
            sides[wide],
        )
        for tall, wide in itertools.product(range(len(sides)), repeat=2)
        if abs(tall - wide) <= 1
        for x, y in _POSITIONS
    ]
    return np.array(rows, np.int32)


def augmented(jpegs, table, seed, experiment):
    """One crop and one flip for all snippets of an example.

    Args:
        jpegs: (N, J) string tensor: one RGB frame, or the components of the
            flows, of each snippet.
        table: What `crops` returned.
        seed: (2,) int64 tensor; decides the crop and the flip.
        experiment: Experiment.

    Returns:
        (N, S, S, C) uint8 tensor.
    """
    draw = tf.random.stateless_uniform((2,), seed, alg="philox")
    crop = tf.gather(table, tf.cast(draw[0] * len(table), tf.int32))
    side, channels = experiment.image_size, experiment.channels
    images = decode(jpegs, crop, channels)
    resized = tf.image.resize(images, (side, side))
    images = tf.cast(tf.round(resized), tf.uint8)
    images = tf.cond(draw[1] < 0.5, lambda: mirrored(images), lambda: images)
    shape = (experiment.example_snippets, side, side, channels)
    return tf.ensure_shape(images, shape)


def mirrored(images):
    """(..., W, C) images seen in a mirror; there, flow along x changes sign.

    Zero motion is 128 of 255, so that the mirrored x is 255 - x, as in TSN.
    """
    # Many times as fast as images[..., ::-1, :], whose pixels go one by one.
    flipped = tf.reverse(images, [-2])
    channels = images.shape[-1]
    if channels == 3:
        return flipped
    along_x = tf.constant([True, False] * (channels // 2))
    return tf.where(along_x, 255 - flipped, flipped)


def decode(jpegs, crop, channels):
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
        # Faster than to stack them along the last axis.
        return tf.transpose(tf.stack(images), (1, 2, 0))

    return tf.map_fn(stacked, jpegs, fn_output_signature=shape)


def _decoded(jpeg, crop, channels):
    # The accurate transform gives the pixels that OpenCV and PIL give;
    # TensorFlow's default is off by up to 15.
    return tf.image.decode_and_crop_jpeg(
        jpeg, crop, channels=channels, dct_method="INTEGER_ACCURATE"
    )
