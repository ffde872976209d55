"""Where the mAP is lost, after DETAD (Alwassel et al., ECCV 2018)."""

import numpy as np

from fsn_tf import segments
from fsn_tf.evaluation import metrics
from fsn_tf.evaluation import mistakes
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking

# What an instance is grouped by, each group up to and including its limit.
LENGTHS = {"XS": 1.0, "S": 3.0, "M": 6.0, "L": 12.0, "XL": np.inf}
PER_VIDEO = {"1": 1, "2-4": 4, "5-8": 8, "9-40": 40, "> 40": np.inf}

# How far down the ranking the kinds are counted, in instances of the class.
_TIMES = (1, 2, 5, 10)


def diagnosis(
    annotations: segments.Annotations,
    detections: segments.Detections,
    ranked: ranking.Ranking,
    tiou: float,
    *,
    protocol: protocols.Protocol = protocols.THUMOS14,
) -> dict:
    """What mAP at one tIoU is made of.

    Args:
        annotations: The instances to find.
        detections: Of the same classes.
        ranked: Of both at `tiou`.
        tiou: The overlap that makes a detection right.
        protocol: By which they were matched.

    Returns:
        A dict that JSON can hold; see by_group, gains and by_rank.
    """
    totals = ranking.instance_counts(annotations).sum(axis=1)
    kinds = mistakes.kinds_of(annotations, detections, ranked, tiou, protocol)
    lengths = np.array(
        [one.end_seconds - one.start_seconds for one in annotations.instances]
    )
    many = _same_in_video(annotations)
    return {
        "protocol": protocol.name,
        "tiou": tiou,
        "segment_map": _map(ranked, totals, protocol),
        "by_length_seconds": by_group(
            annotations, ranked, lengths, LENGTHS, protocol
        ),
        "by_instances_per_video": by_group(
            annotations, ranked, many, PER_VIDEO, protocol
        ),
        "false_positives": gains(ranked, kinds, totals, protocol),
        "by_rank": by_rank(ranked, kinds, totals),
    }


def _same_in_video(annotations):
    """(I,) int, the instances of its class in the video of each."""
    counts = ranking.instance_counts(annotations)
    video = {name: index for index, name in enumerate(annotations.videos)}
    place = [video[one.video] for one in annotations.instances]
    return counts[mistakes.labels(annotations), np.array(place, int)]


def by_group(
    annotations: segments.Annotations,
    ranked: ranking.Ranking,
    values: np.ndarray,
    limits: dict[str, float],
    protocol: protocols.Protocol,
) -> dict[str, dict]:
    """mAP when only the instances of a group are to be found.

    Detections that found other instances count neither way; all false
    positives stay, so a group of few instances has a low mAP by nature.
    `found` does not depend on them.

    Args:
        annotations: The I instances to find.
        ranked: The detections that count, by class and score.
        values: (I,) float, what each instance is grouped by.
        limits: {name: the largest value of the group}, rising.
        protocol: By which they were matched.

    Returns:
        {name: {instances, found: share of them that a detection of any score
        finds, segment_map: None without instances}}.
    """
    groups = np.searchsorted(list(limits.values()), values, side="left")  # (I,)
    labels, result = mistakes.labels(annotations), {}
    for index, name in enumerate(limits):
        mine = groups == index
        # A false positive's instance, -1, reads the last entry.
        counts = np.append(mine, True)[ranked.instance]  # (M,) bool
        kept = ranked.take(counts)
        totals = np.bincount(labels[mine], minlength=len(annotations.classes))
        size = int(mine.sum())
        result[name] = {
            "instances": size,
            "found": float(kept.right.sum() / size) if size else None,
            "segment_map": _map(kept, totals, protocol),
        }
    return result


def _map(ranked, totals, protocol):
    mean, _ = metrics.ranking_map(ranked, totals, protocol=protocol)
    return None if np.isnan(mean) else float(mean)


def gains(
    ranked: ranking.Ranking,
    kinds: np.ndarray,
    totals: np.ndarray,
    protocol: protocols.Protocol,
) -> dict[str, dict]:
    """What the false positives of each kind cost.

    Args:
        ranked: M detections that count, by class and score.
        kinds: (M,) what mistakes.kinds_of returns.
        totals: (K,) int, the instances to find of each class.
        protocol: By which they were matched.

    Returns:
        {kind: {count, map_gain: mAP without them minus mAP}}.
    """
    whole, result = _map(ranked, totals, protocol), {}
    for kind in mistakes.KINDS:
        better = _map(ranked.take(kinds != kind), totals, protocol)
        gain = None if better is None else better - whole
        count = int((kinds == kind).sum())
        result[kind] = {"count": count, "map_gain": gain}
    return result


def by_rank(
    ranked: ranking.Ranking, kinds: np.ndarray, totals: np.ndarray
) -> dict[str, dict[str, int]]:
    """How many of each kind are among the most confident.

    Args:
        ranked: M detections that count, by class and score.
        kinds: (M,) what mistakes.kinds_of returns.
        totals: (K,) int, the instances to find of each class.

    Returns:
        {"5": {right, ... and every kind: count}, ...}: of each class as many
        detections as five times its instances, and so on.
    """
    # (M,) each one's rank, in instances of its class.
    rank = ranking.ranks(ranked.label) / np.maximum(totals[ranked.label], 1)
    known = totals[ranked.label] > 0
    result = {}
    for times in _TIMES:
        among = kinds[known & (rank <= times)]
        names = mistakes.RIGHT, *mistakes.KINDS
        result[str(times)] = {x: int((among == x).sum()) for x in names}
    return result
