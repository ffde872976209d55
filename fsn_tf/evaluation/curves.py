"""Curves of precision against recall, to be looked at."""

import numpy as np

from fsn_tf.evaluation import ranking


def precision_recall(
    ranked: ranking.Ranking, label: int, total: int
) -> tuple[np.ndarray, np.ndarray]:
    """(recall (H,), precision (H,)) of one class at each of its H hits.

    Args:
        ranked: The detections that count at one tIoU, by class and score.
        label: The class.
        total: Its instances to find, 1 or more.
    """
    first, stop = np.searchsorted(ranked.label, [label, label + 1])
    hits = np.flatnonzero(ranked.right[first:stop])
    found = np.arange(1, len(hits) + 1)
    return found / total, found / (hits + 1)


def mean_precision(
    ranked: ranking.Ranking, totals: np.ndarray, recalls: np.ndarray
) -> np.ndarray:
    """Mean over the classes of the best precision at a recall or above.

    Args:
        ranked: The detections that count at one tIoU, by class and score.
        totals: (K,) int, the instances to find of each class.
        recalls: (R,) rising.

    Returns:
        (R,) mean over the classes with instances, 0 where no class gets that
        far; NaN where no class has instances.
    """
    known = np.flatnonzero(totals)
    if not known.size:
        return np.full(len(recalls), np.nan)
    sums = np.zeros(len(recalls))
    for label in known.tolist():
        recall, precision = precision_recall(ranked, label, totals[label])
        best = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
        # A recall of 0.3 of ten is the third, whatever 0.3 is as a float.
        sums += best[np.searchsorted(recall + 1e-9, recalls)]
    return sums / len(known)


def drawn(
    recall: np.ndarray, precision: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """A curve to be drawn: from recall 0 on, of at most about `size` points."""
    recall = np.concatenate([[0.0], recall])
    precision = np.concatenate([precision[:1], precision])
    recall = recall[: len(precision)]
    if len(recall) <= size:
        return recall, precision
    rows = np.unique(np.linspace(0, len(recall) - 1, size).astype(int))
    return recall[rows], precision[rows]
