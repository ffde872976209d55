"""Intervals of time; where frames meet seconds."""

from collections.abc import Iterable
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fsn_tf.segments import columns
from fsn_tf.segments.instances import Instance


def tiou(
    first_start: npt.ArrayLike,
    first_end: npt.ArrayLike,
    second_start: npt.ArrayLike,
    second_end: npt.ArrayLike,
) -> np.ndarray:
    """Temporal intersection over union; broadcasts like NumPy.

    The end points of each interval are put in order first. Two empty
    intervals have no union; their tIoU is 0.
    """
    low, high = _ordered(first_start, first_end)
    other_low, other_high = _ordered(second_start, second_end)
    intersection = np.minimum(high, other_high) - np.maximum(low, other_low)
    intersection = np.maximum(intersection, 0)
    union = (high - low) + (other_high - other_low)
    union = union - intersection
    return np.divide(
        intersection, union, out=np.zeros_like(union), where=union > 0
    )


def _ordered(start, end):
    start, end = np.asarray(start, float), np.asarray(end, float)
    return np.minimum(start, end), np.maximum(start, end)


def frame_span(
    start_seconds: float, end_seconds: float, *, num_frames: int, fps: float
) -> tuple[int, int]:
    """Frames that show an action between two times.

    Counted from 1, frame f shows it iff r(fps * start) <= f <= r(fps * end),
    where r rounds halves away from zero: the rule behind THUMOS'14's
    published frame labels.

    Returns:
        (first, stop) frame indices counted from 0, half open, inside the
        video; first >= stop if the action has no frame.
    """
    first = max(_round_half_up(fps * start_seconds), 1) - 1
    stop = min(_round_half_up(fps * end_seconds), num_frames)
    return first, stop


def _round_half_up(value):
    # Times are not negative, so up is away from zero. Adding 0.5 before
    # truncating would round 0.49999999999999994 wrongly.
    whole = np.floor(value)
    return int(whole) + int(value - whole >= 0.5)


def frame_labels(
    instances: Iterable[Instance],
    classes: Sequence[str],
    *,
    num_frames: int,
    fps: float,
) -> np.ndarray:
    """Which classes every frame of one video shows (Section 4.2).

    Args:
        instances: Instance of this video alone.
        classes: K action names.
        num_frames: F, frames of the video at fps.
        fps: Frames per second.

    Returns:
        (F, K) bool; a frame may show several classes or none.
    """
    column = columns.index_of(classes)
    labels = np.zeros((num_frames, len(classes)), bool)
    for instance in instances:
        first, stop = frame_span(
            instance.start_seconds,
            instance.end_seconds,
            num_frames=num_frames,
            fps=fps,
        )
        labels[first:stop, column[instance.label]] = True
    return labels


def runs(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Maximal runs of adjacent True along the last axis, row by row.

    Args:
        mask: (R, F) bool.

    Returns:
        (row, first, stop), each (S,) int: frames first..stop-1 of that row
        are True. Ordered by row, then by time.
    """
    rows, frames = mask.shape
    # A False on either side of every row, so that no run leaves its row.
    padded = np.zeros((rows, frames + 2), bool)
    padded[:, 1:-1] = mask
    flat = padded.ravel()
    changes = np.flatnonzero(flat[1:] != flat[:-1])
    row, first = np.divmod(changes[::2], frames + 2)
    return row, first, first + changes[1::2] - changes[::2]


def seconds(frame: npt.ArrayLike, fps: float) -> np.ndarray:
    """Start time of a frame counted from 0; a run ends where its stop starts.

    Frame g is on the screen from g / fps to (g + 1) / fps.
    """
    return np.asarray(frame) / fps
