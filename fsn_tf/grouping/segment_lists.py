"""One list of segments for a person to read, not for an evaluation."""

from collections import abc
import dataclasses

from fsn_tf import segments
from fsn_tf.grouping import frame_scores as score_files
from fsn_tf.grouping import suppression
from fsn_tf.grouping import thresholds as grouping_thresholds
from fsn_tf.grouping import tidying

# The paper suppresses at the tIoU of its evaluation - 0.1; its main one is
# 0.5 (Section 4.2).
NMS_TIOU = 0.4


@dataclasses.dataclass(frozen=True)
class Segment:
    """One action that was found in a video; higher is more confident."""

    label: str
    start_seconds: float
    end_seconds: float
    score: float


def segment_list(
    name: str,
    frame_scores: score_files.FrameScores,
    *,
    threshold: float | abc.Sequence[float],
    union: bool = False,
    tidied: tidying.Tidying = tidying.NOTHING,
) -> segments.Detections:
    """The actions of one video, the best of those that overlap.

    An evaluation wants every candidate, ranked; a person wants each action
    once. So frames are grouped at one threshold, which no segment of the list
    falls below, and NMS runs once.

    Args:
        name: The video's.
        frame_scores: Of every frame.
        threshold: Frames and segments are kept where they are above it; a
            number, or K of them, one for each class.
        union: Group at all thresholds of the paper (choice C18) instead: the
            edges of each segment are then those of its most confident grouping.
        tidied: How the groups of each threshold are tidied. A gap that is
            bridged counts for the score, which may then fall to the threshold.

    Returns:
        The actions, ordered by class, start and end.
    """
    classes, found = frame_scores.action_classes, []
    limits = (
        [threshold] * len(classes)
        if isinstance(threshold, int | float)
        else threshold
    )
    for label, (class_name, limit) in enumerate(
        zip(classes, limits, strict=True)
    ):
        levels = grouping_thresholds.THRESHOLDS if union else (limit,)
        # One class at a time: a long video's scores are not held twice over.
        column = frame_scores.actions[:, label : label + 1]
        mine = grouping_thresholds.detections(
            [(name, column, frame_scores.fps)],
            [class_name],
            thresholds=levels,
            tidied=tidied,
        )
        if union or not tidied.max_gap_seconds:
            mine = mine.take(mine.score > limit)
        mine = suppression.non_maximum_suppression(mine, NMS_TIOU)
        found.append(
            dataclasses.replace(mine, classes=classes, label=mine.label + label)
        )
    return segments.join(found)


def of_video(detections: segments.Detections, index: int) -> list[Segment]:
    """The segments of the video of this index, in time order."""
    mine = detections.take(detections.video == index)
    rows = zip(
        mine.start_seconds.tolist(),
        mine.end_seconds.tolist(),
        (mine.classes[label] for label in mine.label),
        mine.score.tolist(),
        strict=True,
    )
    return [
        Segment(label, start, end, score)
        for start, end, label, score in sorted(rows)
    ]


def lines(detections: segments.Detections) -> list[str]:
    """Lines for a terminal: each video's segments under its name."""
    shown = []
    for index, video in enumerate(detections.videos):
        shown.append(f"{video}:")
        for one in of_video(detections, index):
            shown.append(
                f"{one.start_seconds:10.2f} s {one.end_seconds:10.2f} s  "
                f"{one.label:<20} {one.score:.3f}"
            )
    return shown
