"""Detections ranked by score at one tIoU, each with what it found."""

from collections import abc
import dataclasses

import numpy as np

from fsn_tf import errors
from fsn_tf import ranges
from fsn_tf import segments
from fsn_tf.annotations import text_files
from fsn_tf.evaluation import matching
from fsn_tf.evaluation import protocols


@dataclasses.dataclass(frozen=True)
class Ranking:
    """The detections that count, by class, the most confident first.

    Attributes:
        row: (M,) int, place in the table of detections.
        label: (M,) int, index into the classes.
        video: (M,) int, index into the videos of the annotations.
        score: (M,) float.
        instance: (M,) int, the annotated instance that it found, or -1.
    """

    row: np.ndarray
    label: np.ndarray
    video: np.ndarray
    score: np.ndarray
    instance: np.ndarray

    @property
    def right(self) -> np.ndarray:
        """(M,) bool, whether it found an instance."""
        return self.instance >= 0

    def take(self, rows: np.ndarray) -> "Ranking":
        """The ranking of fewer: a bool mask or indices in rising order."""
        names = [field.name for field in dataclasses.fields(self)]
        return Ranking(**{x: getattr(self, x)[rows] for x in names})


def rankings(
    annotations: segments.Annotations,
    detections: segments.Detections,
    tious: abc.Sequence[float],
    *,
    protocol: protocols.Protocol = protocols.THUMOS14,
    kept: abc.Iterable[np.ndarray] | None = None,
) -> list[Ranking]:
    """Matches detections with instances; what tIoU share is computed once.

    Args:
        annotations: The instances to find.
        detections: Of the same classes. Those of videos that are not
            annotated are left out.
        tious: The overlaps that make a detection right.
        protocol: By which they are matched.
        kept: For each tIoU a (D,) bool mask, which detections take part, as
            NMS gives them; None takes all.

    Returns:
        One ranking for each tIoU.

    Raises:
        InputError: The classes differ.
    """
    if detections.classes != annotations.classes:
        raise errors.InputError(
            "detections are of other classes than the annotations: "
            f"{text_files.shown(list(detections.classes))} against "
            f"{text_files.shown(list(annotations.classes))}"
        )
    # Less overlap makes nothing right at any of them.
    given = matching.candidates(annotations, detections, min(tious, default=0))
    if kept is None:
        kept = [np.ones(len(detections), bool)] * len(tious)
    video = _videos(annotations, detections)
    found = []
    for tiou, mask in zip(tious, kept, strict=True):
        takes_part = mask[given.found.row]  # (N,), in the table's order
        able = protocol.reaches(given.tiou, tiou)  # (P,)
        able &= takes_part[given.found_index]
        row, instance = protocol.match(given, able, takes_part)
        found.append(_ranking(detections, video, row, instance))
    return found


def _ranking(detections, video, row, instance):
    """Ranks the detections `row` (M,), which found `instance` (M,)."""
    label, score = detections.label[row], detections.score[row]
    # Stable: equal scores keep the order that the protocol gave them.
    order = np.lexsort((-score, label))
    row, instance = row[order], instance[order]
    return Ranking(row, label[order], video[row], score[order], instance)


def _videos(annotations, detections):
    """(D,) int, the video of each detection among those annotated, or -1."""
    place = {name: index for index, name in enumerate(annotations.videos)}
    places = [place.get(name, -1) for name in detections.videos]
    # The last entry serves a table without videos.
    return np.array([*places, -1])[detections.video]


def ranks(label: np.ndarray) -> np.ndarray:
    """(M,) int, the rank of each within its class, counted from 1.

    Args:
        label: (M,) int in rising order.
    """
    begins = np.flatnonzero(ranges.starts(label))
    sizes = np.diff([*begins, len(label)])
    return np.arange(len(label)) - np.repeat(begins, sizes) + 1


def instance_counts(annotations: segments.Annotations) -> np.ndarray:
    """(K, V) int, how many instances of each class each video shows."""
    label = annotations.class_index
    video = segments.index_of(annotations.videos)
    counts = np.zeros((len(label), len(video)), int)
    places = [(label[x.label], video[x.video]) for x in annotations.instances]
    np.add.at(counts, tuple(np.array(places, int).reshape(-1, 2).T), 1)
    return counts
