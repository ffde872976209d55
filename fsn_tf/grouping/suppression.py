"""Non-maximum suppression of detections (Section 4.2, choice C21)."""

from collections import abc

import numpy as np

from fsn_tf import ranges
from fsn_tf import segments

# Pairs of detections looked at in one go; bounds the memory, not the result.
_PAIRS_AT_ONCE = 4_000_000


def non_maximum_suppression(
    detections: segments.Detections, tiou_threshold: float
) -> segments.Detections:
    """Leaves out what overlaps a more confident one (Section 4.2, choice C21).

    Greedy per video and class: a detection stays if its tIoU with every more
    confident one that stays is at most the threshold. Of equal scores the
    later in the order of the input goes first.

    Returns:
        Those that stay, in the order of the input.
    """
    return detections.take(survivors(detections, [tiou_threshold])[0])


def survivors(
    detections: segments.Detections, tiou_thresholds: abc.Sequence[float]
) -> list[np.ndarray]:
    """What non_maximum_suppression leaves at each of several thresholds.

    The overlaps are computed once for all of them.

    Returns:
        For each threshold a (D,) bool mask.
    """
    better, other, overlap = _overlapping(detections, min(tiou_thresholds))
    masks = []
    for threshold in tiou_thresholds:
        rows = overlap > threshold
        masks.append(_not_excluded(better[rows], other[rows], len(detections)))
    return masks


def _not_excluded(better, other, size):
    """(size,) bool, greedy over pairs of detections that exclude each other.

    In every round those that no undecided detection can exclude any more are
    decided, all at once.

    Args:
        better, other: (P,) int; in each pair the first excludes the second.
    """
    excluded = np.zeros(size, bool)
    while len(better):
        waits = np.zeros(size, bool)
        waits[other] = True
        final = ~waits[better]  # (P,) bool, nothing excludes the better one
        excluded[other[final]] = True
        # Pairs of which either side is out have nothing left to decide.
        open_pairs = ~(excluded[better] | excluded[other])
        better, other = better[open_pairs], other[open_pairs]
    return ~excluded


def _overlapping(detections, above):
    """Pairs of one video and class whose tIoU is above a threshold.

    Returns:
        (better, other, tIoU), each (P,).
    """
    low = np.minimum(detections.start_seconds, detections.end_seconds)
    high = np.maximum(detections.start_seconds, detections.end_seconds)
    groups = detections.video * len(detections.classes) + detections.label
    order = np.lexsort((low, groups))
    low_key, high_key = _keys(groups, low, high)
    # All that come after it in the order and start before it ends.
    after = np.arange(1, len(order) + 1)
    stop = np.searchsorted(low_key[order], high_key[order], side="right")
    # (D,) of each detection; a higher rank is more confident.
    rank = np.empty(len(order), int)
    # Stable: among equal scores the later one has the higher rank.
    rank[np.argsort(detections.score, kind="stable")] = np.arange(len(order))
    parts = []
    for rows in _blocks(stop - after):
        # Places in the order, then rows of the table; (P,) of this block.
        first, second = ranges.expand(after[rows], stop[rows])
        first, second = order[rows][first], order[second]
        overlap = segments.tiou(
            low[first], high[first], low[second], high[second]
        )
        over = overlap > above
        first, second, overlap = first[over], second[over], overlap[over]
        swap = rank[first] < rank[second]
        better = np.where(swap, second, first)
        parts.append((better, first + second - better, overlap))
    return tuple(np.concatenate(part) for part in zip(*parts, strict=True))


def _keys(groups, low, high):
    """Integers ordered by group, then time; times may share an integer.

    Rounding down keeps the order, so what overlaps in time does so in the
    integers as well; float keys of group and time would lose pairs.
    """
    if not len(low):
        return groups, groups
    origin, span = low.min(), high.max() - low.min()
    scale = 2**30 / span if span > 0 else 1.0
    ticks = [np.floor((time - origin) * scale) for time in (low, high)]
    return tuple(groups * 2**31 + tick.astype(np.int64) for tick in ticks)


def _blocks(counts):
    """Slices of rows that make about _PAIRS_AT_ONCE pairs each."""
    total = np.cumsum(counts)
    cuts = np.arange(_PAIRS_AT_ONCE, total[-1:].sum() + 1, _PAIRS_AT_ONCE)
    edges = [0, *np.unique(np.searchsorted(total, cuts) + 1), len(counts)]
    return [slice(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)]
