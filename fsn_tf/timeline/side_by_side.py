"""Streams of one video, which are scored side by side."""

import collections
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

# Frames by which the scores of a video grow, 44 minutes.
_FRAMES_MORE = 2**16

_Item = TypeVar("_Item")


def shared(items: Iterable[_Item], count: int) -> list[Iterator[_Item]]:
    """`count` iterators over the same items.

    Unlike itertools.tee, an item is let go when the last has passed it, not
    when it has passed 57.
    """
    items = iter(items)
    waiting: list[collections.deque[_Item]] = [
        collections.deque() for _ in range(count)
    ]

    def each(mine):
        while True:
            if not mine:
                try:
                    item = next(items)
                except StopIteration:
                    return
                for one in waiting:
                    one.append(item)
                del item
            yield mine.popleft()

    return [each(mine) for mine in waiting]


class WeightedMean:
    """Scores that grow in place as the streams' stretches come.

    Args:
        weights: One number for each stream, of sum 1.
        num_classes: C.

    Attributes:
        values: (T, C) float32 or more rows, of zeros.
    """

    def __init__(self, weights: Sequence[float], num_classes: int):
        self._weights = np.asarray(weights, np.float32)
        self._done = [0] * len(weights)
        self.values = np.zeros((0, num_classes), np.float32)

    def add(self, stream: int, stretch: np.ndarray) -> None:
        """Adds the next (n, C) probabilities of a stream."""
        first = self._done[stream]
        self._done[stream] = stop = first + len(stretch)
        if stop > len(self.values):
            # Zeros are appended; no second array is made, as joining would.
            shape = stop + _FRAMES_MORE, self.values.shape[1]
            self.values.resize(shape, refcheck=False)
        # (n, C) rows that other streams may have added to already
        self.values[first:stop] += self._weights[stream] * stretch
