"""What OpenTAD's mAP does otherwise than ActivityNet's evaluation.

Instances that are annotated twice, or have no length, do not count; and where
scores or overlaps tie, the order is that of NumPy's default sort, reversed.
"""

import collections
import dataclasses

import numpy as np

from fsn_tf import segments
from fsn_tf.evaluation import matching

# Two instances of one label are one where both ends are as near as that.
_SAME_SECONDS = 1e-3


def without_doubles(annotations: segments.Annotations) -> segments.Annotations:
    """Leaves out what has no length, and what was there before.

    An instance goes where an earlier one that stays has its video and label,
    and both its ends within a thousandth of a second.
    """
    kept: list[segments.Instance] = []
    same: dict[tuple, list] = collections.defaultdict(list)
    for one in annotations.instances:
        before = same[one.video, one.label]
        if one.end_seconds - one.start_seconds > 0 and not any(
            abs(one.start_seconds - other.start_seconds) <= _SAME_SECONDS
            and abs(one.end_seconds - other.end_seconds) <= _SAME_SECONDS
            for other in before
        ):
            before.append(one)
            kept.append(one)
    return dataclasses.replace(annotations, instances=tuple(kept))


def by_sorted_score(
    given: matching.Candidates, able: np.ndarray, kept: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The rule of ActivityNet, with ties as OpenTAD leaves them.

    Equal scores come in the reversed order of `np.argsort`, and so do equal
    overlaps of a detection. That sort is not stable, and differs between
    processors: of few equals the later in the source comes first, of many
    there is no telling. Numbers are those of OpenTAD on the same machine.

    Args and returns: Those of matching.Match.
    """
    turns = _turns(given, kept)  # (M,) places in `found`
    number = np.full(len(given.found.row), -1)
    number[turns] = np.arange(len(turns))
    found, truth = given.found_index[able], given.truth_index[able]
    overlap = given.tiou[able]
    order = np.lexsort(
        (_tie_breaks(given, found, truth, overlap), -overlap, number[found])
    )
    partner = matching.take_turns(
        given.found.group[turns],
        number[found][order],
        truth[order],
        len(given.truth.row),
    )
    instance = np.full(len(turns), -1)
    taken = partner >= 0
    instance[partner[taken]] = given.truth.row[taken]
    # Of each class the rows are in its order; _ranking keeps it.
    by_rank = np.argsort(_ranks_of_turns(given, turns), kind="stable")
    return given.found.row[turns][by_rank], instance[by_rank]


def _turns(given, kept):
    """(M,) places in `found`, by group and in each by turn."""
    ranks = _score_ranks(given, kept)
    order = np.lexsort((ranks, given.found.group))
    return order[kept[order]]


def _ranks_of_turns(given, turns):
    kept = np.zeros(len(given.found.row), bool)
    kept[turns] = True
    return _score_ranks(given, kept)[turns]


def _score_ranks(given, kept):
    """(N,) int, the rank of each of `found` that is kept in its class."""
    places = np.flatnonzero(kept)
    label = given.label[places]
    # By class, then in the order of the source.
    places = places[np.lexsort((given.found.row[places], label))]
    ranks = np.zeros(len(kept), int)
    cuts = np.flatnonzero(np.diff(given.label[places])) + 1
    for mine in np.split(places, cuts):
        ranks[mine[np.argsort(given.score[mine])[::-1]]] = np.arange(len(mine))
    return ranks


def _tie_breaks(given, found, truth, overlap):
    """(P,) int, which of equal overlaps of a detection is looked at first."""
    first = -truth
    order = np.lexsort((overlap, found))
    same = np.diff(found[order]) == 0
    same &= np.diff(overlap[order]) == 0
    for place in np.unique(found[order[1:][same]]):
        mine = np.flatnonzero(found == place)
        group = given.found.group[place]
        start, stop = np.searchsorted(given.truth.group, [group, group + 1])
        overlaps = segments.tiou(
            given.truth.low[start:stop],
            given.truth.high[start:stop],
            given.found.low[place],
            given.found.high[place],
        )
        rank = np.empty(stop - start, int)
        rank[np.argsort(overlaps)[::-1]] = np.arange(stop - start)
        first[mine] = rank[truth[mine] - start]
    return first
