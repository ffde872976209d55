"""Which segments overlap, without a look at every pair of them.

Two segments whose tIoU is above some number are about as long and start at
about the same time. So segments are sorted by group, length in steps of a
factor, and start; those that may overlap one are then a few ranges of that
order. The ranges are a little too wide, and tIoU itself decides.
"""

from collections.abc import Iterator
import dataclasses

import numpy as np

from fsn_tf import ranges
from fsn_tf.segments.intervals import tiou

# Pairs looked at in one go; bounds the memory, not the result.
PAIRS_AT_ONCE = 1_000_000
# How much wider ranges are than exact numbers would have them.
_MARGIN = 1e-9


@dataclasses.dataclass(frozen=True)
class Table:
    """Segments of groups, a group being, say, one class in one video.

    Attributes:
        group: (N,) int, 0 or more; only what is of one group overlaps.
        low, high: (N,) float, the end points in order, seconds.
    """

    group: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def take(self, rows: np.ndarray) -> "Table":
        """The segments at these rows."""
        return Table(self.group[rows], self.low[rows], self.high[rows])


class Index:
    """Segments in the order of their group, length and start.

    Args:
        table: N segments. Those without length overlap nothing.
        least: From 0 to 1; overlaps below it are not asked for.
    """

    def __init__(self, table: Table, least: float):
        self.least = least
        # Of the lengths in one step; long steps hold many lengths, short
        # ones are many.
        self.ratio = 2.0 if least <= 0.5 else max(1 / least, 1.01)
        rows = np.flatnonzero(table.high > table.low)
        level = self._level((table.high - table.low)[rows])
        self.first_level = int(level.min(initial=0))
        self.num_levels = int(level.max(initial=0)) - self.first_level + 1
        # Times as integers: how many different starts there are before.
        self.lows = np.unique(table.low[rows])
        tick = np.searchsorted(self.lows, table.low[rows])
        keys = self._key(table.group[rows], level, tick)
        order = np.argsort(keys, kind="stable")
        self.keys, self.rows = keys[order], rows[order]

    def _level(self, length):
        """(N,) int, the step of each length; one for all if least is 0."""
        if not self.least:
            return np.zeros(len(length), int)
        return self._step(length)

    def _step(self, length, nudge=0.0):
        finite = np.clip(length, 5e-324, np.finfo(float).max)
        return np.floor(np.log(finite) / np.log(self.ratio) + nudge).astype(int)

    def _key(self, group, level, tick):
        cell = group * self.num_levels + level - self.first_level
        return cell * (len(self.lows) + 1) + tick

    def after(self, asked: Table) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Those that may overlap and start no earlier than what is asked.

        Args:
            asked: M segments.

        Yields:
            (first, stop), each (M,) int: rows[first..stop - 1] of each, of
            one length after another.
        """
        length = asked.high - asked.low
        lowest, highest = self._levels(length)
        begin = np.searchsorted(self.lows, asked.low, side="left")
        for step in range(int((highest - lowest).max(initial=-1)) + 1):
            level = lowest + step
            until = np.searchsorted(
                self.lows, self._latest(asked.low, length, level), side="right"
            )
            first = np.searchsorted(
                self.keys, self._key(asked.group, level, begin)
            )
            stop = np.searchsorted(
                self.keys, self._key(asked.group, level, until)
            )
            yield first, np.where(level <= highest, stop, first)

    def _levels(self, length):
        """(M,) int each: the steps that hold lengths near these."""
        last = self.first_level + self.num_levels - 1
        if not self.least:
            return np.zeros((2, len(length)), int)
        with np.errstate(over="ignore"):
            lowest = self._step(length * self.least, -_MARGIN)
            highest = self._step(length / self.least, _MARGIN)
        return np.maximum(lowest, self.first_level), np.minimum(highest, last)

    def _latest(self, low, length, level):
        """(M,) float, where the last that overlaps enough starts."""
        # Of two that start d apart, the first of length A and the second of
        # length B, tIoU is at most (A - d) / A, and at most B / (d + B).
        reach = length * (1 - self.least)
        if self.least:
            with np.errstate(over="ignore"):
                longest = self.ratio ** (level + 1.0) * (1 + _MARGIN)
                other = longest * ((1 - self.least) / self.least)
            reach = np.minimum(reach, other)
        reach = reach * (1 + _MARGIN) + length * _MARGIN
        return np.nextafter(low + reach, np.inf)

    def count(self, asked: Table) -> int:
        """How many pairs `pairs` looks at."""
        return sum(int((b - a).sum()) for a, b in self.after(asked))

    def pairs(self, asked: Table) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yields (row of asked, row of the table), (P,) each, in blocks."""
        for first, stop in self.after(asked):
            for block in _blocks(stop - first):
                owner, place = ranges.expand(first[block], stop[block])
                yield owner + block.start, self.rows[place]


