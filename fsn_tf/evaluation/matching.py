"""Which detections are right: instances and detections paired one to one."""

from collections import abc
import dataclasses

import numpy as np

from fsn_tf import ranges
from fsn_tf import segments
from fsn_tf.segments import overlaps


@dataclasses.dataclass(frozen=True)
class _Table(overlaps.Table):
    """Segments sorted by group, a group being one class in one video.

    Attributes:
        row: (N,) int, place in the source.
    """

    row: np.ndarray


def _sorted(order, row, group, low, high):
    """A _Table of these columns, in an order."""
    return _Table(group[order], low[order], high[order], row[order])


@dataclasses.dataclass(frozen=True)
class Candidates:
    """All that overlaps, found once for any number of matchings.

    Attributes:
        found: _Table of the detections of annotated videos; the most
            confident of a group come first.
        truth: _Table of the instances, in the order of the source.
        label, score: (N,) the class of each of `found`, and its score.
        truth_index, found_index, tiou: (P,) pairs of a group that overlap.
        ambiguous: (N,) bool, which of `found` overlap an ambiguous interval.
    """

    found: _Table
    truth: _Table
    label: np.ndarray
    score: np.ndarray
    truth_index: np.ndarray
    found_index: np.ndarray
    tiou: np.ndarray
    ambiguous: np.ndarray


# Fewer pairs a turn than that are quicker looked at one by one.
_FEW_AT_ONCE = 50

# (candidates, able, kept) -> (row, instance). Args: Candidates; able (P,) bool,
# which of its pairs may be made; kept (N,) bool, which of `found` take part.
# Returns two (M,) int: the detections that count, in the order that equal
# scores keep, and the instance that each of them found, or -1.
Match = abc.Callable[
    [Candidates, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]
]


def candidates(
    annotations: segments.Annotations,
    detections: segments.Detections,
    least: float = 0.0,
) -> Candidates:
    """All that overlaps of the same class and video.

    Args:
        annotations: Their classes are those of the detections.
        detections: Those of videos that are not annotated are left out.
        least: Pairs of a smaller tIoU are left out, which bounds the memory.
    """
    found = _detections(annotations, detections)
    truth = _instances(annotations)
    pairs = overlaps.between(truth, found, least)
    return Candidates(
        found,
        truth,
        detections.label[found.row],
        detections.score[found.row],
        *pairs,
        _ambiguous(annotations, found),
    )


