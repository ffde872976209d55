"""Accuracy of whole videos: top-1, top-k, of every class, confusion."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Accuracy:
    """How often the classes of videos are found.

    A video with several labels is right where what was found is one of them,
    and counts in full for each of its classes.

    Attributes:
        top1: Share of the videos whose most probable class is right.
        topk: Share with a right class among the k most probable; None where
            there are no more than k classes.
        per_class: (K,) share of a class's videos that are right; NaN for a
            class without videos.
        confusion: (K, K) int, videos of a class (row) by what was found
            (column). A right video is on the diagonal of all its rows.
    """

    top1: float
    topk: float | None
    per_class: np.ndarray
    confusion: np.ndarray

    @property
    def mean_per_class(self):
        """Mean over the classes that have videos."""
        return float(np.nanmean(self.per_class))


def accuracy(scores, labels, *, k=5):
    """Compares scores with labels.

    Args:
        scores: (V, K) score of every class for every video; among equals the
            first class is taken.
        labels: (V, K) bool; one label or more per video.
        k: How many classes topk looks at.

    Returns:
        Accuracy.
    """
    num_classes = labels.shape[1]
    ranking = np.argsort(-scores, axis=1, kind="stable")
    hits = np.take_along_axis(labels, ranking, axis=1)
    right, found = hits[:, 0], ranking[:, 0]
    video, true = np.nonzero(labels)
    column = np.where(right[video], true, found[video])
    confusion = np.zeros((num_classes, num_classes), int)
    np.add.at(confusion, (true, column), 1)
    videos = confusion.sum(axis=1)
    per_class = np.where(
        videos, np.diag(confusion) / np.maximum(videos, 1), np.nan
    )
    return Accuracy(
        top1=float(right.mean()),
        topk=(
            float(hits[:, :k].any(axis=1).mean()) if num_classes > k else None
        ),
        per_class=per_class,
        confusion=confusion,
    )