def _blocks(counts):
    """Slices of rows that make about PAIRS_AT_ONCE pairs each."""
    total = np.cumsum(counts)
    cuts = np.arange(PAIRS_AT_ONCE, total[-1:].sum() + 1, PAIRS_AT_ONCE)
    edges = np.unique([0, *(np.searchsorted(total, cuts) + 1), len(counts)])
    return [slice(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)]


def within(
    table: Table, index: Index
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of one table whose tIoU is above 0 and at least the index's.

    Args:
        table: N segments.
        index: Of them.

    Returns:
        (smaller row, larger row, tIoU), each (P,).
    """
    parts = [(np.zeros(0, int), np.zeros(0, int), np.zeros(0))]
    for one, other in index.pairs(table):
        # What starts together comes from both sides.
        once = (table.low[one] < table.low[other]) | (one < other)
        one, other, overlap = _enough(
            table, one[once], table, other[once], index.least
        )
        parts.append((np.minimum(one, other), np.maximum(one, other), overlap))
    return _joined(parts)


def between(
    first: Table, second: Table, least: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of two tables whose tIoU is above 0 and at least `least`.

    Returns:
        (row of first, row of second, tIoU), each (P,).
    """
    return _joined(list(blocks_between(first, second, least)))


def blocks_between(
    first: Table, second: Table, least: float
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yields what `between` returns, in blocks of bounded size."""
    yield np.zeros(0, int), np.zeros(0, int), np.zeros(0)
    for one, other in Index(second, least).pairs(first):
        yield _enough(first, one, second, other, least)
    for other, one in Index(first, least).pairs(second):
        later = second.low[other] < first.low[one]
        yield _enough(first, one[later], second, other[later], least)


def _enough(first, one, second, other, least):
    overlap = tiou(
        first.low[one], first.high[one], second.low[other], second.high[other]
    )
    rows = (overlap > 0) & (overlap >= least)
    return one[rows], other[rows], overlap[rows]


def _joined(parts):
    one, other, overlap = zip(*parts, strict=True)
    return np.concatenate(one), np.concatenate(other), np.concatenate(overlap)


def touching(asked: Table, table: Table) -> np.ndarray:
    """(M,) bool, which of M segments overlap any of a table, however little."""
    some = table.take(np.flatnonzero(table.high > table.low))
    lows, highs = np.unique(some.low), np.unique(some.high)
    size = max(len(lows), len(highs)) + 1
    keys = some.group * size + np.searchsorted(lows, some.low)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    # The latest end so far, of one group after another.
    ends = (some.group * size + np.searchsorted(highs, some.high))[order]
    latest = np.maximum.accumulate(np.append(-1, ends))
    until = asked.group * size + np.searchsorted(lows, asked.high)
    ended = asked.group * size + np.searchsorted(highs, asked.low, side="right")
    before = np.searchsorted(keys, until)
    return (asked.high > asked.low) & (latest[before] >= ended)
