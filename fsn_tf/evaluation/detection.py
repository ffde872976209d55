"""Frame mAP and segment mAP of frame scores or detections (Section 4.2)."""

from collections import abc
import dataclasses

import numpy as np

from fsn_tf import fingerprints
from fsn_tf import progress
from fsn_tf import segments
from fsn_tf.evaluation import cdc
from fsn_tf.evaluation import diagnosis
from fsn_tf.evaluation import frame_ranks
from fsn_tf.evaluation import metrics
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking
from fsn_tf.evaluation import results
from fsn_tf.evaluation import scored_videos
from fsn_tf.evaluation import settings as evaluation_settings
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import suppression
from fsn_tf.grouping import thresholds as grouping_thresholds

# NMS tIoU is that much lower than the evaluation's (Section 4.2).
_NMS_MARGIN = 0.1


@dataclasses.dataclass(frozen=True, kw_only=True)
class Result(results.Result):
    """Frame mAP and segment mAP; all of them fractions.

    Attributes:
        instances_per_class: {class: how many are annotated}.
        segment_map: {tIoU: mAP}; None where nothing is annotated.
        segment_ap: {tIoU: {class: AP}}; None for a class without instances.
        average_map: Mean of the mAP at each tIoU.
        frames: How many frames there are; None where there were detections
            instead of scores, as of the next two.
        frame_map: Frame mAP.
        frame_ap: {class: AP}; None for a class that no frame shows.
        detections_tiou: The tIoU of the next two, 0.5 if it is among them.
        detections: Those that are left after the NMS for that tIoU.
        diagnosis: Where mAP is lost, see the module diagnosis; or None.
        rankings: One for each tIoU, in their order.
        instance_counts: (K, V) int, instances by class and video.
    """

    instances_per_class: dict[str, int]
    segment_map: dict[float, float | None]
    segment_ap: dict[float, dict[str, float | None]]
    average_map: float | None
    frames: int | None
    frame_map: float | None
    frame_ap: dict[str, float | None] | None
    detections_tiou: float
    detections: segments.Detections
    diagnosis: dict | None
    rankings: list[ranking.Ranking]
    instance_counts: np.ndarray

    def metrics(self) -> dict[str, object]:
        """The keys of results.json that only detection has."""
        return {
            "instances": sum(self.instances_per_class.values()),
            "instances_per_class": self.instances_per_class,
            "segment_map": {f"{x:g}": y for x, y in self.segment_map.items()},
            "segment_ap": {f"{x:g}": y for x, y in self.segment_ap.items()},
            "average_map": self.average_map,
            "frames": self.frames,
            "frame_map": self.frame_map,
            "frame_ap": self.frame_ap,
            "detections": len(self.detections),
            "detections_tiou": self.detections_tiou,
        }


def evaluate(
    found: segments.Detections | abc.Mapping[str, frame_scores.FrameScores],
    annotations: segments.Annotations,
    settings: evaluation_settings.Detection,
    *,
    origin: results.Origin = results.ARRAYS,
    notes: abc.Sequence[str] = (),
) -> Result:
    """Evaluates detections, or the scores of frames.

    Args:
        found: Detections, or {video: its scores}, of the same classes as the
            annotations. More videos than annotated do not count.
        annotations: The instances to find.
        settings: By which rules.
        origin: The files that both come from.
        notes: What was odd in these files.

    Raises:
        InputError: The classes differ, or an annotated video has no scores.
    """
    options = settings.options()
    of_frames: dict = {"frames": None, "frame_map": None, "frame_ap": None}
    if isinstance(found, segments.Detections):
        detections = found
    else:
        found = scored_videos.called(found, annotations.videos)
        notes = [*notes, *scored_videos.left_out(found, annotations)]
        scores = Scored(found, annotations, settings)
        of_frames = _of_frames(scores, annotations)
        detections = scores.detections()
        options |= settings.options_of_scores()
    if settings.copy_cliff_diving:
        detections = cdc.with_copied_detections(detections)
    return Result(
        protocol=settings.protocol,
        videos=tuple(annotations.videos),
        notes=tuple(notes),
        options=options | origin.options,
        origin=origin,
        ground_truth_sha256=fingerprints.of_annotations(annotations),
        **of_frames,
        **_of_segments(detections, annotations, settings),
    )


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
        for video in progress.followed(names, len(names), "videos"):
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
            thresholds=self._settings.thresholds,
            confidence=self._settings.confidence,
        )

    def detections(self) -> segments.Detections:
        """What grouping found in all of them, once they were gone through."""
        if not self._parts:
            return grouping_thresholds.detections([], self._annotations.classes)
        # Let go of, as there may be millions.
        parts, self._parts = list(self._parts.values()), {}
        return segments.join(parts)


def _of_frames(scores, annotations):
    """The fields of Result that say how well frames are scored."""
    ranks, num_frames = frame_ranks.of_blocks(
        lambda: scored_videos.blocks(scores.videos(), annotations)
    )
    per_class = np.array([metrics.average_precision_at(one) for one in ranks])
    return {
        "frames": num_frames,
        "frame_map": _number(metrics.mean_average_precision(per_class)),
        "frame_ap": _by_class(annotations, per_class),
    }


def _of_segments(found, annotations, settings):
    """The fields of Result that say how well segments are found."""
    protocol, tious = protocols.named(settings.protocol), list(settings.tious)
    annotations = protocol.counted(annotations)
    kept = list(
        progress.followed(_kept(found, settings), len(tious), "tIoU of NMS")
    )
    ranked = ranking.rankings(
        annotations,
        found,
        tious,
        protocol=protocol,
        kept=progress.followed(kept, len(tious), "tIoU"),
    )
    counts = ranking.instance_counts(annotations)  # (K, V)
    totals = counts.sum(axis=1)
    maps, per_class = {}, {}
    for tiou, one in zip(tious, ranked, strict=True):
        mean, values = metrics.ranking_map(one, totals, protocol=protocol)
        maps[tiou] = _number(mean)
        per_class[tiou] = _by_class(annotations, values)
    known = [value for value in maps.values() if value is not None]
    shown = tious.index(0.5) if 0.5 in tious else len(tious) // 2
    lost = None
    if settings.diagnose:
        lost = diagnosis.diagnosis(
            annotations, found, ranked[shown], tious[shown], protocol=protocol
        )
    return {
        "instances_per_class": dict(
            zip(annotations.classes, totals.tolist(), strict=True)
        ),
        "segment_map": maps,
        "segment_ap": per_class,
        "average_map": sum(known) / len(known) if known else None,
        "detections_tiou": tious[shown],
        "detections": found.take(kept[shown]),
        "diagnosis": lost,
        "rankings": ranked,
        "instance_counts": counts,
    }


def _kept(found, settings):
    """For each tIoU a (D,) bool mask, what its NMS leaves."""
    if not settings.nms:
        return [np.ones(len(found), bool)] * len(settings.tious)
    return suppression.each_survivors(
        found, [round(max(x - _NMS_MARGIN, 0), 9) for x in settings.tious]
    )


def _by_class(annotations, values):
    """{class: number} of (K,) values."""
    return {
        name: _number(value)
        for name, value in zip(annotations.classes, values, strict=True)
    }


def _number(value):
    """A float, or None, as JSON has no NaN."""
    return None if np.isnan(value) else float(value)
