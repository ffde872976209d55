"""Detections ranked by score at one tIoU, each with what it found."""

import collections
import dataclasses

import numpy as np

from fsn_tf import ranges
from fsn_tf.evaluation import matching


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
    def right(self):
        """(M,) bool, whether it found an instance."""
        return self.instance >= 0

    def take(self, rows):
        """The ranking of fewer: a bool mask or indices in rising order."""
        names = [field.name for field in dataclasses.fields(self)]
        return Ranking(**{x: getattr(self, x)[rows] for x in names})


def rankings(annotations, detections, tious, *, protocol="thumos14", kept=None):
    """Matches detections with instances; what tIoU share is computed once.

    Args:
        annotations: segments.Annotations.
        detections: segments.Detections of the same classes. Those of videos
            that are not annotated are left out.
        tious: The overlaps that make a detection right.
        protocol: A key of MATCHES.
        kept: For each tIoU a (D,) bool mask, which detections take part, as
            NMS gives them; None takes all.

    Returns:
        [Ranking], one for each tIoU.
    """
    if detections.classes != annotations.classes:
        raise ValueError("annotations and detections name different classes")
    given = matching.candidates(annotations, detections)
    if kept is None:
        kept = [np.ones(len(detections), bool)] * len(tious)
    video = _videos(annotations, detections)
    return [
        _ranking(detections, video, *MATCHES[protocol](given, tiou, mask))
        for tiou, mask in zip(tious, kept, strict=True)
    ]


def _ranking(detections, video, row, instance):
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


def ranks(label):
    """(M,) int, the rank of each within its class, counted from 1.

    Args:
        label: (M,) int in rising order.
    """
    begins = np.flatnonzero(ranges.starts(label))
    sizes = np.diff([*begins, len(label)])
    return np.arange(len(label)) - np.repeat(begins, sizes) + 1


def instance_counts(annotations):
    """(K, V) int, how many instances of each class each video shows."""
    count = collections.Counter(
        (x.label, x.video) for x in annotations.instances
    )
    return np.array(
        [
            [count[label, video] for video in annotations.videos]
            for label in annotations.classes
        ],
        int,
    ).reshape(len(annotations.classes), len(annotations.videos))


# Which detections are right (choice C28); metrics says what sums them up.
MATCHES = {
    "thumos14": matching.match_thumos14,
    "thumos14-2014": matching.match_thumos14_2014,
    "activitynet": matching.match_activitynet,
}
