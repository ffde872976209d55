"""Frame mAP and segment mAP of frame scores or detections (Section 4.2)."""

from collections import abc
import dataclasses
import functools

import numpy as np

from fsn_tf import fingerprints
from fsn_tf import segments
from fsn_tf.evaluation import diagnosis
from fsn_tf.evaluation import frame_columns
from fsn_tf.evaluation import frame_ranks
from fsn_tf.evaluation import grouped_scores
from fsn_tf.evaluation import metrics
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking
from fsn_tf.evaluation import resampling
from fsn_tf.evaluation import results
from fsn_tf.evaluation import scored_videos
from fsn_tf.evaluation import segment_f1
from fsn_tf.evaluation import settings as evaluation_settings
from fsn_tf.evaluation import thinning
from fsn_tf.evaluation import waiting
from fsn_tf.grouping import frame_scores


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
        segment_f1: segment_f1.of_classes, where settings.is_a_list; or None.
        scored_frames: The frames and their scores; None without scores.
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
    scored_frames: frame_columns.Frames | None
    segment_f1: dict | None = None

    def figures(self) -> dict[str, float | None]:
        """mAP at every tIoU, their mean, and frame mAP where it is known."""
        maps = {f"tIoU {x:g}": y for x, y in self.segment_map.items()}
        found = {**maps, "mean": self.average_map}
        if self.frame_map is not None:
            found["frame mAP"] = self.frame_map
        return found

    def metrics(self) -> dict[str, object]:
        """The keys of results.json that only detection has."""
        of_list = {"segment_f1": self.segment_f1} if self.segment_f1 else {}
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
            **of_list,
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
    of_frames["scored_frames"] = None
    if isinstance(found, segments.Detections):
        left = thinning.thinned(found, settings)
    else:
        found = scored_videos.called(found, annotations.videos)
        notes = [*notes, *scored_videos.left_out(found, annotations)]
        scores = grouped_scores.Scored(
            found,
            annotations,
            settings,
            thin=lambda one: thinning.thinned(one, settings),
        )
        of_frames = _of_frames(scores, annotations)
        left = _joined(scores.parts(), annotations, settings)
        options |= settings.options_of_scores()
    of_segments = _of_segments(left, annotations, settings)
    return Result(
        protocol=settings.protocol,
        videos=tuple(annotations.videos),
        notes=tuple(notes),
        options=options | origin.options,
        origin=origin,
        ground_truth_sha256=fingerprints.of_annotations(annotations),
        resample=functools.partial(
            _resampled,
            protocols.named(settings.protocol),
            dict(zip(settings.tious, of_segments["rankings"], strict=True)),
            of_segments["instance_counts"],
            of_frames["scored_frames"],
        ),
        **of_frames,
        **of_segments,
    )


def _joined(parts, annotations, settings):
    """What is left of all videos; of none there is nothing."""
    if parts:
        return thinning.joined(parts)
    none = segments.Detections.from_rows([], classes=annotations.classes)
    return thinning.thinned(none, settings)


def _resampled(protocol, rankings, counts, frames, weights):
    """The figures of Result in test sets drawn again, see results.Resample."""
    found = {
        f"tIoU {tiou:g}": resampling.resampled_map(
            ranked, counts, weights, protocol=protocol
        )
        for tiou, ranked in rankings.items()
    }
    found["mean"] = np.mean(list(found.values()), axis=0)
    if frames is not None and frames.shown.any():
        per_class, _ = frame_columns.resampled(frames, weights)
        found["frame mAP"] = frame_columns.class_mean(per_class)
    return found


def _of_frames(scores, annotations):
    """The fields of Result that say how well frames are scored."""
    ranks, num_frames = frame_ranks.of_blocks(
        lambda: scored_videos.blocks(scores.videos(), annotations)
    )
    per_class = np.array([metrics.average_precision_at(one) for one in ranks])
    return {
        "scored_frames": frame_columns.Frames(
            lambda: scored_videos.blocks(
                scores.videos(), annotations, most_values=0
            ),
            num_frames,
            np.array([len(one) for one in ranks]),
        ),
        "frames": num_frames,
        "frame_map": _number(metrics.mean_average_precision(per_class)),
        "frame_ap": _by_class(annotations, per_class),
    }


def _of_segments(left, annotations, settings):
    """The fields of Result that say how well segments are found."""
    protocol, tious = protocols.named(settings.protocol), list(settings.tious)
    annotations = protocol.counted(annotations)
    found, kept = left.detections, left.kept
    ranked = ranking.rankings(
        annotations,
        found,
        tious,
        protocol=protocol,
        kept=waiting.followed(kept, len(tious), "tIoU"),
    )
    counts = ranking.instance_counts(annotations)  # (K, V)
    maps, per_class = _maps(annotations, ranked, tious, protocol)
    known = [value for value in maps.values() if value is not None]
    shown = tious.index(settings.shown_tiou)
    lost = None
    if settings.diagnose:
        lost = diagnosis.diagnosis(
            annotations, found, ranked[shown], tious[shown], protocol=protocol
        )
    totals = counts.sum(axis=1).tolist()
    instances = dict(zip(annotations.classes, totals, strict=True))
    of_list = None
    if settings.is_a_list:
        of_list = segment_f1.of_ranking(ranked[shown], instances, tious[shown])
    return {
        "instances_per_class": instances,
        "segment_map": maps,
        "segment_ap": per_class,
        "average_map": sum(known) / len(known) if known else None,
        "detections_tiou": tious[shown],
        "detections": found.take(kept[shown]),
        "diagnosis": lost,
        # Places among all that was found, whatever was left out since.
        "rankings": [
            dataclasses.replace(one, row=left.row[one.row]) for one in ranked
        ],
        "instance_counts": counts,
        "segment_f1": of_list,
    }


def _maps(annotations, ranked, tious, protocol):
    """({tIoU: mAP}, {tIoU: {class: AP}})."""
    totals = ranking.instance_counts(annotations).sum(axis=1)
    maps, per_class = {}, {}
    for tiou, one in zip(tious, ranked, strict=True):
        mean, values = metrics.ranking_map(one, totals, protocol=protocol)
        maps[tiou] = _number(mean)
        per_class[tiou] = _by_class(annotations, values)
    return maps, per_class


def _by_class(annotations, values):
    """{class: number} of (K,) values."""
    return {
        name: _number(value)
        for name, value in zip(annotations.classes, values, strict=True)
    }


def _number(value):
    """A float, or None, as JSON has no NaN."""
    return None if np.isnan(value) else float(value)
