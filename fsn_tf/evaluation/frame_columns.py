"""The scores of all frames class by class, each with its video.

What needs more than the ranks of the frames that show a class: test sets
drawn again, calibration. Files are read anew for as many classes as fit in
memory together.
"""

from collections import abc
import dataclasses

import numpy as np

from fsn_tf.evaluation import frame_ranks
from fsn_tf.evaluation import resampling

# Scores that lie in memory at a time.
_VALUES_AT_ONCE = 2**25


@dataclasses.dataclass(frozen=True)
class Frames:
    """The frames of an evaluation.

    Attributes:
        passes: Gives a block for each video, in order; called several times.
        num_frames: Of all videos together.
        shown: (K,) int, how many of them show each class.
    """

    passes: abc.Callable[[], abc.Iterable[frame_ranks.Block]]
    num_frames: int
    shown: np.ndarray

    def columns(
        self,
    ) -> abc.Iterator[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
        """Yields (class, its scores (F,), where it shows (F,), video (F,))."""
        num_classes = len(self.shown)
        size = max(_VALUES_AT_ONCE // max(self.num_frames, 1), 1)
        for first in range(0, num_classes, size):
            some = slice(first, min(first + size, num_classes))
            parts = [
                (np.array(values[:, some].T), np.array(labels[:, some].T))
                for values, labels in self.passes()
            ]
            video = np.repeat(
                np.arange(len(parts)), [x.shape[1] for x, _ in parts]
            )
            values, labels = map(np.hstack, zip(*parts, strict=True))
            del parts
            for row, label in enumerate(range(some.start, some.stop)):
                yield label, values[row], labels[row], video


def resampled(frames: Frames, weights: np.ndarray) -> dict[str, np.ndarray]:
    """AP and cAP of every class in test sets drawn again.

    Args:
        frames: Of V videos.
        weights: (B, V), see resampling.draws.

    Returns:
        {"AP": (B, K), "cAP": (B, K)}; NaN where a set does not show a class.
    """
    shape = len(weights), len(frames.shown)
    found = {name: np.full(shape, np.nan) for name in ("AP", "cAP")}
    weights = weights.astype(float)
    for label, scores, shown, video in frames.columns():
        if shown.any():
            # Adding 0 turns -0.0 into 0.0, its equal.
            order = np.argsort(-(scores + scores.dtype.type(0)), kind="stable")
            precision = _precisions(video[order], shown[order], weights)
            for name, values in zip(found, precision, strict=True):
                found[name][:, label] = values
    return found


def _precisions(video, shown, weights):
    """(AP (B,), cAP (B,)) of one class, ranked."""
    hits, num_videos = np.flatnonzero(shown), weights.shape[1]
    totals = weights @ np.bincount(video[hits], minlength=num_videos)
    whole = weights @ np.bincount(video, minlength=num_videos)
    # Negatives for each positive; where there are none, none is false.
    odds = np.where(whole > totals, (whole - totals) / np.maximum(totals, 1), 1)
    plain, calibrated = np.zeros((2, len(weights)))
    true_before = np.zeros((len(weights), 1))
    for some, seen in resampling.seen_at(video, hits, weights):
        copies = weights[:, video[hits[some]]]
        true = np.cumsum(copies, axis=1) + true_before
        true_before = true[:, -1:].copy()
        false = (seen - true) / odds[:, None]
        plain += (copies * true / np.maximum(seen, 1)).sum(axis=1)
        calibrated += (copies * true / np.maximum(true + false, 1e-300)).sum(
            axis=1
        )
    known = totals > 0
    return [
        np.where(known, x / np.maximum(totals, 1), np.nan)
        for x in (plain, calibrated)
    ]


def class_mean(per_class: np.ndarray) -> np.ndarray:
    """(B,) mean of (B, K) over the classes that are numbers, or NaN."""
    known = ~np.isnan(per_class)
    return np.divide(
        np.where(known, per_class, 0).sum(axis=1),
        known.sum(axis=1),
        out=np.full(len(per_class), np.nan),
        where=known.any(axis=1),
    )
