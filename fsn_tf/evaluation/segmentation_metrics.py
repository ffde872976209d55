"""Frame-wise segmentation: accuracy, edit score and F1@k (Lea et al. 2017).

As in the code that Lea et al. published with ED-TCN, each metric is computed
for every video and averaged over the videos, and a background class, where
there is one, is left out of edit score and F1 but not of the accuracy.
"""

from collections import abc
import dataclasses

import numpy as np

F1_TIOUS = (0.1, 0.25, 0.5)

# (label, first, stop), each (S,) int: S runs of one class in order of time.
Runs = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclasses.dataclass(frozen=True)
class Scores:
    """The metrics of each video, and what sums up all frames and segments.

    Attributes:
        accuracy: (V,) share of the frames that are right.
        edit: (V,) in [0, 1].
        f1: (V, len(F1_TIOUS)) in [0, 1].
        micro_accuracy: Of the frames of all videos together.
        micro_f1: (len(F1_TIOUS),) of the segments of all videos together.
        counts: (V, len(F1_TIOUS), 3) int, what hits returns of each video.
    """

    accuracy: np.ndarray
    edit: np.ndarray
    f1: np.ndarray
    micro_accuracy: float
    micro_f1: np.ndarray
    counts: np.ndarray


def scores(
    truths: abc.Sequence[np.ndarray],
    predictions: abc.Sequence[np.ndarray],
    *,
    background: int | abc.Sequence[int] | None = None,
) -> Scores:
    """Metrics of a set of videos.

    Args:
        truths: For each video (F,) int, the true class of every frame.
        predictions: For each video (F,) int, the class that was predicted.
        background: The class, or classes, that edit score and F1 leave out,
            or None.
    """
    videos = list(zip(truths, predictions, strict=True))
    right = np.array([np.sum(true == found) for true, found in videos])
    sizes = np.array([len(true) for true in truths])
    pairs = [
        (segments(true, background), segments(found, background))
        for true, found in videos
    ]
    counts = np.array(
        [[hits(*pair, tiou) for tiou in F1_TIOUS] for pair in pairs]
    )
    return Scores(
        accuracy=right / sizes,
        edit=np.array([edit_score(a[0], b[0]) for a, b in pairs]),
        f1=f1_of(counts),
        micro_accuracy=right.sum() / sizes.sum(),
        micro_f1=f1_of(counts.sum(axis=0)),
        counts=counts,
    )


def f1_names(tious: abc.Iterable[float]) -> list[str]:
    """What the tIoU are called in F1@k: 50 where it is 0.5."""
    return [f"{100 * tiou:g}" for tiou in tious]


def named_f1(f1: abc.Mapping[float, float]) -> dict[str, float]:
    """{0.5: F1} -> {"50": F1}."""
    return dict(zip(f1_names(f1), f1.values(), strict=True))


def resampled(
    measured: Scores, frames: np.ndarray, weights: np.ndarray
) -> dict[str, np.ndarray]:
    """The metrics of test sets whose videos were drawn again.

    Args:
        measured: Of V videos.
        frames: (V,) int, how many each has.
        weights: (B, V) int, how often each is drawn.

    Returns:
        {name: (B,)}, means over videos and metrics of all together.
    """
    means = {"accuracy": measured.accuracy, "edit": measured.edit}
    names = [f"F1@{name}" for name in f1_names(F1_TIOUS)]
    means |= dict(zip(names, measured.f1.T, strict=True))
    found = {x: weights @ y / len(frames) for x, y in means.items()}
    right = weights @ np.round(measured.accuracy * frames)
    found["accuracy of all"] = right / (weights @ frames)
    counts = np.tensordot(weights, measured.counts, axes=1)  # (B, 3 tIoU, 3)
    micro = zip(names, f1_of(counts).T, strict=True)
    return found | {f"{name} of all": values for name, values in micro}


def segments(
    labels: np.ndarray,
    background: int | abc.Sequence[int] | None = None,
) -> Runs:
    """Maximal runs of one class, without those of the background.

    Args:
        labels: (F,) int, the class of every frame.
        background: The class, or classes, to leave out, or None.

    Returns:
        (label, first, stop), each (S,) int, in order of time.
    """
    edges = np.flatnonzero(np.diff(labels)) + 1
    first = np.concatenate([[0], edges])
    stop = np.concatenate([edges, [len(labels)]])
    label = np.asarray(labels)[first]
    kept = (
        np.full(len(label), True)
        if background is None
        else ~np.isin(label, background)
    )
    return label[kept], first[kept], stop[kept]


def edit_score(true: np.ndarray, found: np.ndarray) -> float:
    """1 - Levenshtein distance / length of the longer sequence.

    Args:
        true, found: (S,) int each, the classes of segments.

    Returns:
        A number in [0, 1]; 1 for two empty sequences.
    """
    longer = max(len(true), len(found))
    if not longer:
        return 1.0
    # One row of the usual table at a time. Insertions along the row are a
    # running minimum, once each cell is measured from its own column.
    columns = np.arange(len(found) + 1)  # (N + 1,), as every row
    row = columns
    for number, label in enumerate(true, start=1):
        replaced = row[:-1] + (found != label)
        best = np.minimum(replaced, row[1:] + 1)
        row = np.concatenate([[number], best]) - columns
        row = np.minimum.accumulate(row) + columns
    return 1 - row[-1] / longer


def hits(true: Runs, found: Runs, tiou: float) -> tuple[int, int, int]:
    """Predicted segments that are right.

    In order of time, each is right if the segment of its class that it
    overlaps most (among equals the first) reaches the tIoU and no earlier one
    took it.

    Args:
        true, found: What `segments` returns.
        tiou: The overlap to reach.

    Returns:
        (right, predicted, annotated): three counts.
    """
    true_label, true_first, true_stop = true
    taken = np.zeros(len(true_label), bool)
    for label, first, stop in zip(*found, strict=True):
        mine = np.flatnonzero(true_label == label)  # of its class
        if not mine.size:
            continue
        shared = np.minimum(true_stop[mine], stop) - np.maximum(
            true_first[mine], first
        )
        union = np.maximum(true_stop[mine], stop) - np.minimum(
            true_first[mine], first
        )
        # Where two segments are apart the union is too long and the shared
        # part negative, which is no overlap either way.
        overlap = shared / union
        best = overlap.argmax()
        if overlap[best] >= tiou:
            taken[mine[best]] = True
    return taken.sum(), len(found[0]), len(true_label)


def f1_of(counts: np.ndarray) -> np.ndarray:
    """2 x right / (predicted + annotated); 1 where there is nothing.

    Args:
        counts: (..., 3) right, predicted and annotated.
    """
    right, predicted, annotated = np.moveaxis(counts, -1, 0)
    total = predicted + annotated
    return np.where(total, 2 * right / np.maximum(total, 1), 1.0)
