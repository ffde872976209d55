"""TSN's random crops and mirroring of training examples (Section 3.5)."""

from collections.abc import Sequence
import itertools

import numpy as np
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.snippets import stored_images

# TSN's thirteen crop positions, in quarters of the room there is: corners,
# center, middles of the edges, centers of the quarters.
_POSITIONS = (
    *itertools.product((0, 4), (0, 4)),
    (2, 2),
    *((0, 2), (4, 2), (2, 4), (2, 0)),
    *itertools.product((1, 3), (1, 3)),
)


def crops(width: int, height: int, scales: Sequence[float]) -> np.ndarray:
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


def augmented(
    jpegs: tf.Tensor,
    table: np.ndarray,
    seed: tf.Tensor,
    experiment: Experiment,
) -> tf.Tensor:
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
    images = stored_images.decode(jpegs, crop, channels)
    # Resizing floats is faster than resizing bytes, and gives the same.
    resized = tf.image.resize(tf.cast(images, tf.float32), (side, side))
    images = tf.cast(tf.round(resized), tf.uint8)
    images = tf.cond(draw[1] < 0.5, lambda: mirrored(images), lambda: images)
    shape = (experiment.example_snippets, side, side, channels)
    return tf.ensure_shape(images, shape)


def mirrored(images: tf.Tensor) -> tf.Tensor:
    """(..., W, C) images seen in a mirror; there, flow along x changes sign.

    Zero motion is 128 of 255, so that the mirrored x is 255 - x, as in TSN.
    """
    # Many times as fast as images[..., ::-1, :], whose pixels go one by one;
    # and rows of pixels again three times as fast as images of rows.
    width, channels = images.shape[-2:]
    rows = tf.reshape(images, (-1, width, channels))
    flipped = tf.reshape(tf.reverse(rows, [1]), tf.shape(images))
    if channels == 3:
        return flipped
    along_x = tf.constant([True, False] * (channels // 2))
    return tf.where(along_x, 255 - flipped, flipped)
