"""What a network sees of every snippet of a video (choice C16).

Frames come in order as (index, (H, W, 3) uint8 RGB); there is at least one.
"""

import cv2
import numpy as np

from fsn_tf.videos import flow


def centers(frames, length):
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


def flows(frames, method):
    """Yields the stored flow from each frame to the next, (H, W, 2) uint8.

    That of the last frame repeats the one before; in a video of one frame
    nothing moves.

    Args:
        frames: As above, without a gap.
        method: Key of flow.METHODS.
    """
    first, moved = None, None
    for _, image in frames:
        second = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        if first is not None:
            moved = flow.quantized(flow.between(first, second, method))
            yield moved
        first = second
    if moved is None:
        moved = flow.quantized(np.zeros((*first.shape, 2)))
    yield moved


def stacks(frames, length, method):
    """Yields x1, y1, x2, ... of each snippet, (H, W, 2 * length) uint8."""
    for group in filled(flows(frames, method), length):
        yield np.concatenate(group, axis=-1)


def filled(items, length):
    """Yields lists of `length`; the last item fills the last list up."""
    group = []
    for item in items:
        group.append(item)
        if len(group) == length:
            yield group
            group = []
    if group:
        yield group + [item] * (length - len(group))
