"""Spotting: average precision of moments, at tolerances of frames."""

from collections import abc
import functools

import numpy as np

from fsn_tf import fingerprints
from fsn_tf import ranges
from fsn_tf import segments
from fsn_tf.evaluation import matching
from fsn_tf.evaluation import measures
from fsn_tf.evaluation import metrics
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking
from fsn_tf.evaluation import resampling
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
# AP of moments sums up precision as that protocol does.
SUMMED_UP_AS = protocols.ACTIVITYNET


def ranked(
    annotations: segments.Annotations,
    detections: segments.Detections,
    tolerance_frames: int,
    *,
    point: str,
    fps: float,
) -> ranking.Ranking:
    """What is found at one tolerance.

    Detections are visited by score, equal ones as given; each takes the free
    instance of its class and video that is nearest (of equals the first in
    the source), and is right if that is at most the tolerance away. Each
    instance is found once.

    Args:
        annotations: The instances to find.
        detections: Of the same classes; those of other videos do not count.
        tolerance_frames: How far off is still right.
        point: Which moment of both, a key of POINTS.
        fps: Frames per second; a moment is in the frame nearest to it, in
            the later one of two.
    """
    truth, asked = _Moments.of(annotations, detections, point, fps)
    taker, taken = _near(asked, truth, tolerance_frames)
    partner = matching.take_turns(asked.group, taker, taken, len(truth.group))
    instance = np.full(len(asked.group), -1)
    instance[partner[partner >= 0]] = truth.rank[partner >= 0]
    label, video = np.divmod(asked.group, max(len(annotations.videos), 1))
    order = np.lexsort((asked.rank, label))
    row = _by_score(detections)[asked.rank[order]]
    return ranking.Ranking(
        row,
        label[order],
        video[order],
        detections.score[row],
        instance[order],
    )


def average_precisions(
    annotations: segments.Annotations,
    detections: segments.Detections,
    tolerance_frames: int,
    *,
    point: str,
    fps: float,
) -> np.ndarray:
    """(K,) AP, the area under the curve of best precisions.

    Args: Those of ranked. NaN for a class without instances.
    """
    found = ranked(
        annotations, detections, tolerance_frames, point=point, fps=fps
    )
    return _summed_up(found, ranking.instance_counts(annotations))


def _summed_up(found, counts):
    totals = counts.sum(axis=1)
    return metrics.ranking_map(found, totals, protocol=SUMMED_UP_AS)[1]


def _by_score(detections):
    """(D,) the rows of detections, the most confident first."""
    return np.argsort(-detections.score, kind="stable")


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
        frames = frames_of(POINTS[point](*ends), fps)
        truth = cls(group.astype(int), frames, np.arange(len(rows)))
        place = [video.get(name, -1) for name in detections.videos]
        of = np.array([*place, -1])[detections.video]
        rank = np.empty(len(of), int)
        rank[_by_score(detections)] = np.arange(len(of))
        times = detections.start_seconds, detections.end_seconds
        low, high = np.minimum(*times), np.maximum(*times)
        known = np.flatnonzero(of >= 0)
        frames = frames_of(POINTS[point](low, high), fps)[known]
        group = (detections.label * size + of)[known]
        return truth, cls(group, frames, rank[known])


def frames_of(seconds: np.ndarray, fps: float) -> np.ndarray:
    """(N,) int64, the frame nearest to each moment; of two the later."""
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


def thinned(
    detections: segments.Detections, settings: evaluation_settings.Spotting
) -> segments.Detections:
    """What NMS leaves, where the settings ask for it."""
    if not settings.nms:
        return detections
    return suppression.non_maximum_suppression(detections, _NMS_TIOU)


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
    detections = thinned(detections, settings)
    rankings = {
        f"{point} +-{tolerance}": ranked(
            annotations, detections, tolerance, point=point, fps=settings.fps
        )
        for point in POINTS
        for tolerance in settings.tolerances
    }
    counts = ranking.instance_counts(annotations)
    columns = {name: _summed_up(x, counts) for name, x in rankings.items()}
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
        resample=functools.partial(resampled, rankings, counts),
        spotted=(list(rankings.values()), counts),
    )


def resampled(
    rankings: abc.Mapping[str, ranking.Ranking],
    counts: np.ndarray,
    weights: np.ndarray,
) -> dict[str, np.ndarray]:
    """mAP of each ranking in test sets drawn again.

    Args:
        rankings: {name: what was ranked}.
        counts: (K, V) int, instances by class and video.
        weights: (B, V), see resampling.draws.

    Returns:
        {name: (B,)}.
    """
    return {
        name: resampling.resampled_map(
            one, counts, weights, protocol=SUMMED_UP_AS
        )
        for name, one in rankings.items()
    }
