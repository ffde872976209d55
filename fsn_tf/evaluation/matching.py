"""Which detections are right: instances and detections paired one to one."""

from collections import abc
import dataclasses

import numpy as np

from fsn_tf import ranges
from fsn_tf import segments


@dataclasses.dataclass(frozen=True)
class _Table:
    """Segments sorted by group, a group being one class in one video.

    Attributes:
        row: (N,) int, place in the source.
        group: (N,) int, label * number of videos + video.
        low, high: (N,) float, the end points in order, seconds.
    """

    row: np.ndarray
    group: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def take(self, rows: np.ndarray) -> "_Table":
        """The segments at these rows."""
        columns = (self.row, self.group, self.low, self.high)
        return _Table(*(column[rows] for column in columns))


@dataclasses.dataclass(frozen=True)
class Candidates:
    """All that overlaps, found once for any number of matchings.

    Attributes:
        found: _Table of the detections of annotated videos; the most
            confident of a group come first.
        truth: _Table of the instances, in the order of the source.
        truth_index, found_index, tiou: (P,) pairs of a group that overlap.
        ambiguous: (N,) bool, which of `found` overlap an ambiguous interval.
    """

    found: _Table
    truth: _Table
    truth_index: np.ndarray
    found_index: np.ndarray
    tiou: np.ndarray
    ambiguous: np.ndarray


# (candidates, able, kept) -> (row, instance). Args: Candidates; able (P,) bool,
# which of its pairs may be made; kept (N,) bool, which of `found` take part.
# Returns two (M,) int: the detections that count, in the order that equal
# scores keep, and the instance that each of them found, or -1.
Match = abc.Callable[
    [Candidates, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]
]


def candidates(
    annotations: segments.Annotations, detections: segments.Detections
) -> Candidates:
    """All that overlaps of the same class and video.

    Args:
        annotations: Their classes are those of the detections.
        detections: Those of videos that are not annotated are left out.
    """
    found = _detections(annotations, detections)
    truth = _instances(annotations, annotations.instances)
    truth_index, found_index, tiou = _overlapping(truth, found)
    ambiguous = _ambiguous(annotations, found)
    return Candidates(found, truth, truth_index, found_index, tiou, ambiguous)


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
    partner = _take_turns(
        truth.group,
        given.truth_index[able],
        given.found_index[able],
        given.tiou[able],
        len(found.row),
    )  # (N,) place in `truth`, or -1
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
    partner = _take_turns(
        found.group,
        given.found_index[able],
        given.truth_index[able],
        given.tiou[able],
        len(truth.row),
    )  # (I,) place in `found` of each instance's detection, or -1
    # Back to the order of the source, which leaves gaps to be dropped.
    instance = np.full(found.row.max(initial=-1) + 1, -1)
    instance[found.row[partner[partner >= 0]]] = truth.row[partner >= 0]
    row = np.sort(found.row[kept])
    return row, instance[row]


def _detections(annotations, detections):
    """The detections of annotated videos; the best of a group first."""
    place = {name: index for index, name in enumerate(annotations.videos)}
    places = [place.get(name, -1) for name in detections.videos]
    # The last entry serves a table without videos.
    video = np.array([*places, -1])[detections.video]
    table = _Table(
        np.arange(len(detections)),
        detections.label * len(annotations.videos) + video,
        np.minimum(detections.start_seconds, detections.end_seconds),
        np.maximum(detections.start_seconds, detections.end_seconds),
    )
    order = np.lexsort((-detections.score, table.group))
    return table.take(order[video[order] >= 0])


def _instances(annotations, instances, labels=None):
    """Instances as a table; of each class in `labels` if given."""
    label = annotations.class_index
    video = {name: index for index, name in enumerate(annotations.videos)}
    rows = [
        (row, index * len(video) + video[one.video], *_times(one))
        for row, one in enumerate(instances)
        for index in (labels or [label[one.label]])
    ]
    columns = np.array(rows, float).reshape(-1, 4).T
    row, group = columns[:2].astype(int)
    table = _Table(row, group, *columns[2:])
    return table.take(np.argsort(group, kind="stable"))


def _times(instance):
    return sorted((instance.start_seconds, instance.end_seconds))


def _ambiguous(annotations, found):
    """(N,) bool, whether a detection overlaps an ambiguous interval."""
    labels = range(len(annotations.classes))
    fuzzy = _instances(annotations, annotations.ambiguous, labels)
    _, touched, _ = _overlapping(fuzzy, found)
    mask = np.zeros(len(found.row), bool)
    mask[touched] = True
    return mask


def _overlapping(truth, found):
    """(truth, found, tIoU), each (P,): overlaps within a group."""
    # (I,) where the detections of each instance's group begin and end.
    first = np.searchsorted(found.group, truth.group, side="left")
    stop = np.searchsorted(found.group, truth.group, side="right")
    # Every pair of a group; (P,) after the two tests.
    one, other = ranges.expand(first, stop)
    # Few of a group overlap: a test that costs little comes first.
    meet = (truth.low[one] < found.high[other]) & (
        found.low[other] < truth.high[one]
    )
    one, other = one[meet], other[meet]
    overlap = segments.tiou(
        truth.low[one], truth.high[one], found.low[other], found.high[other]
    )
    over = overlap > 0
    return one[over], other[over], overlap[over]


def _take_turns(groups, taker, taken, overlap, num_taken):
    """Lets takers in turn take the free partner they overlap most.

    Groups have nothing in common, so the n-th takers of all groups take
    theirs at once.

    Args:
        groups: Group of every taker; takers are numbered by group and turn.
        taker, taken, overlap: (P,) who may take whom.
        num_taken: How many there are to be taken.

    Returns:
        (num_taken,) int, the taker of each, or -1.
    """
    # Pairs by taker, the largest overlap of each first.
    order = np.lexsort((taken, -overlap, taker))
    taker, taken = taker[order], taken[order]
    begins = ranges.starts(taker)  # (P,) bool, the first pair of each taker
    group = groups[taker[begins]]  # (N,) of the N takers that have a pair
    turn = np.arange(len(group)) - np.searchsorted(group, group)  # (N,)
    turn = turn[np.cumsum(begins) - 1]  # (P,)
    in_turn = np.argsort(turn, kind="stable")
    cuts = np.flatnonzero(ranges.starts(turn[in_turn]))[1:]
    partner = np.full(num_taken, -1)
    for rows in np.split(in_turn, cuts):
        free = rows[partner[taken[rows]] < 0]
        best = free[ranges.starts(taker[free])]
        partner[taken[best]] = taker[best]
    return partner
