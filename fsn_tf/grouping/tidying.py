"""Runs of frames tidied up: small gaps bridged, then short runs left out."""

import dataclasses
import math

import numpy as np

from fsn_tf import errors

# Of a frame; what floats may lose of 0.2 s at 25 frames a second.
_SLACK = 1e-6


@dataclasses.dataclass(frozen=True)
class Tidying:
    """How long a segment must be, and which gaps are none.

    Gaps are bridged first, so what flickers counts as long as it lasts. The
    ends of a video are no gaps, and nothing is made longer there.

    Attributes:
        min_duration_seconds: Segments that are shorter are left out; 0 leaves
            all.
        max_gap_seconds: Segments of a class with no more than this between
            them are one; 0 joins none.

    Raises:
        InputError: One of them is negative, or no number.
    """

    min_duration_seconds: float = 0.0
    max_gap_seconds: float = 0.0

    def __post_init__(self):
        for name, value in dataclasses.asdict(self).items():
            if not 0 <= value < math.inf:
                raise errors.InputError(
                    f"{name} {value!r}: expected seconds, 0 or more"
                )

    def runs(
        self, row: np.ndarray, first: np.ndarray, stop: np.ndarray, fps: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The runs that are left.

        Args:
            row, first, stop: (S,) int each, as segments.runs gives them.
            fps: Frames per second.
        """
        max_gap = math.floor(self.max_gap_seconds * fps + _SLACK)
        if max_gap and len(row):
            joins = (row[1:] == row[:-1]) & (first[1:] - stop[:-1] <= max_gap)
            starts, ends = np.append(True, ~joins), np.append(~joins, True)
            row, first, stop = row[starts], first[starts], stop[ends]
        is_long = stop - first >= self.min_duration_seconds * fps - _SLACK
        return row[is_long], first[is_long], stop[is_long]


NOTHING = Tidying()
