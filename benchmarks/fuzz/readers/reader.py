"""What a reader is given, and how often."""

from collections.abc import Callable
import dataclasses
import pathlib


@dataclasses.dataclass(frozen=True)
class Reader:
    """One reader.

    Attributes:
        make: Writes whole files into an empty folder.
        read: Reads them from that folder; raises InputError if it must.
        share: How often it gets an input, beside others; slow ones less.
        keep: Ends of names of files that are never damaged.
    """

    make: Callable[[pathlib.Path], object]
    read: Callable[[pathlib.Path], object]
    share: int = 10
    keep: tuple[str, ...] = ()
