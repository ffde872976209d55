"""The videos where least is found, and what to look at in them."""

from collections import abc

import numpy as np

from fsn_tf import segments
from fsn_tf.evaluation import frame_columns
from fsn_tf.evaluation import metrics
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking

# How many videos are named, and how many moments to look at in each.
NUM_VIDEOS = 20
_NUM_MOMENTS = 5


def map_of_each(
    ranked: ranking.Ranking,
    instance_counts: np.ndarray,
    protocol: protocols.Protocol,
) -> np.ndarray:
    """(V,) segment mAP of every video by itself.

    Args:
        ranked: The detections that count, by class and score.
        instance_counts: (K, V) int, see ranking.instance_counts.
        protocol: By which they were matched.

    Returns:
        The mean over the classes that the video shows; NaN without any.
    """
    num_videos = instance_counts.shape[1]
    # As if each class of each video were a class of its own.
    group = ranked.label * num_videos + ranked.video
    alone = ranking.Ranking(
        ranked.row, group, ranked.video, ranked.score, ranked.instance
    ).take(np.argsort(group, kind="stable"))
    _, per_group = metrics.ranking_map(
        alone, instance_counts.ravel(), protocol=protocol
    )
    return frame_columns.class_mean(per_group.reshape(-1, num_videos).T)


def frame_map_of_each(frames: frame_columns.Frames) -> np.ndarray:
    """(V,) frame mAP of every video by itself; NaN where nothing is shown."""
    return np.array(
        [metrics.frame_map(*block)[0] for block in frames.passes()], float
    )


def worst(
    videos: abc.Sequence[str],
    values: np.ndarray,
    figure: str,
    *,
    sizes: np.ndarray | None = None,
) -> list[dict]:
    """The videos of the lowest values, the worst first.

    Args:
        videos: V names.
        values: (V,) of each; NaN does not count.
        figure: What the values are.
        sizes: (V,) how much is in each; of equal values the largest first.

    Returns:
        [{video, figure, value}], at most NUM_VIDEOS.
    """
    order = np.argsort(values, kind="stable")
    return [
        {
            "video": videos[place],
            "figure": figure,
            "value": float(values[place]),
        }
        for place in order.tolist()
        if not np.isnan(values[place])
    ][:NUM_VIDEOS]


def with_moments(
    found: list[dict],
    annotations: segments.Annotations,
    detections: segments.Detections,
    ranked: ranking.Ranking,
) -> list[dict]:
    """The same with what to look at in each video.

    Args:
        found: What worst returns.
        annotations: The instances.
        detections: What `ranked` ranks.
        ranked: Of both.

    Returns:
        Each with `instances` and `found`, two counts; `missed`, the first
        instances that none found, and `false`, the most confident wrong
        detections: [{label, segment [start, end], and score of these}].
    """
    is_found = np.zeros(len(annotations.instances), bool)
    is_found[ranked.instance[ranked.right]] = True
    rows: dict[str, list] = {one["video"]: [] for one in found}
    for place, instance in enumerate(annotations.instances):
        if instance.video in rows:
            rows[instance.video].append((instance, bool(is_found[place])))
    place_of = segments.index_of(annotations.videos)
    wrong = np.flatnonzero(~ranked.right)
    wrong = wrong[np.argsort(-ranked.score[wrong], kind="stable")]
    result = []
    for one in found:
        mine = rows[one["video"]]
        missed = [x for x, is_in in mine if not is_in][:_NUM_MOMENTS]
        false = wrong[ranked.video[wrong] == place_of[one["video"]]]
        result.append(
            one
            | {
                "instances": len(mine),
                "found": sum(is_in for _, is_in in mine),
                "missed": [
                    _moment(x.label, x.start_seconds, x.end_seconds)
                    for x in missed
                ],
                "false": [
                    _detected(detections, row)
                    for row in ranked.row[false[:_NUM_MOMENTS]].tolist()
                ],
            }
        )
    return result


def _moment(label, start, end):
    return {"label": label, "segment": [float(start), float(end)]}


def _detected(detections, row):
    label = detections.classes[detections.label[row]]
    times = detections.start_seconds[row], detections.end_seconds[row]
    return _moment(label, *times) | {"score": float(detections.score[row])}
