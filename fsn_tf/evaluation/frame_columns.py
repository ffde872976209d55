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


def resampled(
    frames: Frames, weights: np.ndarray, *, is_calibrated: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """AP and cAP of every class in test sets drawn again.

    Args:
        frames: Of V videos.
        weights: (B, V), see resampling.draws.
        is_calibrated: Whether cAP is wanted too, which costs as much again.

    Returns:
        (AP (B, K), cAP (B, K)); NaN where a set does not show a class.
    """
    plain, calibrated = np.full((2, len(weights), len(frames.shown)), np.nan)
    drawn = resampling.by_video(weights)
    for label, scores, shown, video in frames.columns():
        if not shown.any():
            continue
        # Adding 0 turns -0.0 into 0.0, its equal.
        order = np.argsort(-(scores + scores.dtype.type(0)), kind="stable")
        video, hits = video[order], np.flatnonzero(shown[order])
        plain[:, label] = _precision(video, hits, drawn)
        if is_calibrated:
            odds = _odds(video, hits, drawn)
            calibrated[:, label] = _precision(video, hits, drawn, odds)
    return plain, calibrated


def _odds(video, hits, drawn):
    """(B,) drawn negatives for each positive; 1 where no negative is."""
    whole, shown = (
        np.bincount(some, minlength=len(drawn)).astype(float) @ drawn
        for some in (video, video[hits])
    )
    odds = (whole - shown) / np.maximum(shown, 1)
    return np.where(whole > shown, odds, 1)


def _precision(video, hits, drawn, odds=None):
    """(B,) mean precision at the hits; `drawn` (V, B)."""
    total, before = np.zeros((2, drawn.shape[1]))
    shown = np.bincount(video[hits], minlength=len(drawn)).astype(float)
    count = shown @ drawn
    for some, seen in resampling.seen_at(video, hits, drawn):
        copies = drawn[video[hits[some]]]  # (h, B)
        true = np.cumsum(copies, axis=0)
        true += before
        before = true[-1].copy()
        if odds is not None:
            seen -= true
            seen /= odds
            seen += true
        # What is not drawn yet has no copies, whatever it is divided by.
        np.maximum(seen, 1e-300, out=seen)
        true /= seen
        total += np.einsum("hb,hb->b", copies, true)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def class_mean(per_class: np.ndarray) -> np.ndarray:
    """(B,) mean of (B, K) over the classes that are numbers, or NaN."""
    known = ~np.isnan(per_class)
    return np.divide(
        np.where(known, per_class, 0).sum(axis=1),
        known.sum(axis=1),
        out=np.full(len(per_class), np.nan),
        where=known.any(axis=1),
    )
