"""Frame scores or detections against ground truth: one dict of results."""

import dataclasses

import numpy as np

from fsn_tf import segments
from fsn_tf.evaluation import cdc
from fsn_tf.evaluation import diagnosis
from fsn_tf.evaluation import metrics
from fsn_tf.evaluation import ranking
from fsn_tf.evaluation import scored_videos
from fsn_tf.grouping import suppression
from fsn_tf.grouping import thresholds as grouping_thresholds

TIOUS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)

# NMS tIoU is that much lower than the evaluation's (Section 4.2).
_NMS_MARGIN = 0.1


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """What comes out of an evaluation.

    Attributes:
        results: A dict that JSON can hold.
        detections: Those that were evaluated at the `detections_tiou` of the
            results.
        rankings: [ranking.Ranking], one for each tIoU.
        instance_counts: (K, V) int, instances by class and video.
        diagnosis: See diagnosis.diagnosis, at `detections_tiou`; or None.
    """

    results: dict
    detections: segments.Detections
    rankings: list[ranking.Ranking]
    instance_counts: np.ndarray
    diagnosis: dict | None


def evaluate_scores(
    scores,
    annotations,
    *,
    tious=TIOUS,
    protocol="thumos14",
    nms=True,
    thresholds=grouping_thresholds.THRESHOLDS,
    confidence="mean",
    smoothing="none",
    copy_cliff_diving=False,
    diagnose=True,
):
    """Frame mAP and segment mAP of frame scores (Section 4.2).

    Args:
        scores: {video: frame_scores.FrameScores}; more videos than annotated do
            not count.
        annotations: segments.Annotations of the same classes.
        tious: Overlaps at which segment mAP is computed.
        protocol: One of metrics.PROTOCOLS.
        nms: Whether overlapping detections are suppressed, at tIoU - 0.1.
        thresholds, confidence: See grouping_thresholds.detections.
        smoothing: One of cdc.SMOOTHINGS, done before anything else.
        copy_cliff_diving: Whether frame mAP sees cdc.with_copied_scores, and
            segment mAP cdc.with_copied_detections (before NMS).
        diagnose: Whether to say where mAP is lost.

    Returns:
        Evaluation.
    """
    scores, notes = scored_videos.annotated(scores, annotations)
    if smoothing == "max5":
        scores = {video: _smoothed(one) for video, one in scores.items()}
    found = grouping_thresholds.detections(
        ((video, one.actions, one.fps) for video, one in scores.items()),
        annotations.classes,
        thresholds=thresholds,
        confidence=confidence,
    )
    done = evaluate_detections(
        found,
        annotations,
        tious=tious,
        protocol=protocol,
        nms=nms,
        copy_cliff_diving=copy_cliff_diving,
        diagnose=diagnose,
    )
    values, labels = scored_videos.frames(scores, annotations)
    if copy_cliff_diving:
        values = cdc.with_copied_scores(values, annotations.classes)
    frame_map, per_class = metrics.frame_map(values, labels)
    done.results.update(
        frames=len(values),
        frame_map=_number(frame_map),
        frame_ap=_by_class(annotations, per_class),
        notes=notes,
    )
    done.results["options"] |= {
        "thresholds": list(thresholds),
        "confidence": confidence,
        "smoothing": smoothing,
    }
    return done


def _smoothed(one):
    return dataclasses.replace(one, scores=cdc.max5(one.scores))


def evaluate_detections(
    detections,
    annotations,
    *,
    tious=TIOUS,
    protocol="thumos14",
    nms=True,
    copy_cliff_diving=False,
    diagnose=True,
):
    """Segment mAP of detections; arguments and results as above."""
    if copy_cliff_diving:
        detections = cdc.with_copied_detections(detections)
    kept = [np.ones(len(detections), bool)] * len(tious)
    if nms:
        thresholds = [round(max(tiou - _NMS_MARGIN, 0), 9) for tiou in tious]
        kept = suppression.survivors(detections, thresholds)
    ranked = ranking.rankings(
        annotations, detections, tious, protocol=protocol, kept=kept
    )
    counts = ranking.instance_counts(annotations)
    shown = tious.index(0.5) if 0.5 in tious else len(tious) // 2
    results = {
        "protocol": protocol,
        "videos": len(annotations.videos),
        "instances": len(annotations.instances),
        "instances_per_class": dict(
            zip(annotations.classes, counts.sum(axis=1).tolist(), strict=True)
        ),
        **_segment_maps(annotations, ranked, counts, tious, protocol),
        "frame_map": None,
        "frame_ap": None,
        "detections": int(kept[shown].sum()),
        "detections_tiou": tious[shown],
        "options": {
            "tiou": list(tious),
            "nms": nms,
            "copy_cliff_diving": copy_cliff_diving,
        },
        "notes": [],
        "video_names": list(annotations.videos),
    }
    found = detections.take(kept[shown])
    lost = None
    if diagnose:
        lost = diagnosis.diagnosis(
            annotations,
            detections,
            ranked[shown],
            tious[shown],
            protocol=protocol,
        )
    return Evaluation(results, found, ranked, counts, lost)


def _segment_maps(annotations, ranked, counts, tious, protocol):
    """mAP and AP at each tIoU, and the mean of the mAP."""
    names, maps, per_class = [f"{tiou:g}" for tiou in tious], {}, {}
    for name, one in zip(names, ranked, strict=True):
        mean, values = metrics.ranking_map(
            one, counts.sum(axis=1), protocol=protocol
        )
        maps[name] = _number(mean)
        per_class[name] = _by_class(annotations, values)
    known = [value for value in maps.values() if value is not None]
    return {
        "segment_map": maps,
        "segment_ap": per_class,
        "average_map": sum(known) / len(known) if known else None,
    }


def _by_class(annotations, values):
    return {
        name: _number(value)
        for name, value in zip(annotations.classes, values, strict=True)
    }


def _number(value):
    """A float for JSON, which has no NaN."""
    return None if np.isnan(value) else float(value)
