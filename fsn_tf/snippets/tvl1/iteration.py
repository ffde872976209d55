"""One iteration of TV-L1 on pairs of frames of one size.

The names of the papers: u is the flow, p its dual variables, rho the residual.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from fsn_tf.snippets.tvl1 import images

# OpenCV's createOptFlow_DualTVL1.
_TIME_STEP = 0.25  # tau
_DATA_WEIGHT = 0.15  # lambda
_TIGHTNESS = 0.3  # theta

_THRESHOLD = np.float32(_DATA_WEIGHT * _TIGHTNESS)
_DUAL_STEP = np.float32(_TIME_STEP / _TIGHTNESS)

# x and y, each (P, H, W) float32.
Vectors = tuple[tf.Tensor, tf.Tensor]


class Brightness(NamedTuple):
    """How far the second frame is brighter than the first, linear in the flow.

    Attributes:
        constant: (P, H, W), where the flow is 0.
        x, y: (P, H, W) change for a pixel of flow.
        squared: (P, H, W) squared length of (x, y).
    """

    constant: tf.Tensor
    x: tf.Tensor
    y: tf.Tensor
    squared: tf.Tensor


def brightness_about(
    flow: Vectors,
    first: tf.Tensor,
    second_and_gradient: Sequence[tf.Tensor],
    zero: tf.Tensor,
) -> Brightness:
    """Brightness whose error is small near a flow.

    Args:
        flow: x and y, each (P, H, W).
        first: (P, H, W), the first frames.
        second_and_gradient: The second frames and their x and y differences.
        zero: See images.rounded.
    """
    warped, x, y = images.warped(second_and_gradient, flow, zero)
    along_x = images.rounded(x * flow[0], zero)
    along_y = images.rounded(y * flow[1], zero)
    squared = images.rounded(x * x, zero) + images.rounded(y * y, zero)
    return Brightness(warped - along_x - along_y - first, x, y, squared)


def step(
    brightness: Brightness,
    flow: Vectors,
    duals: tuple[Vectors, Vectors],
    zero: tf.Tensor,
) -> tuple[Vectors, tuple[Vectors, Vectors], tf.Tensor]:
    """One iteration: thresholding, then the flow, then its dual variables.

    Args:
        brightness: Brightness.
        flow: x and y, each (P, H, W).
        duals: Of the flow's x and of its y, each again x and y.
        zero: See images.rounded.

    Returns:
        (flow, duals, change): the latter is (P,), summed squared pixels.
    """
    moves = _data_moves(brightness, flow, zero)
    new_flow = tuple(
        (part + move) + images.rounded(_TIGHTNESS * _divergence(dual), zero)
        for part, move, dual in zip(flow, moves, duals, strict=True)
    )
    new_duals = tuple(
        _new_dual(part, dual, zero)
        for part, dual in zip(new_flow, duals, strict=True)
    )
    squares = sum(
        tf.square(new - old) for new, old in zip(new_flow, flow, strict=True)
    )
    # Rows first: sums of columns beside each other are fast.
    change = tf.reduce_sum(tf.reduce_sum(squares, axis=1), axis=1)
    return new_flow, new_duals, change


def _data_moves(brightness, flow, zero):
    """Where the thresholding step moves the flow."""
    constant, x, y, squared = brightness
    residual = constant + (
        images.rounded(x * flow[0], zero) + images.rounded(y * flow[1], zero)
    )
    limit = _THRESHOLD * squared
    # Where a picture is flat, nothing can be said.
    flat = squared <= np.finfo(np.float32).eps
    share = tf.where(flat, 0.0, -residual / squared)
    share = tf.where(residual > limit, -_THRESHOLD, share)
    share = tf.where(residual < -limit, _THRESHOLD, share)
    return images.rounded(share * x, zero), images.rounded(share * y, zero)


def _divergence(dual):
    """(P, H, W), backward differences; (P, H, W) zeros lie before."""
    x, y = dual
    above = images.preceding(y, images.Y)
    # OpenCV adds in another order in the first column.
    first_column = np.arange(x.shape[images.X]) == 0
    inside = (x - images.preceding(x, images.X)) + (y - above)
    return tf.where(first_column, (x + y) - above, inside)


def _new_dual(part, dual, zero):
    """The dual variable of one part of the flow."""
    gradient = images.forward(part, images.X), images.forward(part, images.Y)
    wide = [tf.cast(one, tf.float64) for one in gradient]
    length = tf.cast(tf.sqrt(wide[0] * wide[0] + wide[1] * wide[1]), tf.float32)
    divisor = 1 + images.rounded(_DUAL_STEP * length, zero)
    return tuple(
        (old + images.rounded(_DUAL_STEP * slope, zero)) / divisor
        for old, slope in zip(dual, gradient, strict=True)
    )
