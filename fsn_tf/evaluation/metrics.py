"""Average precision of frames and of segments (Section 4.2)."""

import numpy as np

from fsn_tf.evaluation import ranking

# The bits of a float16 -0.0, which equals 0.0.
_NEGATIVE_ZERO = np.int16(-(2**15))


def average_precision(scores, positives):
    """Mean of the precision at each positive, ranked by score.

    Equal scores keep their input order, as in a stable sort.

    Args:
        scores: (F,) confidence of every frame for one class.
        positives: (F,) bool, whether it shows that class.

    Returns:
        AP in [0, 1], or NaN for a class that never occurs.
    """
    ranks = _ranks(np.asarray(scores), np.asarray(positives))
    precision = np.arange(1, ranks.size + 1) / ranks
    return precision.mean() if precision.size else np.nan


def frame_map(scores, labels):
    """Frame-level mAP (Table 1).

    Args:
        scores: (F, K) scores of all frames of all test videos.
        labels: (F, K) bool; a frame may show several classes.

    Returns:
        (mAP, AP of each class with shape (K,)).
    """
    per_class = np.array(
        [
            average_precision(s, y)
            for s, y in zip(scores.T, labels.T, strict=True)
        ]
    )
    return mean_average_precision(per_class), per_class


def segment_map(annotations, detections, tiou, *, protocol="thumos14"):
    """Segment-level mAP at one tIoU (Tables 2 to 5).

    Args:
        annotations: segments.Annotations.
        detections: segments.Detections of the same classes. Those of videos
            that are not annotated are left out.
        tiou: The overlap that makes a detection right.
        protocol: One of PROTOCOLS; see ranking, and choice C28.

    Returns:
        (mAP, AP of each class with shape (K,)). AP is NaN for a class without
        instances and 0 for one that is never detected.
    """
    return segment_maps(annotations, detections, [tiou], protocol=protocol)[0]


def segment_maps(
    annotations, detections, tious, *, protocol="thumos14", kept=None
):
    """As above at several tIoU; what they share is computed once.

    Args:
        kept: For each tIoU a (D,) bool mask, which detections take part, as
            NMS gives them; None takes all.

    Returns:
        For each tIoU, what segment_map returns.
    """
    found = ranking.rankings(
        annotations, detections, tious, protocol=protocol, kept=kept
    )
    totals = ranking.instance_counts(annotations).sum(axis=1)
    return [ranking_map(one, totals, protocol=protocol) for one in found]


def ranking_map(ranked, totals, *, protocol="thumos14"):
    """Segment-level mAP of detections that were matched before.

    Args:
        ranked: ranking.Ranking.
        totals: (K,) int, the instances to find of each class.
        protocol: One of PROTOCOLS.

    Returns:
        What segment_map returns.
    """
    summary = _SUMMARIES[protocol]
    hits = np.flatnonzero(ranked.right)
    label, rank = ranked.label[hits], ranking.ranks(ranked.label)[hits]
    per_class = np.full(len(totals), np.nan)
    for index in np.flatnonzero(totals):
        mine = rank[label == index]
        precision = np.arange(1, mine.size + 1) / mine
        per_class[index] = summary(precision, totals[index])
    return mean_average_precision(per_class), per_class


def mean_average_precision(per_class):
    """Mean over the classes that occur; NaN if none does."""
    occurs = ~np.isnan(per_class)
    return per_class[occurs].mean() if occurs.any() else np.nan


def _mean_precision(precision, total):
    return precision.sum() / total


def _eleven_points(precision, total):
    """Mean of the best precision at recalls 0, 0.1 ... 1."""
    best = np.append(_best_from_here(precision), 0.0)
    # Positives that a recall of step / 10 needs, in whole numbers: 0.3 and
    # 3 / 10 differ as floats.
    needed = np.maximum(-(-np.arange(11) * total // 10), 1)
    return best[np.minimum(needed, best.size) - 1].mean()


def _envelope(precision, total):
    """Area under the precision-recall curve made monotone (VOC 2012)."""
    return _best_from_here(precision).sum() / total


def _best_from_here(precision):
    return np.maximum.accumulate(precision[::-1])[::-1]


def _ranks(scores, positives):
    """(P,) ranks of the positives in a stable sort, counted from 1."""
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
    """As above; sorting values is far faster than a stable argsort."""
    # Adding 0 turns -0.0 into 0.0, its equal.
    scores = scores + np.float32(0)
    wanted, ordered = scores[positives], np.sort(scores)
    first = np.searchsorted(ordered, wanted, side="left")
    stop = np.searchsorted(ordered, wanted, side="right")
    ranks = scores.size - stop + 1
    tied = stop - first > 1
    ranks[tied] += _earlier_equals(scores, np.flatnonzero(positives)[tied])
    return np.sort(ranks)


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


# What sums up the ranking of a protocol; ranking.MATCHES makes it.
_SUMMARIES = {
    "thumos14": _mean_precision,
    "thumos14-2014": _eleven_points,
    "activitynet": _envelope,
}
PROTOCOLS = tuple(_SUMMARIES)
