"""Protocols that rank frames: multi-label frame mAP, and online detection."""

from collections import abc
import functools

import numpy as np

from fsn_tf import fingerprints
from fsn_tf import segments
from fsn_tf.evaluation import frame_columns
from fsn_tf.evaluation import frame_ranks
from fsn_tf.evaluation import grouped_scores
from fsn_tf.evaluation import measures
from fsn_tf.evaluation import metrics
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import results
from fsn_tf.evaluation import scored_videos
from fsn_tf.evaluation import settings as evaluation_settings
from fsn_tf.grouping import frame_scores


def multilabel(
    ranks: abc.Sequence[np.ndarray], num_frames: int
) -> tuple[dict, dict]:
    """Frame mAP where a frame may show several classes, or none.

    Args:
        ranks: K arrays (P,), see frame_ranks.of_blocks.
        num_frames: How many frames are ranked.

    Returns:
        ({measure: number}, {measure: (K,) of each class}). mAP is the mean
        over the classes with positives; over all classes, one without counts
        as 0.
    """
    del num_frames
    per_class = np.array([metrics.average_precision_at(x) for x in ranks])
    over_all = float(np.nan_to_num(per_class).mean())
    return (
        {"mAP": measures.mean(per_class), "mAP over all classes": over_all},
        {"AP": per_class},
    )


def online(
    ranks: abc.Sequence[np.ndarray], num_frames: int
) -> tuple[dict, dict]:
    """Per-frame mAP of online detection, and calibrated mcAP.

    Args and returns: Those of multilabel.
    """
    columns = {
        "AP": np.array([metrics.average_precision_at(x) for x in ranks]),
        "cAP": np.array(
            [metrics.calibrated_precision_at(x, num_frames) for x in ranks]
        ),
    }
    means = {
        "mAP": measures.mean(columns["AP"]),
        "mcAP": measures.mean(columns["cAP"]),
    }
    return means, columns


def _resampled(protocol, frames, weights):
    """The measures in test sets drawn again, see results.Resample."""
    is_online = protocol == protocols.OAD
    plain, calibrated = frame_columns.resampled(
        frames, weights, is_calibrated=is_online
    )
    found = {"mAP": frame_columns.class_mean(plain)}
    if is_online:
        return found | {"mcAP": frame_columns.class_mean(calibrated)}
    return found | {"mAP over all classes": np.nan_to_num(plain).mean(axis=1)}


_SUMMARIES = {protocols.MULTILABEL: multilabel, protocols.OAD: online}


def evaluate(
    found: abc.Mapping[str, frame_scores.FrameScores],
    annotations: segments.Annotations,
    settings: evaluation_settings.Frames,
    *,
    origin: results.Origin = results.ARRAYS,
) -> measures.Result:
    """Evaluates the scores of frames.

    Args:
        found: {video: its scores}, of the same classes as the annotations.
        annotations: Online detection leaves out the frames of ambiguous
            intervals; the other protocol has no such thing.
        settings: By which rules.
        origin: The files that both come from.

    Raises:
        InputError: An annotated video has no scores, or other classes.
    """
    notes = scored_videos.left_out(found, annotations)
    is_online = settings.protocol == protocols.OAD
    smoothed = evaluation_settings.Detection(smoothing=settings.smoothing)
    scores = grouped_scores.Scored(
        found, annotations, smoothed, are_grouped=False
    )
    blocks = functools.partial(
        scored_videos.blocks,
        annotations=annotations,
        without_ambiguous=is_online,
    )
    ranks, num_frames = frame_ranks.of_blocks(lambda: blocks(scores.videos()))
    frames = frame_columns.Frames(
        lambda: blocks(scores.videos(), most_values=0),
        num_frames,
        np.array([len(one) for one in ranks]),
    )
    means, columns = _SUMMARIES[settings.protocol](ranks, num_frames)
    return measures.Result(
        protocol=settings.protocol,
        videos=tuple(annotations.videos),
        notes=tuple(notes),
        options={"smoothing": settings.smoothing} | origin.options,
        origin=origin,
        ground_truth_sha256=fingerprints.of_annotations(annotations),
        measures=means,
        deviations={},
        per_class=measures.by_name(annotations.classes, columns),
        per_video={},
        resample=functools.partial(_resampled, settings.protocol, frames),
        scored_frames=frames,
    )
