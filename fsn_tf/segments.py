"""Instances, detections and frames; where frames meet seconds."""

import dataclasses

import numpy as np

AMBIGUOUS = "Ambiguous"


@dataclasses.dataclass(frozen=True)
class Instance:
    """One annotated action: a label between two times of one video."""

    video: str
    label: str
    start_seconds: float
    end_seconds: float


@dataclasses.dataclass(frozen=True)
class Annotations:
    """Ground truth of a set of videos.

    Attributes:
        classes: The K action names; a label's index is its place here.
        videos: Every video that the source names, in name order, also those
            with ambiguous instances only or with none.
        instances: Actions, in the order of the source. THUMOS'14 matches
            them in this order, so it is part of the result.
        ambiguous: Intervals that are neither action nor background.
        durations_seconds: Length of each video, where the source tells.
        notes: One line for each thing that is legal but odd, and was kept.
    """

    classes: tuple[str, ...]
    videos: tuple[str, ...]
    instances: tuple[Instance, ...]
    ambiguous: tuple[Instance, ...] = ()
    durations_seconds: dict[str, float] = dataclasses.field(
        default_factory=dict
    )
    notes: tuple[str, ...] = ()


_COLUMNS = ("video", "label", "start_seconds", "end_seconds", "score")


@dataclasses.dataclass(frozen=True)
class Detections:
    """Scored segments of many videos, as columns of one table.

    Attributes:
        classes: The K action names.
        videos: Names that `video` points into.
        video: (D,) int, index into videos.
        label: (D,) int, index into classes.
        start_seconds: (D,) float64.
        end_seconds: (D,) float64; before start_seconds is legal.
        score: (D,) float64, higher is more confident.
    """

    classes: tuple[str, ...]
    videos: tuple[str, ...]
    video: np.ndarray
    label: np.ndarray
    start_seconds: np.ndarray
    end_seconds: np.ndarray
    score: np.ndarray

    def __len__(self):
        return len(self.score)

    def take(self, rows):
        """The detections at `rows`: a bool mask or an array of indices."""
        return dataclasses.replace(
            self, **{name: getattr(self, name)[rows] for name in _COLUMNS}
        )


def join(parts):
    """The detections of all parts, in their order.

    Args:
        parts: Detections of the same classes, one or more. A video that
            several have is one.
    """
    videos = tuple(dict.fromkeys(x for part in parts for x in part.videos))
    index = {name: place for place, name in enumerate(videos)}
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in _COLUMNS
    }
    columns["video"] = np.concatenate(
        [
            np.array([index[x] for x in part.videos], int)[part.video]
            for part in parts
        ]
    )
    return Detections(parts[0].classes, videos, **columns)


def tiou(first_start, first_end, second_start, second_end):
    """Temporal intersection over union; broadcasts like NumPy.

    The end points of each interval are put in order first. Two empty
    intervals have no union; their tIoU is 0.
    """
    first_start, first_end = _ordered(first_start, first_end)
    second_start, second_end = _ordered(second_start, second_end)
    intersection = np.minimum(first_end, second_end) - np.maximum(
        first_start, second_start
    )
    intersection = np.maximum(intersection, 0)
    union = (first_end - first_start) + (second_end - second_start)
    union = union - intersection
    return np.divide(
        intersection, union, out=np.zeros_like(union), where=union > 0
    )


def _ordered(start, end):
    start, end = np.asarray(start, float), np.asarray(end, float)
    return np.minimum(start, end), np.maximum(start, end)


def frame_span(start_seconds, end_seconds, *, num_frames, fps):
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


def frame_labels(instances, classes, *, num_frames, fps):
    """Which classes every frame of one video shows (Section 4.2).

    Args:
        instances: Instance of this video alone.
        classes: K action names.
        num_frames: F, frames of the video at fps.
        fps: Frames per second.

    Returns:
        (F, K) bool; a frame may show several classes or none.
    """
    column = {name: index for index, name in enumerate(classes)}
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


def runs(mask):
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


def seconds(frame, fps):
    """Start time of a frame counted from 0; a run ends where its stop starts.

    Frame g is on the screen from g / fps to (g + 1) / fps.
    """
    return np.asarray(frame) / fps
