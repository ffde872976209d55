"""Frame scores smoothed and grouped into segments, video after video."""

from collections import abc
import dataclasses
import typing

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
        are_grouped: Whether segments are wanted at all.
        thin: What is held of the segments of a video; all if None.
    """

    def __init__(
        self, found, annotations, settings, *, are_grouped=True, thin=None
    ):
        self._found = found
        self._annotations = annotations
        self._settings = settings
        self._parts: dict[str, typing.Any] = {}
        self._are_grouped = are_grouped
        self._thin = thin

    def videos(self) -> abc.Iterator[tuple[str, frame_scores.FrameScores]]:
        """Yields (video, smoothed scores); grouped until detections asks."""
        names = self._annotations.videos
        for video in waiting.followed(names, len(names), "videos"):
            one = scored_videos.of_video(self._found, video, self._annotations)
            if self._settings.smoothing != "none":
                one = dataclasses.replace(one, scores=cdc.max5(one.scores))
            if video not in self._parts and self._are_grouped:
                self._parts[video] = self._grouped(video, one)
            if self._settings.copy_cliff_diving:
                copied = cdc.with_copied_scores(one.actions, one.action_classes)
                one = dataclasses.replace(
                    one, scores=copied, classes=one.action_classes
                )
            yield video, one

    def _grouped(self, video, one):
        """What is held of the segments that thresholds make of its scores."""
        found = grouping_thresholds.detections(
            [(video, one.actions, one.fps)],
            self._annotations.classes,
            thresholds=self._settings.levels(self._annotations.classes),
            confidence=self._settings.confidence,
            tidied=self._settings.tidied,
        )
        return found if self._thin is None else self._thin(found)

    def parts(self) -> list:
        """What is held of each video, once they were gone through."""
        # Let go of, as there may be millions of segments.
        parts, self._parts = list(self._parts.values()), {}
        self._are_grouped = False
        return parts