def by_instance(
    given: Candidates, able: np.ndarray, kept: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The rule of the THUMOS'14 kit, updated version.

    Instances are visited in the order of the source; each takes the free
    detection of its class and video that it overlaps most (among equals the
    most confident). What is left over and overlaps an ambiguous interval does
    not count. Equal scores are ordered by video name, then as given.

    Args and returns: Those of Match.
    """
    found, truth = given.found, given.truth
    taker, taken = _by_overlap(
        given.truth_index[able], given.found_index[able], given.tiou[able]
    )
    # (N,) place in `truth`, or -1
    partner = take_turns(truth.group, taker, taken, len(found.row))
    counts = kept & ((partner >= 0) | ~given.ambiguous)
    # A partner of -1 reads the last entry, which says so.
    return found.row[counts], np.append(truth.row, -1)[partner[counts]]


def by_instance_right_first(
    given: Candidates, able: np.ndarray, kept: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The rule of the THUMOS'14 kit as it was in 2014.

    It is by_instance, but of equal scores those that are right come first.

    Args and returns: Those of Match.
    """
    row, instance = by_instance(given, able, kept)
    order = np.argsort(instance < 0, kind="stable")
    return row[order], instance[order]


def by_score(
    given: Candidates, able: np.ndarray, kept: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The rule of ActivityNet.

    Detections are visited by score, equal ones as given; each takes the free
    instance that it overlaps most. All of them count, and equal scores keep
    the order of the source.

    Args and returns: Those of Match.
    """
    found, truth = given.found, given.truth
    taker, taken = _by_overlap(
        given.found_index[able], given.truth_index[able], given.tiou[able]
    )
    # (I,) place in `found` of each instance's detection, or -1
    partner = take_turns(found.group, taker, taken, len(truth.row))
    # Back to the order of the source, which leaves gaps to be dropped.
    instance = np.full(found.row.max(initial=-1) + 1, -1)
    instance[found.row[partner[partner >= 0]]] = truth.row[partner >= 0]
    row = np.sort(found.row[kept])
    return row, instance[row]


def _detections(annotations, detections):
    """The detections of annotated videos; the best of a group first."""
    place = segments.index_of(annotations.videos)
    places = [place.get(name, -1) for name in detections.videos]
    # The last entry serves a table without videos.
    video = np.array([*places, -1])[detections.video]
    group = detections.label * len(annotations.videos) + video
    order = np.lexsort((-detections.score, group))
    return _sorted(
        order[video[order] >= 0],
        np.arange(len(detections)),
        group,
        np.minimum(detections.start_seconds, detections.end_seconds),
        np.maximum(detections.start_seconds, detections.end_seconds),
    )


def _instances(annotations):
    """Instances as a table."""
    label = annotations.class_index
    labels = [label[one.label] for one in annotations.instances]
    video, low, high = _columns(annotations, annotations.instances)
    group = np.array(labels, int) * len(annotations.videos) + video
    order = np.argsort(group, kind="stable")
    return _sorted(order, np.arange(len(group)), group, low, high)


def _columns(annotations, instances):
    """(video, low, high) of instances, each (I,)."""
    place = segments.index_of(annotations.videos)
    video = np.array([place[one.video] for one in instances], int)
    times = np.array(
        [(one.start_seconds, one.end_seconds) for one in instances], float
    ).reshape(-1, 2)
    return video, times.min(axis=1), times.max(axis=1)


def _ambiguous(annotations, found):
    """(N,) bool, whether a detection overlaps an ambiguous interval."""
    fuzzy = overlaps.Table(*_columns(annotations, annotations.ambiguous))
    # Of every class, so that the video alone is the group.
    video = found.group % max(len(annotations.videos), 1)
    return overlaps.touching(
        overlaps.Table(video, found.low, found.high), fuzzy
    )


def _by_overlap(taker, taken, overlap):
    """(taker, taken) by taker, the largest overlap of each first."""
    order = np.lexsort((taken, -overlap, taker))
    return taker[order], taken[order]


def take_turns(
    groups: np.ndarray, taker: np.ndarray, taken: np.ndarray, num_taken: int
) -> np.ndarray:
    """Lets takers in turn take the free partner that they want most.

    Groups have nothing in common, so the n-th takers of all groups take
    theirs at once.

    Args:
        groups: Group of every taker; takers are numbered by group and turn.
        taker, taken: (P,) who may take whom, by taker; what each wants most
            comes first.
        num_taken: How many there are to be taken.

    Returns:
        (num_taken,) int, the taker of each, or -1.
    """
    begins = ranges.starts(taker)  # (P,) bool, the first pair of each taker
    group = groups[taker[begins]]  # (N,) of the N takers that have a pair
    turn = np.arange(len(group)) - np.searchsorted(group, group)  # (N,)
    turn = turn[np.cumsum(begins) - 1]  # (P,)
    in_turn = np.argsort(turn, kind="stable")
    cuts = np.flatnonzero(ranges.starts(turn[in_turn]))[1:]
    partner = np.full(num_taken, -1)
    if len(taker) < _FEW_AT_ONCE * len(cuts):
        return _one_by_one(taker, taken, partner)
    for rows in np.split(in_turn, cuts):
        free = rows[partner[taken[rows]] < 0]
        best = free[ranges.starts(taker[free])]
        partner[taken[best]] = taker[best]
    return partner


def _one_by_one(taker, taken, partner):
    """The same in a plain loop over the pairs, which are in order."""
    partners, last = partner.tolist(), -1
    for one, other in zip(taker.tolist(), taken.tolist(), strict=True):
        if one != last and partners[other] < 0:
            partners[other] = last = one
    return np.array(partners, int)
