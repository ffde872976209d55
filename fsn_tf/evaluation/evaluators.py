"""What evaluates what was read, by the kind of its settings."""

from collections import abc
import dataclasses
import typing

from fsn_tf import segments
from fsn_tf.evaluation import classification
from fsn_tf.evaluation import detection
from fsn_tf.evaluation import frame_protocols
from fsn_tf.evaluation import grouped_scores
from fsn_tf.evaluation import measures
from fsn_tf.evaluation import phases
from fsn_tf.evaluation import results
from fsn_tf.evaluation import scored_videos
from fsn_tf.evaluation import segmentation
from fsn_tf.evaluation import settings as evaluation_settings
from fsn_tf.evaluation import spotting

Result = (
    detection.Result
    | segmentation.Result
    | classification.Result
    | measures.Result
)


@dataclasses.dataclass(frozen=True)
class Given:
    """What was read of the files, before it is evaluated.

    Attributes:
        found: Detections, {video: its scores}, or FrameLabels.
        truth: Annotations, FrameLabels or VideoLabels.
        notes: What was odd in these files.
        origin: Which files they are.
    """

    found: typing.Any
    truth: typing.Any
    notes: tuple[str, ...]
    origin: results.Origin


def evaluate(given: Given, settings: evaluation_settings.Settings) -> Result:
    """Evaluates what was read.

    Raises:
        InputError: What was found does not fit the ground truth.
    """
    return _EVALUATE[type(settings)](given, settings)


def _detection(given, settings):
    return detection.evaluate(
        given.found,
        given.truth,
        settings,
        origin=given.origin,
        notes=given.notes,
    )


def _frames(given, settings):
    return frame_protocols.evaluate(
        given.found, given.truth, settings, origin=given.origin
    )


def _spotting(given, settings):
    found, notes = given.found, given.notes
    if not isinstance(found, segments.Detections):
        rules = evaluation_settings.Detection(
            confidence=settings.confidence, smoothing=settings.smoothing
        )
        scores = grouped_scores.Scored(
            found,
            given.truth,
            rules,
            thin=lambda one: spotting.thinned(one, settings),
        )
        notes = scored_videos.left_out(found, given.truth)
        for _ in scores.videos():
            pass
        found = _joined(scores.parts(), given.truth)
    return spotting.evaluate(
        found, given.truth, settings, origin=given.origin, notes=notes
    )


def _joined(parts, truth):
    """The detections of all videos; of none there is nothing."""
    if parts:
        return segments.join(parts)
    return segments.Detections.from_rows([], classes=truth.classes)


def _segmentation(given, settings):
    return segmentation.evaluate(
        given.found, given.truth, settings, origin=given.origin
    )


def _phases(given, settings):
    del settings  # It has none.
    return phases.evaluate(given.found, given.truth, origin=given.origin)


def _classification(given, settings):
    del settings  # It has none.
    return classification.evaluate(
        given.found, given.truth, origin=given.origin
    )


_EVALUATE: dict[type, abc.Callable[..., Result]] = {
    evaluation_settings.Detection: _detection,
    evaluation_settings.Segmentation: _segmentation,
    evaluation_settings.Classification: _classification,
    evaluation_settings.Frames: _frames,
    evaluation_settings.Spotting: _spotting,
    evaluation_settings.Phases: _phases,
}
