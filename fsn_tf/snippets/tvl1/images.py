"""What TV-L1 does to images: resizing, warping, medians, differences.

An image is (P, H, W) float32, one for each of P pairs of frames. All is meant
for XLA, and rounds as OpenCV 5.0 does on x86, since TV-L1 grows a difference in
the last digit into whole pixels where motion is large.
"""

from collections.abc import Sequence
import functools

import numpy as np
import tensorflow as tf

# Axes of (P, H, W).
X, Y = 2, 1
# Of cubic interpolation, as OpenCV has it.
_CUBIC = np.float32(-0.75)
# Images get that many zeros on each side before they are warped, one more
# than what is read of them there.
_MARGIN = 4
# Sorts five values: Knuth, The Art of Computer Programming, 5.3.4.
_SORTING_FIVE = (
    *((0, 1), (3, 4), (2, 4), (2, 3), (1, 4)),
    *((0, 3), (0, 2), (1, 3), (1, 2)),
)


def rounded(product: tf.Tensor, zero: tf.Tensor) -> tf.Tensor:
    """A product rounded before it is added to something.

    XLA makes one instruction of a product and a sum, which rounds once where
    OpenCV's compiler rounds twice. It cannot where bits lie between them.

    Args:
        product: float32 tensor of any shape.
        zero: () float32, 0. As an argument of the compiled function it is not
            known to be 0.
    """
    bits = tf.bitwise.bitwise_xor(
        tf.bitcast(product, tf.int32), tf.bitcast(zero, tf.int32)
    )
    return tf.bitcast(bits, tf.float32)


def smaller(
    images: tf.Tensor, shape: tuple[int, int], step: float
) -> tf.Tensor:
    """Images whose pixels are 1 / step times as large, linearly.

    Args:
        images: (P, H, W).
        shape: (height, width) of the result, rounded.
        step: Of the size, below 1.
    """
    for axis, size in zip((X, Y), reversed(shape), strict=True):
        position = (np.arange(size) + 0.5) / step - 0.5
        left = np.floor(position).clip(0, images.shape[axis] - 2)
        share = (position - left).clip(0, 1)
        images = _mixed(images, axis, left, left + 1, share)
    return images


def larger(images: tf.Tensor, shape: tuple[int, int]) -> tf.Tensor:
    """Images stretched to (height, width), linearly."""
    for axis, size in zip((X, Y), reversed(shape), strict=True):
        last = images.shape[axis] - 1
        position = (np.arange(size) + 0.5) * ((last + 1) / size) - 0.5
        position = position.clip(0, last)
        left = np.floor(position)
        right = np.minimum(left + 1, last)
        images = _mixed(images, axis, left, right, position - left)
    return images


def _mixed(images, axis, left, right, share):
    """Linear interpolation along an axis, one rounding after the product."""
    share = share.astype(np.float32)
    share = share if axis == X else share[:, None]
    first = tf.gather(images, left.astype(np.int32), axis=axis)
    second = tf.gather(images, right.astype(np.int32), axis=axis)
    return (second - first) * share + first


def centered(images: tf.Tensor, axis: int) -> tf.Tensor:
    """Half of what follows minus what precedes; a border repeats itself."""
    padded = _extended(images, axis, 1)
    size = images.shape[axis]
    return 0.5 * (_part(padded, axis, 2, size) - _part(padded, axis, 0, size))


def forward(images: tf.Tensor, axis: int) -> tf.Tensor:
    """The next pixel minus this one; 0 at the end."""
    size = images.shape[axis] - 1
    difference = _part(images, axis, 1, size) - _part(images, axis, 0, size)
    return _padded(difference, axis, 0, 1)


def preceding(images: tf.Tensor, axis: int) -> tf.Tensor:
    """The pixel before this one; 0 at the start."""
    return _padded(_part(images, axis, 0, images.shape[axis] - 1), axis, 1, 0)


def _part(images, axis, start, size):
    window = slice(start, start + size)
    return images[:, window] if axis == Y else images[:, :, window]


def _padded(images, axis, before, after):
    paddings = [[0, 0], [0, 0], [0, 0]]
    paddings[axis] = [before, after]
    return tf.pad(images, paddings)


