"""TV-L1 optical flow of many pairs of frames at once, on CPUs and GPUs.

Zach, Pock and Bischof, "A Duality Based Approach for Realtime TV-L1 Optical
Flow" (2007), as Sanchez, Meinhardt-Llopis and Facciolo, "TV-L1 Optical Flow
Estimation" (IPOL 2013) spell it out, with the median filter, the parameters and
the stopping rule of OpenCV.
"""

import contextlib
import functools
import multiprocessing

import numpy as np
import tensorflow as tf

from fsn_tf.snippets.tvl1 import images
from fsn_tf.snippets.tvl1 import iteration
from fsn_tf.videos.flow import Method

# OpenCV's createOptFlow_DualTVL1.
_SCALES = 5
_SCALE_STEP = 0.8
_SMALLEST_SIDE = 16
_WARPS = 5
_STOPPING_PIXELS = 0.01  # epsilon
_INNER_ITERATIONS = 30
_OUTER_ITERATIONS = 10

_PAIRS_ON_GPU = 32

_GROWTH = np.float32(1 / _SCALE_STEP)


def method() -> Method:
    """This method, with as many pairs at once as suit the device."""
    if multiprocessing.parent_process() is not None:
        # A worker among others. What has started already keeps its threads.
        with contextlib.suppress(RuntimeError):
            tf.config.threading.set_intra_op_parallelism_threads(1)
            tf.config.threading.set_inter_op_parallelism_threads(1)
    # On a CPU a pair alone is fastest: it stays in the caches.
    pairs = _PAIRS_ON_GPU if tf.config.list_physical_devices("GPU") else 1
    return Method(functools.partial(_filled, pairs), pairs)


def _filled(pairs, first, second):
    """Flow of up to `pairs` pairs, compiled for that many."""
    fill = [(0, pairs - len(first)), (0, 0), (0, 0)]
    return flows(np.pad(first, fill), np.pad(second, fill))[: len(first)]


def flows(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The flow from one frame to the next of every pair.

    It takes seconds to compile at the first call with arrays of a shape.

    Args:
        first: (P, H, W) uint8, gray.
        second: (P, H, W) uint8, gray.

    Returns:
        (P, H, W, 2) float32, x before y, pixels.
    """
    # A 0 that is an argument, see images.rounded.
    zero = tf.constant(0.0)
    return _flows(tf.constant(first), tf.constant(second), zero).numpy()


@tf.function(jit_compile=True, autograph=False)
def _flows(first, second, zero):
    firsts, seconds = _pyramid(first), _pyramid(second)
    flow = (tf.zeros_like(firsts[-1]), tf.zeros_like(firsts[-1]))
    for scale in reversed(range(len(firsts))):
        shape = firsts[scale].shape[1:]
        if scale < len(firsts) - 1:
            flow = tuple(
                images.rounded(images.larger(part, shape) * _GROWTH, zero)
                for part in flow
            )
        flow = _at_scale(firsts[scale], seconds[scale], flow, zero)
    return tf.stack(flow, axis=-1)


def _pyramid(frames):
    """[(P, H, W)], each smaller than the one before."""
    scales = [tf.cast(frames, tf.float32)]
    while len(scales) < _SCALES:
        shape = tuple(
            round(side * _SCALE_STEP) for side in scales[-1].shape[1:]
        )
        if min(shape) < _SMALLEST_SIDE:
            break
        scales.append(images.smaller(scales[-1], shape, _SCALE_STEP))
    return scales


def _at_scale(first, second, flow, zero):
    """Improves the flow between frames of one size."""
    gradient = (
        images.centered(second, images.X),
        images.centered(second, images.Y),
    )
    nothing = tf.zeros_like(first)
    duals = ((nothing, nothing), (nothing, nothing))

    def warp(count, flow, duals):
        brightness = iteration.brightness_about(
            flow, first, (second, *gradient), zero
        )
        return (count + 1, *_converged(brightness, flow, duals, zero))

    start = (tf.constant(0), flow, duals)
    return tf.while_loop(lambda count, *_: count < _WARPS, warp, start)[1]


def _converged(brightness, flow, duals, zero):
    """Iterates until a pair changes little; then it changes no more."""
    pairs, height, width = flow[0].shape
    limit = np.float32(_STOPPING_PIXELS**2 * (height * width))

    def inner(count, change, flow, duals):
        new_flow, new_duals, new_change = iteration.step(
            brightness, flow, duals, zero
        )
        new = (new_change, new_flow, new_duals)
        return (count + 1, *_where(change > limit, new, (change, flow, duals)))

    def outer(count, change, flow, duals):
        flow = _where(change > limit, _medians(flow), flow)
        state = change, flow, duals
        return (count + 1, *_repeated(inner, state, _INNER_ITERATIONS, limit))

    state = tf.fill([pairs], np.float32(np.inf)), flow, duals
    return _repeated(outer, state, _OUTER_ITERATIONS, limit)[1:]


def _repeated(once, state, most, limit):
    """The state after `most` iterations, or when no pair changes more."""

    def goes_on(count, change, *_):
        return tf.logical_and(count < most, tf.reduce_any(change > limit))

    return tf.while_loop(goes_on, once, (tf.constant(0), *state))[1:]


def _where(going, new, old):
    """Of each pair the new tensors if it goes on, nested alike."""
    if going.shape[0] == 1:
        # The loop ends when a pair alone does; choosing doubles its time.
        return new

    def chosen(one, other):
        shape = [-1] + [1] * (len(one.shape) - 1)
        return tf.where(tf.reshape(going, shape), one, other)

    return tf.nest.map_structure(chosen, new, old)


def _medians(flow):
    return tuple(tf.split(images.median(tf.concat(flow, axis=0)), 2, axis=0))
