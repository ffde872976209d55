"""Average precision of frames and of segments (Section 4.2)."""

from collections import abc

import numpy as np

from fsn_tf import segments
from fsn_tf.evaluation import frame_ranks
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking


def average_precision(scores: np.ndarray, positives: np.ndarray) -> float:
    """Mean of the precision at each positive, ranked by score.

    Equal scores keep their input order, as in a stable sort.

    Args:
        scores: (F,) confidence of every frame for one class.
        positives: (F,) bool, whether it shows that class.

    Returns:
        AP in [0, 1], or NaN for a class that never occurs.
    """
    return average_precision_at(
        frame_ranks.ranks(np.asarray(scores), np.asarray(positives))
    )


def average_precision_at(ranks: np.ndarray) -> float:
    """The same from the ranks of the positives, (P,) int and rising."""
    precision = np.arange(1, ranks.size + 1) / ranks
    return precision.mean() if precision.size else np.nan


def calibrated_precision_at(ranks: np.ndarray, num_frames: int) -> float:
    """Mean of the calibrated precision at each positive (cAP, TVSeries).

    As if there were as many negatives as positives: with w negatives for
    each, precision is TP / (TP + FP / w).

    Args:
        ranks: (P,) int, rising, of the positives.
        num_frames: How many frames are ranked.

    Returns:
        cAP in [0, 1], or NaN for a class that never occurs.
    """
    if not ranks.size:
        return np.nan
    true = np.arange(1, ranks.size + 1)
    weight = (num_frames - ranks.size) / ranks.size
    # Without negatives there is no false positive either.
    false = (ranks - true) / weight if weight else np.zeros(ranks.size)
    return (true / (true + false)).mean()


def frame_map(
    scores: np.ndarray, labels: np.ndarray
) -> tuple[float, np.ndarray]:
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


def segment_map(
    annotations: segments.Annotations,
    detections: segments.Detections,
    tiou: float,
    *,
    protocol: protocols.Protocol = protocols.THUMOS14,
) -> tuple[float, np.ndarray]:
    """Segment-level mAP at one tIoU (Tables 2 to 5).

    Args:
        annotations: The instances to find.
        detections: Of the same classes. Those of videos that are not
            annotated are left out.
        tiou: The overlap that makes a detection right.
        protocol: See protocols, and choice C28.

    Returns:
        (mAP, AP of each class with shape (K,)). AP is NaN for a class without
        instances and 0 for one that is never detected.

    Raises:
        InputError: The classes differ.
    """
    return segment_maps(annotations, detections, [tiou], protocol=protocol)[0]


def segment_maps(
    annotations: segments.Annotations,
    detections: segments.Detections,
    tious: abc.Sequence[float],
    *,
    protocol: protocols.Protocol = protocols.THUMOS14,
    kept: abc.Sequence[np.ndarray] | None = None,
) -> list[tuple[float, np.ndarray]]:
    """Segment-level mAP at several tIoU; what they share is computed once.

    Args:
        annotations: The instances to find.
        detections: Of the same classes.
        tious: The overlaps that make a detection right.
        protocol: See protocols.
        kept: For each tIoU a (D,) bool mask, which detections take part, as
            NMS gives them; None takes all.

    Returns:
        For each tIoU, what segment_map returns.

    Raises:
        InputError: The classes differ.
    """
    annotations = protocol.counted(annotations)
    found = ranking.rankings(
        annotations, detections, tious, protocol=protocol, kept=kept
    )
    totals = ranking.instance_counts(annotations).sum(axis=1)
    return [ranking_map(one, totals, protocol=protocol) for one in found]


def ranking_map(
    ranked: ranking.Ranking,
    totals: np.ndarray,
    *,
    protocol: protocols.Protocol = protocols.THUMOS14,
) -> tuple[float, np.ndarray]:
    """Segment-level mAP of detections that were matched before.

    Args:
        ranked: The detections that count, by class and score.
        totals: (K,) int, the instances to find of each class.
        protocol: By which they were matched.

    Returns:
        What segment_map returns.
    """
    hits = np.flatnonzero(ranked.right)  # (H,) of all classes
    label, rank = ranked.label[hits], ranking.ranks(ranked.label)[hits]
    per_class = np.full(len(totals), np.nan)
    known = np.flatnonzero(totals)
    starts, stops = (
        np.searchsorted(label, known, side=side) for side in ("left", "right")
    )
    for index, start, stop in zip(known, starts, stops, strict=True):
        mine = rank[start:stop]
        precision = np.arange(1, mine.size + 1) / mine
        per_class[index] = protocol.average_precision(precision, totals[index])
    return mean_average_precision(per_class), per_class


def mean_average_precision(per_class: np.ndarray) -> float:
    """Mean over the classes that occur; NaN if none does."""
    occurs = ~np.isnan(per_class)
    return per_class[occurs].mean() if occurs.any() else np.nan
