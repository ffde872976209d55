"""Spotting: average precision of moments, at tolerances of frames."""

from collections import abc

import numpy as np

from fsn_tf import fingerprints
from fsn_tf import ranges
from fsn_tf import segments
from fsn_tf.evaluation import matching
from fsn_tf.evaluation import measures
from fsn_tf.evaluation import precision
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking
from fsn_tf.evaluation import results
from fsn_tf.evaluation import settings as evaluation_settings
from fsn_tf.grouping import suppression

# Which moment of a segment is to be spotted.
POINTS: dict[str, abc.Callable] = {
    "start": lambda start, end: start,
    "end": lambda start, end: end,
    "center": lambda start, end: (start + end) / 2,
}
# NMS of segments, as for the evaluation at tIoU 0.5.
_NMS_TIOU = 0.4


def average_precisions(
    annotations: segments.Annotations,
    detections: segments.Detections,
    tolerance_frames: int,
    *,
    point: str,
    fps: float,
) -> np.ndarray:
    """AP of each class at one tolerance.

    Detections are visited by score, equal ones as given; each takes the free
    instance of its class and video that is nearest (of equals the first in
    the source), and is right if that is at most the tolerance away. AP is the
    area under the curve of best precisions. Each instance is found once.

    Args:
        annotations: The instances to find.
        detections: Of the same classes; those of other videos do not count.
        tolerance_frames: How far off is still right.
        point: Which moment of both, a key of POINTS.
        fps: Frames per second; a moment is in the frame nearest to it, in
            the later one of two.

    Returns:
        (K,) AP; NaN for a class without instances.
    """
    truth, asked = _Moments.of(annotations, detections, point, fps)
    taker, taken = _near(asked, truth, tolerance_frames)
    partner = matching.take_turns(asked.group, taker, taken, len(truth.group))
    right = np.zeros(len(asked.group), bool)
    right[partner[partner >= 0]] = True
    label = asked.group // max(len(annotations.videos), 1)
    order = np.lexsort((asked.rank, label))
    ranks = ranking.ranks(label[order])
    totals = ranking.instance_counts(annotations).sum(axis=1)
    per_class = np.full(len(totals), np.nan)
    for index in np.flatnonzero(totals):
        hits = ranks[right[order] & (label[order] == index)]
        per_class[index] = precision.envelope(
            np.arange(1, hits.size + 1) / hits, totals[index]
        )
    return per_class


class _Moments:
    """Frames of a class in a video, by group and rank.

    Attributes:
        group: (N,) int, label * number of videos + video.
        frame: (N,) int64.
        rank: (N,) int, who comes first.
    """

    def __init__(self, group, frame, rank):
        order = np.lexsort((rank, group))
        self.group, self.frame = group[order], frame[order]
        self.rank = rank[order]

    @classmethod
    def of(cls, annotations, detections, point, fps):
        """Those of instances, and those of detections."""
        label = annotations.class_index
        video = segments.index_of(annotations.videos)
        size = len(video)
        rows = [
            (label[x.label] * size + video[x.video], x.start_seconds)
            + (x.end_seconds,)
            for x in annotations.instances
        ]
        group, *ends = np.array(rows, float).reshape(-1, 3).T
        frames = _frames(POINTS[point](*ends), fps)
        truth = cls(group.astype(int), frames, np.arange(len(rows)))
        place = [video.get(name, -1) for name in detections.videos]
        of = np.array([*place, -1])[detections.video]
        rank = np.empty(len(of), int)
        order = np.argsort(-detections.score, kind="stable")
        rank[order] = np.arange(len(of))
        times = detections.start_seconds, detections.end_seconds
        low, high = np.minimum(*times), np.maximum(*times)
        known = np.flatnonzero(of >= 0)
        frames = _frames(POINTS[point](low, high), fps)[known]
        group = (detections.label * size + of)[known]
        return truth, cls(group, frames, rank[known])


def _frames(seconds, fps):
    value = seconds * fps
    whole = np.floor(value)
    # Adding 0.5 before rounding down would round 0.49999999999999994 up.
    return (whole + (value - whole >= 0.5)).astype(np.int64)


def _near(asked, truth, tolerance):
    """(taker, taken) places, by taker, the nearest of each first."""
    everything = np.concatenate([truth.frame, asked.frame])
    first = everything.min(initial=0)
    # A gap between groups wider than any tolerance reaches.
    size = everything.max(initial=0) - first + 2 * tolerance + 2
    keys = truth.group * size + truth.frame - first
    order = np.argsort(keys, kind="stable")
    wanted = asked.group * size + asked.frame - first
    start = np.searchsorted(keys[order], wanted - tolerance, side="left")
    stop = np.searchsorted(keys[order], wanted + tolerance, side="right")
    taker, taken = ranges.expand(start, stop)
    taken = order[taken]
    distance = np.abs(asked.frame[taker] - truth.frame[taken])
    by_turn = np.lexsort((taken, distance, taker))
    return taker[by_turn], taken[by_turn]


def evaluate(
    detections: segments.Detections,
    annotations: segments.Annotations,
    settings: evaluation_settings.Spotting,
    *,
    origin: results.Origin = results.ARRAYS,
    notes: abc.Sequence[str] = (),
) -> measures.Result:
    """Evaluates starts, ends and centers of detections.

    Args:
        detections: Of the same classes.
        annotations: The instances to find.
        settings: By which rules.
        origin: The files that both come from.
        notes: What was odd in these files.
    """
    if settings.nms:
        detections = suppression.non_maximum_suppression(detections, _NMS_TIOU)
    columns = {
        f"{point} +-{tolerance}": average_precisions(
            annotations, detections, tolerance, point=point, fps=settings.fps
        )
        for point in POINTS
        for tolerance in settings.tolerances
    }
    return measures.Result(
        protocol=protocols.SPOTTING,
        videos=tuple(annotations.videos),
        notes=tuple(notes),
        options={
            "nms": settings.nms,
            "fps": settings.fps,
            "tolerances": list(settings.tolerances),
        }
        | origin.options,
        origin=origin,
        ground_truth_sha256=fingerprints.of_annotations(annotations),
        measures={name: measures.mean(x) for name, x in columns.items()},
        deviations={},
        per_class=measures.by_name(annotations.classes, columns),
        per_video={},
    )
