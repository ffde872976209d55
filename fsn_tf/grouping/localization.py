"""From frame probabilities to segments (Sections 3.5 and 4.2)."""

import numpy as np

from fsn_tf import ranges
from fsn_tf import segments

# 0 gives the whole video and 1 nothing: they are the paper's (choice C18).
THRESHOLDS = tuple(step / 10 for step in range(11))
CONFIDENCES = ("mean", "max")

# Pairs of detections looked at in one go; bounds the memory, not the result.
_PAIRS_AT_ONCE = 4_000_000


def detections(videos, classes, *, thresholds=THRESHOLDS, confidence="mean"):
    """Groups the frames of many videos into scored segments.

    Args:
        videos: Iterable of (name, (T, K) probabilities, fps).
        classes: K action names; the background is not among them.
        thresholds: Frames above any of these are grouped.
        confidence: "mean" or "max" of the frames inside (choice C20).

    Returns:
        segments.Detections, ordered by video, class, start and end.
    """
    names, columns = [], []
    for index, (name, probabilities, fps) in enumerate(videos):
        label, first, stop = group(probabilities, thresholds)
        score = _confidence(probabilities, label, first, stop, confidence)
        start, end = segments.seconds(first, fps), segments.seconds(stop, fps)
        video = np.full(len(label), index)
        names.append(name)
        columns.append((video, label, start, end, score))
    if not names:
        columns = [(np.zeros(0, int),) * 2 + (np.zeros(0),) * 3]
    joined = (np.concatenate(column) for column in zip(*columns, strict=True))
    return segments.Detections(tuple(classes), tuple(names), *joined)


def group(probabilities, thresholds=THRESHOLDS):
    """Runs of adjacent frames above a threshold, for each threshold.

    Args:
        probabilities: (T, K) of one video.
        thresholds: A frame counts where it is strictly above. They take the
            precision of the probabilities, so 0.3 is never above 0.3.

    Returns:
        (label, first, stop), each (S,) int: frames first..stop-1 of a class.
        A run that several thresholds give is there once (choice C19).
        Ordered by class, first and stop.
    """
    by_class = np.ascontiguousarray(probabilities.T, np.float32)
    size, keys = by_class.shape[1] + 1, []
    levels = np.asarray(thresholds, probabilities.dtype).astype(np.float32)
    for level in levels:
        label, first, stop = segments.runs(by_class > level)
        keys.append((label * size + first) * size + stop)
    label_and_first, stop = np.divmod(np.unique(np.concatenate(keys)), size)
    return *np.divmod(label_and_first, size), stop


def _confidence(probabilities, label, first, stop, kind):
    """(S,) float64, the mean or maximum of a class inside each segment."""
    num_frames, num_classes = probabilities.shape
    row = label * (num_frames + 1)
    if kind == "max":
        padded = np.zeros((num_classes, num_frames + 1))
        padded[:, :-1] = probabilities.T
        # Every other slice is the gap between two segments.
        edges = np.stack([row + first, row + stop], axis=1).ravel()
        return np.maximum.reduceat(padded.ravel(), edges)[::2]
    if kind != "mean":
        raise ValueError(f"confidence must be mean or max, not {kind!r}")
    sums = np.zeros((num_classes, num_frames + 1))
    np.cumsum(probabilities.T, axis=1, dtype=float, out=sums[:, 1:])
    sums = sums.ravel()
    return (sums[row + stop] - sums[row + first]) / (stop - first)


def non_maximum_suppression(detections, tiou_threshold):
    """Leaves out what overlaps a surer detection (Section 4.2, choice C21).

    Greedy per video and class: a detection stays if its tIoU with every surer
    one that stays is at most the threshold. Among equal scores the later in
    the order of the input is the surer.

    Returns:
        segments.Detections, those that stay, in the order of the input.
    """
    return detections.take(survivors(detections, [tiou_threshold])[0])


def survivors(detections, tiou_thresholds):
    """(D,) bool masks, what stays at each threshold of the NMS above.

    The overlaps are computed once for all thresholds.
    """
    surer, other, overlap = _overlapping(detections, min(tiou_thresholds))
    masks = []
    for threshold in tiou_thresholds:
        rows = overlap > threshold
        masks.append(_not_excluded(surer[rows], other[rows], len(detections)))
    return masks


def _not_excluded(surer, other, size):
    """(size,) bool, greedy over pairs of detections that exclude each other.

    In every round those that no undecided detection can exclude any more are
    decided, all at once.
    """
    excluded = np.zeros(size, bool)
    while len(surer):
        waits = np.zeros(size, bool)
        waits[other] = True
        final = ~waits[surer]
        excluded[other[final]] = True
        # Pairs of which either side is out have nothing left to decide.
        open_pairs = ~(excluded[surer] | excluded[other])
        surer, other = surer[open_pairs], other[open_pairs]
    return ~excluded


def _overlapping(detections, above):
    """Pairs of one video and class whose tIoU is above a threshold.

    Returns:
        (surer, other, tIoU), each (P,).
    """
    low = np.minimum(detections.start_seconds, detections.end_seconds)
    high = np.maximum(detections.start_seconds, detections.end_seconds)
    groups = detections.video * len(detections.classes) + detections.label
    order = np.lexsort((low, groups))
    low_key, high_key = _keys(groups, low, high)
    # All that come after it in the order and start before it ends.
    after = np.arange(1, len(order) + 1)
    stop = np.searchsorted(low_key[order], high_key[order], side="right")
    rank = np.empty(len(order), int)
    # Stable: among equal scores the later one has the higher rank.
    rank[np.argsort(detections.score, kind="stable")] = np.arange(len(order))
    parts = []
    for rows in _blocks(stop - after):
        first, second = ranges.expand(after[rows], stop[rows])
        first, second = order[rows][first], order[second]
        overlap = segments.tiou(
            low[first], high[first], low[second], high[second]
        )
        over = overlap > above
        first, second, overlap = first[over], second[over], overlap[over]
        swap = rank[first] < rank[second]
        surer = np.where(swap, second, first)
        parts.append((surer, first + second - surer, overlap))
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
