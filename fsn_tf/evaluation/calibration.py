"""Whether scores of frames are probabilities: ECE and reliability."""

import numpy as np

from fsn_tf.evaluation import frame_columns
from fsn_tf.evaluation import measures

NUM_BINS = 15


def calibration(frames: frame_columns.Frames, classes: tuple[str, ...]) -> dict:
    """How far scores are from the share of frames that show the class.

    Scores are parted into bins of equal width; a score that lies on a limit is
    in the bin above it, 1 in the last one. ECE is the mean distance of a bin's
    mean score from its share of frames that show the class, weighted by its
    frames; Brier's score the mean square of score minus truth.

    Args:
        frames: Scores from 0 to 1 of K classes.
        classes: Their names.

    Returns:
        A dict that JSON can hold: `ece` and `brier` of all frames and classes
        together, `mean_ece` over the classes, `bins` [{low, high, frames,
        score, share}] of all of them, `per_class` {class: {ece, brier}}.
    """
    # (3, K, bins): frames, sum of scores, frames that show the class.
    sums = np.zeros((3, len(classes), NUM_BINS))
    squares = np.zeros(len(classes))
    for values, labels in frames.passes():
        sums += _sums(values, labels)
        squares += ((values - labels.astype(float)) ** 2).sum(axis=0)
    whole, total = sums.sum(axis=1), frames.num_frames
    eces = np.array([ece(*one) for one in sums.transpose(1, 0, 2)])
    briers = squares / total if total else np.full(len(classes), np.nan)
    return {
        "ece": measures.number(ece(*whole)),
        "mean_ece": measures.mean(eces),
        "brier": measures.mean(briers),
        "bins": _bins(*whole),
        "per_class": measures.by_name(classes, {"ece": eces, "brier": briers}),
    }


def _sums(values, labels):
    """(3, K, bins) of the (F, K) scores and labels of a video."""
    num_classes = values.shape[1]
    place = np.minimum((values * NUM_BINS).astype(int), NUM_BINS - 1)
    place += np.arange(num_classes) * NUM_BINS
    shape, size = (num_classes, NUM_BINS), num_classes * NUM_BINS
    return np.stack(
        [
            np.bincount(
                place.ravel(), None if one is None else one.ravel(), size
            ).reshape(shape)
            for one in (None, values, labels)
        ]
    )


def ece(frames: np.ndarray, scores: np.ndarray, shown: np.ndarray) -> float:
    """Expected calibration error; NaN of no frames.

    Args:
        frames: (bins,) how many.
        scores: (bins,) the sum of their scores.
        shown: (bins,) how many of them show the class.
    """
    total = frames.sum()
    return float(np.abs(scores - shown).sum() / total) if total else np.nan


def _bins(frames, scores, shown):
    """What a reliability diagram shows."""
    limits = np.arange(NUM_BINS + 1) / NUM_BINS
    return [
        {
            "low": float(limits[place]),
            "high": float(limits[place + 1]),
            "frames": int(count),
            "score": float(scores[place] / count) if count else None,
            "share": float(shown[place] / count) if count else None,
        }
        for place, count in enumerate(frames.tolist())
    ]
