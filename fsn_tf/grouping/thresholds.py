"""From frame probabilities to segments: thresholds (Section 3.5)."""

from collections import abc

import numpy as np

from fsn_tf import segments
from fsn_tf.grouping import tidying

# 0 gives the whole video and 1 nothing: they are the paper's (choice C18).
THRESHOLDS = tuple(step / 10 for step in range(11))
CONFIDENCES = ("mean", "max")


def detections(
    videos: abc.Iterable[tuple[str, np.ndarray, float]],
    classes: abc.Sequence[str],
    *,
    thresholds: abc.Sequence[float | abc.Sequence[float]] = THRESHOLDS,
    confidence: str = "mean",
    tidied: tidying.Tidying = tidying.NOTHING,
) -> segments.Detections:
    """Groups the frames of many videos into scored segments.

    Args:
        videos: Iterable of (name, (T, K) probabilities, fps).
        classes: K action names; the background is not among them.
        thresholds: Frames above any of these are grouped; each is a number, or
            K of them, one for each class.
        confidence: "mean" or "max" of the frames inside (choice C20); how
            long a segment is plays no part (choice C27).
        tidied: How the groups of each threshold are tidied.

    Returns:
        What was found, ordered by video, class, start and end.
    """
    names, columns = [], []
    for index, (name, probabilities, fps) in enumerate(videos):
        label, first, stop = group(
            probabilities, thresholds, tidied=tidied, fps=fps
        )
        score = _confidence(probabilities, label, first, stop, confidence)
        start, end = segments.seconds(first, fps), segments.seconds(stop, fps)
        video = np.full(len(label), index)
        names.append(name)
        columns.append((video, label, start, end, score))
    if not names:
        columns = [(np.zeros(0, int),) * 2 + (np.zeros(0),) * 3]
    joined = (np.concatenate(column) for column in zip(*columns, strict=True))
    return segments.Detections(tuple(classes), tuple(names), *joined)


def group(
    probabilities: np.ndarray,
    thresholds: abc.Sequence[float | abc.Sequence[float]] = THRESHOLDS,
    *,
    tidied: tidying.Tidying = tidying.NOTHING,
    fps: float = 1.0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Runs of adjacent frames above a threshold, for each threshold.

    Args:
        probabilities: (T, K) of one video.
        thresholds: A frame counts where it is strictly above. They take the
            precision of the probabilities, so 0.3 is never above 0.3. Each
            is a number, or K of them, one for each class.
        tidied: How the runs of each threshold are tidied.
        fps: Frames per second, for that.

    Returns:
        (label, first, stop), each (S,) int: frames first..stop-1 of a class.
        A run that several thresholds give is there once (choice C19).
        Ordered by class, first and stop.
    """
    by_class = np.ascontiguousarray(probabilities.T, np.float32)  # (K, T)
    size, keys = by_class.shape[1] + 1, []
    levels = np.asarray(thresholds, probabilities.dtype).astype(np.float32)
    for level in levels:
        # A number, or (K, 1).
        above = by_class > np.expand_dims(level, -1)
        label, first, stop = tidied.runs(*segments.runs(above), fps)
        # One integer for each run, in order of class, first and stop.
        keys.append((label * size + first) * size + stop)
    label_and_first, stop = np.divmod(np.unique(np.concatenate(keys)), size)
    label, first = np.divmod(label_and_first, size)
    return label, first, stop


def _confidence(probabilities, label, first, stop, kind):
    """(S,) float64, the mean or maximum of a class inside each segment."""
    num_frames, num_classes = probabilities.shape
    # (S,) where the row of a segment's class starts in a table of one column
    # more than there are frames, laid flat.
    row = label * (num_frames + 1)
    if kind == "max":
        padded = np.zeros((num_classes, num_frames + 1))
        padded[:, :-1] = probabilities.T
        # Every other slice is the gap between two segments.
        edges = np.stack([row + first, row + stop], axis=1).ravel()  # (2 S,)
        return np.maximum.reduceat(padded.ravel(), edges)[::2]
    if kind != "mean":
        raise ValueError(f"confidence must be mean or max, not {kind!r}")
    # Of the frames before each one.
    sums = np.zeros((num_classes, num_frames + 1))
    np.cumsum(probabilities.T, axis=1, dtype=float, out=sums[:, 1:])
    sums = sums.ravel()
    return (sums[row + stop] - sums[row + first]) / (stop - first)
