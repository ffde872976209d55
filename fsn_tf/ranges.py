"""Index arithmetic for pairs of rows, without a loop over rows."""

import numpy as np


def expand(
    first: np.ndarray, stop: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Lists the members of many ranges.

    Args:
        first, stop: (R,) int; range r holds first[r]..stop[r]-1, maybe none.

    Returns:
        (owner, member), each (P,) int, ordered by owner, then by member:
        first (3, 7, 0) and stop (5, 7, 1) give (0, 0, 2) and (3, 4, 0).
    """
    sizes = np.maximum(np.subtract(stop, first), 0)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    # Where the members of each range begin in the list.
    begin = np.cumsum(sizes) - sizes
    return owner, np.arange(len(owner)) + (first - begin)[owner]


def starts(keys: np.ndarray) -> np.ndarray:
    """(P,) bool, where a new value begins in a sorted array."""
    begins = np.ones(len(keys), bool)
    begins[1:] = keys[1:] != keys[:-1]
    return begins
