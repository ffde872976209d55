"""What a network sees of stored images in prediction."""

import numpy as np
import tensorflow as tf

from fsn_tf.training import augmentation


def center(images: tf.Tensor, image_size: int) -> tf.Tensor:
    """The square in the middle, as FSN sees it.

    The square's side is 7/8 of the shorter side: TSN's 224 of 340x256. It is
    resized where the network's input has another size.

    Args:
        images: (N, H, W, C) uint8; H and W are known.
        image_size: S.

    Returns:
        (N, S, S, C) uint8.
    """
    height, width = images.shape[1:3]
    side = _side(images)
    top, left = (height - side) // 2, (width - side) // 2
    return _seen(images, top, left, image_size)


def ten_crops(images: tf.Tensor, image_size: int) -> tf.Tensor:
    """Corners and middle, and the same mirrored: TSN's test of a video.

    Args:
        images: (N, H, W, C) uint8; H and W are known.
        image_size: S.

    Returns:
        (10 N, S, S, C) uint8.
    """
    height, width = images.shape[1:3]
    down, right = height - _side(images), width - _side(images)
    places = [(0, 0), (0, right), (down, 0), (down, right)]
    places.append((down // 2, right // 2))
    five = [_seen(images, top, left, image_size) for top, left in places]
    return tf.concat([*five, *map(augmentation.mirrored, five)], axis=0)


def _side(images):
    return min(images.shape[1:3]) * 7 // 8


def _seen(images, top, left, image_size):
    side = _side(images)
    square = images[:, top : top + side, left : left + side]
    if side == image_size:
        return square
    # (N, side, side, C) -> (N, side, S, C) -> (N, S, S, C)
    resized = _mixed(tf.cast(square, tf.float32), 2, image_size)
    resized = _mixed(resized, 1, image_size)
    return tf.cast(tf.round(resized), tf.uint8)


def _mixed(images, axis, size):
    """Resizes one axis bilinearly, as tf.image.resize does.

    Written out because ONNX places the pixels less exactly, which rounds
    some of them the other way.
    """
    given = images.shape[axis]
    places = np.clip((np.arange(size) + 0.5) * given / size - 0.5, 0, given - 1)
    low = places.astype(int)
    # Broadcasts along one axis of (N, H, W, C).
    shape = np.where(np.arange(4) == axis, size, 1)
    share = tf.constant((places - low).reshape(shape), tf.float32)
    first = tf.gather(images, low, axis=axis)
    second = tf.gather(images, np.minimum(low + 1, given - 1), axis=axis)
    return first + (second - first) * share
