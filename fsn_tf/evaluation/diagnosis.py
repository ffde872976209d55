"""Where the mAP is lost, after DETAD (Alwassel et al., ECCV 2018)."""

import dataclasses

import numpy as np

from fsn_tf.evaluation import matching
from fsn_tf.evaluation import metrics
from fsn_tf.evaluation import ranking

# What an instance is grouped by, each group up to and including its limit.
LENGTHS = {"XS": 1.0, "S": 3.0, "M": 6.0, "L": 12.0, "XL": np.inf}
PER_VIDEO = {"1": 1, "2-4": 4, "5-8": 8, "9-40": 40, "> 40": np.inf}

# Less overlap than this is none (DETAD).
_TOUCHES = 0.1

DOUBLE, WRONG_LABEL, LOCALIZATION, BACKGROUND = KINDS = (
    "double detection",
    "wrong label",
    "localization error",
    "background",
)
RIGHT = "right"

# How far down the ranking the kinds are counted, in instances of the class.
_TIMES = (1, 2, 5, 10)


def diagnosis(annotations, detections, ranked, tiou, *, protocol="thumos14"):
    """What mAP at one tIoU is made of.

    Args:
        annotations: segments.Annotations.
        detections: segments.Detections.
        ranked: The ranking.Ranking of both at `tiou`.
        tiou: The overlap that makes a detection right.
        protocol: One of metrics.PROTOCOLS.

    Returns:
        A dict that JSON can hold; see by_group, gains and by_rank.
    """
    totals = ranking.instance_counts(annotations).sum(axis=1)
    kinds = kinds_of(annotations, detections, ranked, tiou, protocol)
    lengths = np.array(
        [one.end_seconds - one.start_seconds for one in annotations.instances]
    )
    many = _same_in_video(annotations)
    return {
        "protocol": protocol,
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
    return counts[_labels(annotations), np.array(place, int)]


def _labels(annotations):
    label = {name: index for index, name in enumerate(annotations.classes)}
    found = [label[one.label] for one in annotations.instances]
    return np.array(found, int)


def by_group(annotations, ranked, values, limits, protocol):
    """mAP when only the instances of a group are to be found.

    Detections that found other instances count neither way; all false
    positives stay, so a group of few instances has a low mAP by nature.
    `found` does not depend on them.

    Args:
        values: (I,) float, what each instance is grouped by.
        limits: {name: the largest value of the group}, rising.

    Returns:
        {name: {instances, found: share of them that a detection of any score
        finds, segment_map: None without instances}}.
    """
    groups = np.searchsorted(list(limits.values()), values, side="left")
    labels, result = _labels(annotations), {}
    for index, name in enumerate(limits):
        mine = groups == index
        # A false positive's instance, -1, reads the last entry.
        counts = np.append(mine, True)[ranked.instance]
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


def kinds_of(annotations, detections, ranked, tiou, protocol):
    """Why each detection is wrong.

    A double detection reaches the tIoU with an instance of its class, which
    another one found. Otherwise a wrong label reaches it with an instance of
    another class. Otherwise a localization error overlaps an instance of its
    class by 0.1 or more. What overlaps other classes only by that much is a
    wrong label too (DETAD's confusion error); the rest is background.

    Returns:
        (M,) str, one of KINDS, or RIGHT.
    """
    wrong = np.flatnonzero(~ranked.right)
    same, other = _best_overlaps(annotations, detections, ranked.row[wrong])
    reaches = np.greater_equal if protocol == "activitynet" else np.greater
    kinds = np.full(len(ranked.row), RIGHT, object)
    kinds[wrong] = np.select(
        [
            reaches(same, tiou),
            reaches(other, tiou),
            same >= _TOUCHES,
            other >= _TOUCHES,
        ],
        [DOUBLE, WRONG_LABEL, LOCALIZATION, WRONG_LABEL],
        BACKGROUND,
    )
    return kinds


def _best_overlaps(annotations, detections, rows):
    """(same, other), each (N,): best tIoU with either kind of class."""
    asked = detections.take(rows)
    # As if all were one class, so that every overlap is looked at.
    everything = dataclasses.replace(
        annotations,
        classes=("any",),
        instances=tuple(
            dataclasses.replace(one, label="any")
            for one in annotations.instances
        ),
        ambiguous=(),
    )
    given = matching.candidates(
        everything,
        dataclasses.replace(
            asked, classes=("any",), label=np.zeros(len(rows), int)
        ),
    )
    row = given.found.row[given.found_index]
    instance = given.truth.row[given.truth_index]
    alike = asked.label[row] == _labels(annotations)[instance]
    best = np.zeros((2, len(rows)))
    np.maximum.at(best, (np.where(alike, 0, 1), row), given.tiou)
    return best


def gains(ranked, kinds, totals, protocol):
    """What the false positives of each kind cost.

    Returns:
        {kind: {count, map_gain: mAP without them minus mAP}}.
    """
    whole, result = _map(ranked, totals, protocol), {}
    for kind in KINDS:
        better = _map(ranked.take(kinds != kind), totals, protocol)
        gain = None if better is None else better - whole
        count = int((kinds == kind).sum())
        result[kind] = {"count": count, "map_gain": gain}
    return result


def by_rank(ranked, kinds, totals):
    """How many of each kind are among the most confident.

    Returns:
        {"5": {right, ... and every kind: count}, ...}: of each class as many
        detections as five times its instances, and so on.
    """
    rank = ranking.ranks(ranked.label) / np.maximum(totals[ranked.label], 1)
    known = totals[ranked.label] > 0
    result = {}
    for times in _TIMES:
        among = kinds[known & (rank <= times)]
        names = RIGHT, *KINDS
        result[str(times)] = {x: int((among == x).sum()) for x in names}
    return result
