"""Frame scores smoothed and grouped into segments, video after video."""

from collections import abc
import dataclasses

from fsn_tf import segments
from fsn_tf.evaluation import cdc
from fsn_tf.evaluation import scored_videos
from fsn_tf.evaluation import waiting
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import thresholds as grouping_thresholds


class Scored:
    """The scores of annotated videos, one video after another.

    Args:
        found: {video: its scores}.
        annotations: Of the same classes.
        settings: settings.Detection; how scores are smoothed and grouped.
    """

    def __init__(self, found, annotations, settings):
        self._found = found
        self._annotations = annotations
        self._settings = settings
        self._parts: dict[str, segments.Detections] = {}

    def videos(self) -> abc.Iterator[tuple[str, frame_scores.FrameScores]]:
        """Yields (video, smoothed scores); each is grouped the first time."""
        names = self._annotations.videos
        for video in waiting.followed(names, len(names), "videos"):
            one = scored_videos.of_video(self._found, video, self._annotations)
            if self._settings.smoothing != "none":
                one = dataclasses.replace(one, scores=cdc.max5(one.scores))
            if video not in self._parts:
                self._parts[video] = self._grouped(video, one)
            if self._settings.copy_cliff_diving:
                copied = cdc.with_copied_scores(one.actions, one.action_classes)
                one = dataclasses.replace(
                    one, scores=copied, classes=one.action_classes
                )
            yield video, one

    def _grouped(self, video, one):
        """The segments that thresholds make of its scores."""
        return grouping_thresholds.detections(
            [(video, one.actions, one.fps)],
            self._annotations.classes,
            thresholds=self._settings.levels(self._annotations.classes),
            confidence=self._settings.confidence,
            tidied=self._settings.tidied,
        )

    def detections(self) -> segments.Detections:
        """What grouping found in all of them, once they were gone through."""
        if not self._parts:
            return grouping_thresholds.detections([], self._annotations.classes)
        # Let go of, as there may be millions.
        parts, self._parts = list(self._parts.values()), {}
        return segments.join(parts)
