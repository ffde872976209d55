"""One list of segments for a person to read, not for an evaluation."""

from fsn_tf import localization

# The paper suppresses at the tIoU of its evaluation - 0.1; its main one is
# 0.5 (Section 4.2).
NMS_TIOU = 0.4


def segment_list(name, frame_scores, *, threshold, union=False):
    """The actions of one video, surest overlaps only.

    An evaluation wants every candidate, ranked; a person wants each action
    once. So frames are grouped at one threshold, which no segment of the list
    falls below, and NMS runs once.

    Args:
        name: The video's.
        frame_scores: scores.FrameScores.
        threshold: Frames and segments are kept where they are above it.
        union: Group at all thresholds of the paper (choice C18) instead: the
            edges of each segment are then those of its surest grouping.

    Returns:
        segments.Detections ordered by class, start and end.
    """
    levels = localization.THRESHOLDS if union else (threshold,)
    found = localization.detections(
        [(name, frame_scores.actions, frame_scores.fps)],
        frame_scores.action_classes,
        thresholds=levels,
    )
    found = found.take(found.score > threshold)
    return localization.non_maximum_suppression(found, NMS_TIOU)


def lines(detections):
    """Lines for a terminal: each video's segments under its name."""
    shown = []
    for index, video in enumerate(detections.videos):
        mine = detections.take(detections.video == index)
        rows = zip(
            mine.start_seconds,
            mine.end_seconds,
            (mine.classes[label] for label in mine.label),
            mine.score,
            strict=True,
        )
        shown.append(f"{video}:")
        for start, end, label, score in sorted(rows):
            shown.append(
                f"{start:10.2f} s {end:10.2f} s  {label:<20} {score:.3f}"
            )
    return shown
