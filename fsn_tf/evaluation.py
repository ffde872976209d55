"""Frame scores or detections against ground truth: one dict of results."""

import collections
import pathlib

import numpy as np

from fsn_tf import annotations as ground_truth
from fsn_tf import errors
from fsn_tf import localization
from fsn_tf import metrics
from fsn_tf import scores as frame_scores
from fsn_tf import segments
from fsn_tf.annotations import numbering

TIOUS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)

# NMS tIoU is that much lower than the evaluation's (Section 4.2).
_NMS_MARGIN = 0.1


def evaluate_score_folders(
    folders, annotations, *, weights=None, subset=None, **options
):
    """Fuses the frame scores of one or more streams and evaluates them.

    Args:
        folders: One folder of score files per stream.
        annotations: Path of the ground truth, see annotations.read.
        weights: One number per folder; equal weights if None.
        subset: Which videos of an ActivityNet JSON count.
        **options: See evaluate_scores.

    Returns:
        (results, detections), see evaluate_scores.
    """
    weights = [1.0] * len(folders) if weights is None else weights
    scores = frame_scores.fuse(folders, weights)
    classes = next(iter(scores.values())).action_classes
    truth = ground_truth.read(annotations, classes=classes, subset=subset)
    results, detections = evaluate_scores(scores, truth, **options)
    results["options"] |= {
        "scores": [str(folder) for folder in folders],
        "fusion_weights": list(weights),
        "annotations": str(annotations),
        "subset": subset,
    }
    return results, detections


def evaluate_detections_file(path, annotations, *, subset=None, **options):
    """Evaluates anybody's detections; arguments and results as above."""
    truth = ground_truth.read(annotations, subset=subset)
    is_kit = pathlib.Path(annotations).is_dir()
    detections, notes = ground_truth.read_detections(
        path,
        classes=truth.classes,
        videos=truth.videos,
        class_ids=numbering.class_list(annotations) if is_kit else None,
    )
    results, kept = evaluate_detections(detections, truth, **options)
    results["notes"] += notes
    results["options"] |= {
        "detections": str(path),
        "annotations": str(annotations),
        "subset": subset,
    }
    return results, kept


def evaluate_scores(
    scores,
    annotations,
    *,
    tious=TIOUS,
    protocol="thumos14",
    nms=True,
    thresholds=localization.THRESHOLDS,
    confidence="mean",
):
    """Frame mAP and segment mAP of frame scores (Section 4.2).

    Args:
        scores: {video: scores.FrameScores}; more videos than annotated do
            not count.
        annotations: segments.Annotations of the same classes.
        tious: Overlaps at which segment mAP is computed.
        protocol: One of metrics.PROTOCOLS.
        nms: Whether overlapping detections are suppressed, at tIoU - 0.1.
        thresholds, confidence: See localization.detections.

    Returns:
        (results, detections): a dict that JSON can hold, and the detections
        that were evaluated at `detections_tiou` of the results.
    """
    scores, notes = _annotated(scores, annotations)
    found = localization.detections(
        ((video, one.actions, one.fps) for video, one in scores.items()),
        annotations.classes,
        thresholds=thresholds,
        confidence=confidence,
    )
    results, kept = evaluate_detections(
        found, annotations, tious=tious, protocol=protocol, nms=nms
    )
    frame_map, per_class = metrics.frame_map(*frames(scores, annotations))
    results |= {
        "frames": sum(len(one.scores) for one in scores.values()),
        "frame_map": _number(frame_map),
        "frame_ap": _by_class(annotations, per_class),
        "notes": notes,
    }
    results["options"] |= {
        "thresholds": list(thresholds),
        "confidence": confidence,
    }
    return results, kept


def evaluate_detections(
    detections, annotations, *, tious=TIOUS, protocol="thumos14", nms=True
):
    """Segment mAP of detections; arguments and results as above."""
    kept = [np.ones(len(detections), bool)] * len(tious)
    if nms:
        thresholds = [round(max(tiou - _NMS_MARGIN, 0), 9) for tiou in tious]
        kept = localization.survivors(detections, thresholds)
    found = metrics.segment_maps(
        annotations, detections, tious, protocol=protocol, kept=kept
    )
    names = [f"{tiou:g}" for tiou in tious]
    segment_map = {
        name: _number(mean)
        for name, (mean, _) in zip(names, found, strict=True)
    }
    segment_ap = {
        name: _by_class(annotations, per_class)
        for name, (_, per_class) in zip(names, found, strict=True)
    }
    shown = tious.index(0.5) if 0.5 in tious else len(tious) // 2
    results = {
        "protocol": protocol,
        "videos": len(annotations.videos),
        "instances": len(annotations.instances),
        "instances_per_class": _instances_per_class(annotations),
        "segment_map": segment_map,
        "segment_ap": segment_ap,
        "frame_map": None,
        "frame_ap": None,
        "detections": int(kept[shown].sum()),
        "detections_tiou": tious[shown],
        "options": {"tiou": list(tious), "nms": nms},
        "notes": [],
    }
    return results, detections.take(kept[shown])


def _annotated(scores, annotations):
    """The scores of the annotated videos, in name order, and notes."""
    missing = [name for name in annotations.videos if name not in scores]
    if missing:
        raise errors.InputError(
            f"{len(missing)} of {len(annotations.videos)} annotated videos "
            f"have no scores: {_first_few(missing)}; score them with fsn "
            "predict, or take them out of the annotations"
        )
    for video in annotations.videos:
        if scores[video].action_classes != annotations.classes:
            raise errors.InputError(
                f"{video}: its scores are of other classes than the "
                f"annotations: {_first_few(scores[video].action_classes)} "
                f"against {_first_few(annotations.classes)}"
            )
    extra = sorted(scores.keys() - set(annotations.videos))
    notes = [
        f"{len(extra)} scored videos left out, as they are not annotated: "
        f"{_first_few(extra)}"
    ]
    chosen = {video: scores[video] for video in annotations.videos}
    return chosen, notes if extra else []


def _first_few(names):
    return ", ".join(names[:3]) + (" ..." if len(names) > 3 else "")


def frames(scores, annotations):
    """What frame mAP ranks: all frames of all videos, in name order.

    Args:
        scores: {video: scores.FrameScores}.
        annotations: segments.Annotations of the same classes.

    Returns:
        ((F, K) scores, (F, K) bool labels).
    """
    instances = collections.defaultdict(list)
    for one in annotations.instances:
        instances[one.video].append(one)
    num_frames = [len(one.scores) for one in scores.values()]
    ends = np.cumsum(num_frames)
    # Held class by class, which is how frames are ranked.
    shape = len(annotations.classes), sum(num_frames)
    dtype = np.result_type(*(one.scores for one in scores.values()))
    values, labels = np.empty(shape, dtype), np.empty(shape, bool)
    for (video, one), size, end in zip(
        scores.items(), num_frames, ends, strict=True
    ):
        values[:, end - size : end] = one.actions.T
        labels[:, end - size : end] = segments.frame_labels(
            instances[video],
            annotations.classes,
            num_frames=size,
            fps=one.fps,
        ).T
    return values.T, labels.T


def _instances_per_class(annotations):
    count = collections.Counter(one.label for one in annotations.instances)
    return {name: count[name] for name in annotations.classes}


def _by_class(annotations, values):
    return {
        name: _number(value)
        for name, value in zip(annotations.classes, values, strict=True)
    }


def _number(value):
    """A float for JSON, which has no NaN."""
    return None if np.isnan(value) else float(value)
