"""Where frames that show a class rank among all frames, by its score.

Frames come in blocks, so that not all scores need to lie in memory. Their
ranks add up: a frame's rank is its rank in its own block, and the number of
frames of every other block whose score is higher, or equal in an earlier one.
"""

from collections import abc

import numpy as np

# The bits of a float16 -0.0, which equals 0.0.
_NEGATIVE_ZERO = np.int16(-(2**15))

# (F, K) scores and (F, K) bool labels of some frames.
Block = tuple[np.ndarray, np.ndarray]


def of_blocks(
    passes: abc.Callable[[], abc.Iterable[Block]],
) -> tuple[list[np.ndarray], int]:
    """Ranks of the frames that show each class, among those of all blocks.

    Args:
        passes: Gives the blocks in order; called once more where there are
            several.

    Returns:
        (K arrays (P,) of rising ranks, counted from 1; how many frames).
    """
    num_frames = 0
    found: list[list[_Shown]] = []
    for values, labels in passes():
        num_frames += len(values)
        for shown in found:
            _count_above(shown, values, "right")
        found.append(
            [_Shown(*both) for both in zip(values.T, labels.T, strict=True)]
        )
    if len(found) > 1:
        for number, (values, _) in enumerate(passes()):
            for shown in found[number + 1 :]:
                _count_above(shown, values, "left")
    ranks_of = [
        np.sort(np.concatenate([one.ranks for one in of_class]))
        for of_class in zip(*found, strict=True)
    ]
    return ranks_of, num_frames


class _Shown:
    """The frames of a block that show one class, the best first.

    Attributes:
        scores: (P,) falling.
        ranks: (P,) rising; of those among all frames that were counted.
    """

    def __init__(self, scores: np.ndarray, positives: np.ndarray):
        # A stable sort gives both in the same order.
        self.scores = np.sort(scores[positives])[::-1]
        self.ranks = ranks(scores, positives)


def _count_above(shown, values, side):
    """Adds the frames of a block that rank before the shown ones of another.

    Args:
        shown: _Shown of each class.
        values: (F, K) scores of the block.
        side: "right" counts higher scores, "left" equal ones too.
    """
    for one, column in zip(shown, values.T, strict=True):
        if one.scores.size:
            ordered = np.sort(column)
            below = np.searchsorted(ordered, one.scores, side=side)
            one.ranks += ordered.size - below


def ranks(scores: np.ndarray, positives: np.ndarray) -> np.ndarray:
    """(P,) int, ranks of the positives in a stable sort, counted from 1.

    Args:
        scores: (F,) of every frame.
        positives: (F,) bool, P of them True.
    """
    if scores.dtype == np.float32:
        return _ranks_by_value(scores, positives)
    if scores.dtype == np.float16:
        # Integers of the same order: NumPy sorts short ones in linear time.
        bits = scores.view(np.int16)
        bits = np.where(bits == _NEGATIVE_ZERO, np.int16(0), bits)
        scores = bits ^ (bits >> 15 & 0x7FFF)
    order = np.argsort(-scores, kind="stable")
    return np.flatnonzero(positives[order]) + 1


def _ranks_by_value(scores, positives):
    """(P,) ranks of the positives among float32 scores, counted from 1.

    Sorting values is far faster than a stable argsort.
    """
    # Adding 0 turns -0.0 into 0.0, its equal.
    scores = scores + np.float32(0)
    wanted, ordered = scores[positives], np.sort(scores)  # (P,), (F,)
    first = np.searchsorted(ordered, wanted, side="left")
    stop = np.searchsorted(ordered, wanted, side="right")
    found = scores.size - stop + 1
    tied = stop - first > 1
    found[tied] += _earlier_equals(scores, np.flatnonzero(positives)[tied])
    return np.sort(found)


def _earlier_equals(scores, frames):
    """(P,) int, how many frames before each of these have its score."""
    bits = scores.view(np.uint32)
    # A table of the lower half of the bits finds all that may be equal, and
    # a few others; looking each score up in a list would take far longer.
    low = bits.astype(np.uint16)
    table = np.zeros(2**16, bool)
    table[low[frames]] = True
    others = np.flatnonzero(table[low])
    # Ordered by score, then by frame, and therefore all different.
    keys = np.sort(_key(bits[others], others))
    own = _key(bits[frames], frames)
    same = _key(bits[frames], np.zeros_like(frames))
    return np.searchsorted(keys, own) - np.searchsorted(keys, same)


def _key(bits, frames):
    return bits.astype(np.uint64) << np.uint64(32) | frames.astype(np.uint64)
