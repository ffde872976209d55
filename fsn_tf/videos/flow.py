"""Optical flow from one frame to the next, and its bytes (Section 3.2).

A flow is (H, W, 2) float32, x before y: what is at (x, y) in the first frame
is at (x, y) + flow in the second, in pixels, right and down.
"""

from collections.abc import Callable
import dataclasses
import functools

import cv2
import numpy as np

from fsn_tf.errors import InputError

# TSN clips motion to that many pixels each way.
_BOUND_PIXELS = 20
_STEPS_PER_PIXEL = 255 / (2 * _BOUND_PIXELS)

# Flow that somebody else computed; the method is not known.
IMPORTED = "imported"
# TV-L1 that OpenCV does not compute, see snippets.flow_methods.
TENSORFLOW = "tvl1_tensorflow"


@dataclasses.dataclass(frozen=True)
class Method:
    """How the flow of a video is computed.

    Attributes:
        between: A function of the first and the second frames of pairs, each
            (P, H, W) uint8, gray; it returns their (P, H, W, 2) flow.
        pairs_at_once: P that suits it; a last P of a video may be smaller.
    """

    between: Callable[[np.ndarray, np.ndarray], np.ndarray]
    pairs_at_once: int = 1


def tvl1(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """TV-L1 with OpenCV's parameters, as in TSN and the paper."""
    return cv2.optflow.createOptFlow_DualTVL1().calc(first, second, None)


def dis(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Dense inverse search, OpenCV's medium preset."""
    preset = cv2.DISOPTICAL_FLOW_PRESET_MEDIUM
    return cv2.DISOpticalFlow_create(preset).calc(first, second, None)


def farneback(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Farneback's polynomial expansion, parameters of OpenCV's tutorial."""
    return cv2.calcOpticalFlowFarneback(
        first,
        second,
        None,
        pyr_scale=0.5,
        levels=3,
        winsize=15,
        iterations=3,
        poly_n=5,
        poly_sigma=1.2,
        flags=0,
    )


OPENCV: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "tvl1": tvl1,
    "dis": dis,
    "farneback": farneback,
}
METHODS = ("tvl1", TENSORFLOW, "dis", "farneback")


def check(method: str, size: tuple[int, int]) -> None:
    """Raises InputError where a method cannot be used.

    Args:
        method: One of METHODS.
        size: (width, height) of the frames.
    """
    if method == TENSORFLOW:
        return
    if method == "tvl1" and not hasattr(cv2, "optflow"):
        raise InputError(
            "TV-L1 needs OpenCV's contrib build, and this OpenCV is another: "
            "pip uninstall the opencv packages, then pip install "
            f"opencv-contrib-python-headless; or take --flow={TENSORFLOW}"
        )
    blank = np.zeros(size[::-1], np.uint8)
    try:
        OPENCV[method](blank, blank)
    except cv2.error as error:
        raise InputError(
            f"OpenCV has no flow by {method} for frames of "
            f"{size[0]}x{size[1]}; choose a larger --size"
        ) from error


def opencv(name: str) -> Method:
    """One of OpenCV's methods, which take a pair of frames at a time."""
    return Method(functools.partial(_between, name))


def _between(name, firsts, seconds):
    pairs = zip(firsts, seconds, strict=True)
    return np.stack([between(*pair, name) for pair in pairs])


def between(first: np.ndarray, second: np.ndarray, method: str) -> np.ndarray:
    """The flow from one frame to the next, by OpenCV.

    Args:
        first: (H, W) uint8, gray.
        second: (H, W) uint8, gray.
        method: Key of OPENCV.

    Returns:
        (H, W, 2) float32.
    """
    # A frame that is shown twice has not moved, though Farneback sees motion
    # at its edges.
    if np.array_equal(first, second):
        return np.zeros((*first.shape, 2), np.float32)
    return OPENCV[method](first, second)


def quantized(flow: np.ndarray) -> np.ndarray:
    """Flow as TSN stores it: -20 .. 20 pixels become 0 .. 255.

    Halves are rounded up, so that zero motion, 127.5, is 128.

    Args:
        flow: Array of any shape, pixels; larger motion is clipped.

    Returns:
        uint8 array of the same shape.
    """
    clipped = np.clip(flow, -_BOUND_PIXELS, _BOUND_PIXELS)
    steps = (clipped + _BOUND_PIXELS) * _STEPS_PER_PIXEL
    return np.floor(steps + 0.5).astype(np.uint8)


def dequantized(stored: np.ndarray) -> np.ndarray:
    """Pixels that a stored value stands for, within half a step (0.08)."""
    steps = np.asarray(stored, np.float32)
    return steps / _STEPS_PER_PIXEL - _BOUND_PIXELS


def resized(
    component: np.ndarray, size: tuple[int, int], axis: int
) -> np.ndarray:
    """One component of stored flow, for frames of another size.

    Motion, counted in pixels, grows with the frame.

    Args:
        component: (H, W) uint8.
        size: (width, height) of the result.
        axis: 0 for x, 1 for y.

    Returns:
        (height, width) uint8.
    """
    growth = size[axis] / component.shape[1 - axis]
    moved = cv2.resize(dequantized(component), size)
    return quantized(moved * growth)
