"""A tensor in a file: its shape now, its numbers when asked for."""

import collections.abc
import dataclasses
import math

import numpy as np


@dataclasses.dataclass(frozen=True)
class Stored:
    """One tensor of a weights file.

    Attributes:
        shape: As the file says; nothing has been read for it.
        read: () -> array of that shape, any real type.
    """

    shape: tuple[int, ...]
    read: collections.abc.Callable[[], np.ndarray]

    def fits(self, shape: tuple[int, ...]) -> bool:
        """Whether it can be read as `shape`; a vector may carry ones."""
        if self.shape == shape:
            return True
        return (
            len(shape) == 1
            and math.prod(self.shape) == shape[0]
            and shape[0] in (1, *self.shape)
        )
