"""What a network sees of every snippet of a video (choice C16).

Frames come in order as (index, (H, W, 3) uint8 RGB); there is at least one.
"""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
import functools
import itertools
from typing import TypeVar

import cv2
import numpy as np

from fsn_tf.videos import flow

_Item = TypeVar("_Item")
Frames = Iterable[tuple[int, np.ndarray]]


def centers(frames: Frames, length: int) -> Iterator[np.ndarray]:
    """Yields the center frame of each snippet of `length` frames.

    The last frame of all stands for a last snippet without a center. Frames
    that are neither may be missing.
    """
    given = 0
    for frame, image in frames:
        if frame % length == length // 2:
            yield image
            given += 1
    if frame // length == given:
        yield image


def flows(
    frames: Frames,
    method: flow.Method,
    mapped: Callable[..., Iterator[np.ndarray]] = map,
) -> Iterator[np.ndarray]:
    """Yields the stored flow from each frame to the next, (H, W, 2) uint8.

    That of the last frame repeats the one before; in a video of one frame
    nothing moves.

    Args:
        frames: (index, (H, W, 3) uint8 RGB) of every frame, one or more.
        method: flow.Method.
        mapped: Does what `map` does, perhaps on several cores.
    """
    grays = (cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for _, image in frames)
    first = next(grays)
    moved = flow.quantized(np.zeros((*first.shape, 2)))
    pairs = itertools.pairwise(itertools.chain([first], grays))
    batches = iter(lambda: [*itertools.islice(pairs, method.pairs_at_once)], [])
    for some in mapped(functools.partial(_moved, method), batches):
        for moved in some:
            yield moved
    yield moved


def _moved(method, pairs):
    """(P, H, W, 2) stored flow of P pairs of frames."""
    firsts, seconds = map(np.stack, zip(*pairs, strict=True))
    return flow.quantized(method.between(firsts, seconds))


def stacks(
    frames: Frames, length: int, method: flow.Method
) -> Iterator[np.ndarray]:
    """Yields x1, y1, x2, ... of each snippet, (H, W, 2 * length) uint8.

    Args:
        frames: (index, (H, W, 3) uint8 RGB) of every frame, one or more.
        length: Frames of a snippet.
        method: flow.Method.
    """
    for group in filled(flows(frames, method), length):
        # length x (H, W, 2) -> (H, W, 2 * length)
        yield np.concatenate(group, axis=-1)


def filled(items: Iterable[_Item], length: int) -> Iterator[list[_Item]]:
    """Yields lists of `length`; the last item fills the last list up."""
    group = []
    for item in items:
        group.append(item)
        if len(group) == length:
            yield group
            group = []
    if group:
        yield group + [item] * (length - len(group))
