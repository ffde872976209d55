"""Where an evaluation is lost: boundaries, calibration, the worst videos."""

import numpy as np

from fsn_tf.evaluation import boundary_errors
from fsn_tf.evaluation import calibration
from fsn_tf.evaluation import classification
from fsn_tf.evaluation import detection
from fsn_tf.evaluation import evaluators
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking
from fsn_tf.evaluation import segmentation
from fsn_tf.evaluation import spotting
from fsn_tf.evaluation import worst_videos


def parts(
    given: evaluators.Given, result: evaluators.Result, *, fps: float
) -> dict[str, object]:
    """{part: what JSON can hold}, those that the protocol has.

    Args:
        given: What was evaluated.
        result: What came of it.
        fps: Frames per second, in which boundaries count.

    Returns:
        `boundaries` {fps, starts, ends}, of the right detections at
        detections_tiou, see boundary_errors.summary; `calibration`, see
        there; `worst_videos`, see worst_videos.
    """
    found: dict[str, object] = {}
    if isinstance(result, detection.Result):
        found |= _of_segments(given.truth, result, fps)
    else:
        found["worst_videos"] = _worst(result)
    frames = getattr(result, "scored_frames", None)
    if frames is not None:
        found["calibration"] = calibration.calibration(
            frames, given.truth.classes
        )
    return found


def _of_segments(truth, result, fps):
    """Boundaries and worst videos of segment mAP."""
    protocol, tiou = protocols.named(result.protocol), result.detections_tiou
    truth, detections = protocol.counted(truth), result.detections
    # Again, as a ranking's rows are those of detections before NMS.
    (ranked,) = ranking.rankings(truth, detections, [tiou], protocol=protocol)
    values = worst_videos.map_of_each(ranked, result.instance_counts, protocol)
    videos = worst_videos.worst(
        result.videos,
        values,
        f"tIoU {tiou:g}",
        sizes=result.instance_counts.sum(axis=0),
    )
    return {
        "boundaries": {
            "fps": fps,
            **_boundaries(truth, detections, ranked, fps),
        },
        "worst_videos": worst_videos.with_moments(
            videos, truth, detections, ranked
        ),
    }


def _boundaries(truth, detections, ranked, fps):
    """{starts, ends} of right detections, minus those of their instances."""
    right = ranked.take(ranked.right)
    instances = [truth.instances[place] for place in right.instance.tolist()]
    true = np.array(
        [(one.start_seconds, one.end_seconds) for one in instances], float
    ).reshape(-1, 2)
    found = np.stack(
        [
            one[right.row]
            for one in (detections.start_seconds, detections.end_seconds)
        ],
        axis=1,
    )
    moments = [
        spotting.frames_of(np.sort(times, axis=1), fps)
        for times in (found, true)
    ]
    late = (moments[0] - moments[1]).T
    names = ("starts", "ends")
    return dict(zip(names, map(boundary_errors.summary, late), strict=True))


def _worst(result):
    """The worst videos of what has no segment mAP."""
    figure, values = _values(result)
    return worst_videos.worst(result.videos, np.array(values, float), figure)


def _values(result):
    """(what, (V,) of each video by itself)."""
    if isinstance(result, classification.Result):
        return "top-1", list(result.right.values())
    if isinstance(result, segmentation.Result):
        return "F1@50", [one.f1[0.5] for one in result.per_video.values()]
    if result.spotted is not None:
        rankings, counts = result.spotted
        of_each = [
            worst_videos.map_of_each(one, counts, spotting.SUMMED_UP_AS)
            for one in rankings
        ]
        return "mean of all", np.mean(of_each, axis=0)
    if result.scored_frames is not None:
        return "mAP", worst_videos.frame_map_of_each(result.scored_frames)
    return "accuracy", [one["accuracy"] for one in result.per_video.values()]
