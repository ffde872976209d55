"""What sums up the precision of a ranking, one way for each protocol.

The precision at a hit is the share of right detections down to it. Each
summary comes twice: of one ranking, and of rankings whose videos were drawn
again. There

    precision: (B, H) of B resampled test sets, at H hits.
    copies: (B, H) int, how often each hit's video was drawn.
    totals: (B,) int, 1 or more instances to find.

and the result is (B,). What is drawn once gives the same either way.
"""

import numpy as np


def mean(precision: np.ndarray, total: int) -> float:
    """Mean of the precision at each instance; 0 where it was not found.

    Args:
        precision: (H,) at the hits, the most confident first.
        total: Instances to find, 1 or more.
    """
    return precision.sum() / total


def resampled_mean(
    precision: np.ndarray, copies: np.ndarray, totals: np.ndarray
) -> np.ndarray:
    """The mean for resampled videos; shapes as the module says."""
    return (precision * copies).sum(axis=1) / totals


def eleven_points(precision: np.ndarray, total: int) -> float:
    """Mean of the best precision at recalls 0, 0.1 ... 1.

    Args:
        precision: (H,) at the hits, the most confident first.
        total: Instances to find, 1 or more.
    """
    best = np.append(_best_from_here(precision), 0.0)
    # Positives that a recall of step / 10 needs, in whole numbers: 0.3 and
    # 3 / 10 differ as floats.
    needed = np.maximum(-(-np.arange(11) * total // 10), 1)
    return best[np.minimum(needed, best.size) - 1].mean()


def resampled_eleven_points(
    precision: np.ndarray, copies: np.ndarray, totals: np.ndarray
) -> np.ndarray:
    """The eleven points for resampled videos; shapes as the module says."""
    true = np.cumsum(copies, axis=1)
    # (B, H + 1): a last column for recalls that are never reached.
    best = np.zeros((len(copies), copies.shape[1] + 1))
    best[:, :-1] = _best_from_here(precision)
    result = np.zeros(len(copies))
    for step in range(11):
        needed = np.maximum(-(-step * totals // 10), 1)
        place = (true < needed[:, None]).sum(axis=1)
        result += best[np.arange(len(copies)), place] / 11
    return result


def envelope(precision: np.ndarray, total: int) -> float:
    """Area under the precision-recall curve made monotone (VOC 2012).

    Args:
        precision: (H,) at the hits, the most confident first.
        total: Instances to find, 1 or more.
    """
    return _best_from_here(precision).sum() / total


def resampled_envelope(
    precision: np.ndarray, copies: np.ndarray, totals: np.ndarray
) -> np.ndarray:
    """The envelope for resampled videos; shapes as the module says."""
    return (_best_from_here(precision) * copies).sum(axis=1) / totals


def _best_from_here(precision):
    """The best precision at each hit or after it, along the last axis."""
    reverse = precision[..., ::-1]
    return np.maximum.accumulate(reverse, axis=-1)[..., ::-1]