def _extended(images, axis, count):
    """Repeats the first and the last pixel `count` times."""
    first = _part(images, axis, 0, 1)
    last = _part(images, axis, images.shape[axis] - 1, 1)
    return tf.concat([first] * count + [images] + [last] * count, axis)


def warped(
    images: Sequence[tf.Tensor], flow: Sequence[tf.Tensor], zero: tf.Tensor
) -> list[tf.Tensor]:
    """Images seen where the flow leads, by cubic interpolation.

    Args:
        images: Each (P, H, W); 0 outside.
        flow: x and y, each (P, H, W), pixels.
        zero: See rounded.
    """
    pairs, height, width = flow[0].shape
    x = tf.range(width, dtype=tf.float32) + flow[0]
    y = tf.range(height, dtype=tf.float32)[:, None] + flow[1]
    left, top = tf.floor(x), tf.floor(y)
    x_weights = _cubic_weights(x - left, zero)
    y_weights = _cubic_weights(y - top, zero)
    # Of the upper left one of the 16 pixels, in images with margins.
    left = tf.cast(tf.clip_by_value(left, -3, width + 1), tf.int32)
    top = tf.cast(tf.clip_by_value(top, -3, height + 1), tf.int32)
    columns, rows = width + 2 * _MARGIN, height + 2 * _MARGIN
    corner = (top + _MARGIN - 1) * columns + left + _MARGIN - 1
    corner += tf.range(pairs)[:, None, None] * (rows * columns)
    seen = []
    for image in images:
        padded = _padded(image, Y, _MARGIN, _MARGIN)
        flat = tf.reshape(_padded(padded, X, _MARGIN, _MARGIN), [-1])
        lines = [
            [tf.gather(flat, corner + (row * columns + k)) for k in range(4)]
            for row in range(4)
        ]
        across = [_weighted(line, x_weights, zero) for line in lines]
        seen.append(_weighted(across, y_weights, zero))
    return seen


def _cubic_weights(share, zero):
    """Of the four pixels around a place that far behind the second."""
    rest = 1 - share
    square = rounded(share * share, zero)
    rest_square = rounded(rest * rest, zero)
    first = rounded(_CUBIC * rounded(share * rest_square, zero), zero)
    second = ((_CUBIC + 2) * share - (_CUBIC + 3)) * square + 1
    last = rounded(rounded(square * rest, zero) * _CUBIC, zero)
    return first, second, 1 - first - second - last, last


def _weighted(values, weights, zero):
    """The weighted sum of four, one rounding after each but the first."""
    total = rounded(values[0] * weights[0], zero)
    for value, weight in zip(values[1:], weights[1:], strict=True):
        total = value * weight + total
    return total


def median(images: tf.Tensor) -> tf.Tensor:
    """The median of 5 x 5 pixels; a border repeats itself.

    Neighbors share the sorted columns. With sorted rows too, m[0][0] is the
    least of all 25 and m[4][4] the greatest; six near the one are too small to
    be the median, six near the other too great. Of the 13 between, it is the
    median of five: the middle three of the diagonal, the greatest of the four
    before it and the least of the four behind it.
    """
    _, height, width = images.shape
    padded = _extended(_extended(images, Y, 2), X, 2)
    columns = _sorted([_part(padded, Y, k, height) for k in range(5)])
    m = [
        _sorted([_part(column, X, k, width) for k in range(5)])
        for column in columns
    ]
    _, low, middle, high, _ = _sorted([m[k][4 - k] for k in range(5)])
    before = functools.reduce(tf.maximum, [m[k][3 - k] for k in range(4)])
    behind = functools.reduce(tf.minimum, [m[k][5 - k] for k in range(1, 5)])
    below, above = tf.minimum(before, behind), tf.maximum(before, behind)
    return tf.maximum(
        tf.maximum(low, tf.minimum(middle, above)), tf.minimum(high, below)
    )


def _sorted(five):
    five = list(five)
    for i, j in _SORTING_FIVE:
        low, high = tf.minimum(five[i], five[j]), tf.maximum(five[i], five[j])
        five[i], five[j] = low, high
    return five
