"""Non-maximum suppression of detections (Section 4.2, choice C21)."""

from collections import abc

import numpy as np

from fsn_tf import segments
from fsn_tf.segments import overlaps

# Pairs of detections that are decided in one go, and how many of each
# detection: they bound memory and time, not the result.
_PAIRS_AT_ONCE = 4_000_000
_PAIRS_EACH = 64
# Of more pairs than that detections are parted, the most confident first: a
# few of them, as they may exclude most of the others, and then quarters.
_PARTS = np.array([1 / 64, 1 / 4, 1 / 2, 3 / 4])


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

    Time is near-linear in the detections, however many overlap.

    Returns:
        For each threshold a (D,) bool mask.
    """
    return list(each_survivors(detections, tiou_thresholds))


def each_survivors(
    detections: segments.Detections, tiou_thresholds: abc.Sequence[float]
) -> abc.Iterator[np.ndarray]:
    """Yields what survivors returns, one threshold after another."""
    # Stable: among equal scores the later one comes first.
    order = np.argsort(detections.score, kind="stable")[::-1]
    groups = detections.video * len(detections.classes) + detections.label
    table = overlaps.Table(
        groups[order],
        np.minimum(detections.start_seconds, detections.end_seconds)[order],
        np.maximum(detections.start_seconds, detections.end_seconds)[order],
    )
    for stay in _stay_at_each(table, tiou_thresholds):
        mask = np.zeros(len(order), bool)
        mask[order[stay]] = True
        yield mask


def _stay_at_each(table, thresholds):
    """Yields for each threshold the rows that stay, see _staying."""
    least = min(thresholds)
    index = overlaps.Index(table, least)
    if not _are_few(index.count(table), len(table.low)):
        del index
        rows = np.arange(len(table.low))
        for threshold in thresholds:
            yield _staying(table, rows, threshold)
        return
    # Then the overlaps are computed once for all of them.
    better, other, overlap = overlaps.within(table, index)
    for threshold in thresholds:
        rows = overlap > threshold
        yield np.flatnonzero(
            ~_excluded(better[rows], other[rows], len(table.low))
        )


def _are_few(num_pairs, num_rows):
    most = min(_PAIRS_AT_ONCE, _PAIRS_EACH * num_rows)
    return num_rows <= _PAIRS_EACH or num_pairs <= most


def _staying(table, rows, threshold):
    """Those that stay of rows that no other row of the table excludes.

    Where too many overlap, the most confident are decided first. What of
    them stays overlaps little, so that finding what it excludes is quick.

    Args:
        table: The most confident first.
        rows: (R,) int, rising.

    Returns:
        (S,) int, rising.
    """
    mine = table.take(rows)
    index = overlaps.Index(mine, threshold)
    if _are_few(index.count(mine), len(rows)):
        better, other, overlap = overlaps.within(mine, index)
        over = overlap > threshold
        return rows[~_excluded(better[over], other[over], len(rows))]
    del index, mine
    stay = rows[:0]
    for part in np.split(rows, (_PARTS * len(rows)).astype(int)):
        free = ~_excluded_by(table.take(stay), table.take(part), threshold)
        stay = np.append(stay, _staying(table, part[free], threshold))
    return stay


def _excluded_by(better, others, threshold):
    """(N,) bool, which of the others any of the better excludes."""
    excluded = np.zeros(len(others.low), bool)
    if not len(better.low):
        return excluded
    if not threshold:
        return overlaps.touching(others, better)
    for _, row, overlap in overlaps.blocks_between(better, others, threshold):
        excluded[row[overlap > threshold]] = True
    return excluded


def _excluded(better, other, size):
    """(size,) bool, greedy over pairs of detections that exclude each other.

    In every round those that no undecided detection can exclude any more are
    decided, all at once. Where that settles little, as in a long chain of
    detections each of which excludes the next, the rest goes one by one.

    Args:
        better, other: (P,) int; in each pair the first excludes the second,
            which is the larger number.
    """
    excluded = np.zeros(size, bool)
    while len(better):
        waits = np.zeros(size, bool)
        waits[other] = True
        final = ~waits[better]  # (P,) bool, nothing excludes the better one
        excluded[other[final]] = True
        # Pairs of which either side is out have nothing left to decide.
        left = ~(excluded[better] | excluded[other])
        is_slow = 4 * np.count_nonzero(left) > 3 * len(left)
        better, other = better[left], other[left]
        if is_slow:
            _exclude_in_turn(excluded, better, other)
            break
    return excluded


def _exclude_in_turn(excluded, better, other):
    """Goes through the better ones, the most confident first."""
    order = np.argsort(better, kind="stable")
    better, other = better[order], other[order]
    edges = np.flatnonzero(np.diff(better, prepend=-1, append=-1)).tolist()
    for first, stop in zip(edges[:-1], edges[1:], strict=True):
        if not excluded[better[first]]:
            excluded[other[first:stop]] = True
