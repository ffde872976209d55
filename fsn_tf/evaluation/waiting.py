"""Progress of what may take long, for who waits."""

from collections.abc import Iterable
from collections.abc import Iterator
import time
from typing import TypeVar

from fsn_tf import progress

_Item = TypeVar("_Item")

# What takes no longer needs no line.
_QUIET_SECONDS = 2.0


def followed(items: Iterable[_Item], total: int, what: str) -> Iterator[_Item]:
    """Yields the items; says how far it is once that takes a while.

    Args:
        items: To be done one after another.
        total: How many there are.
        what: Plural noun for them.
    """
    shown = progress.Progress(total, what)
    is_shown = False
    for done, item in enumerate(items):
        is_shown |= time.monotonic() - shown.started > _QUIET_SECONDS
        if is_shown:
            shown.update(done)
        yield item
    shown.close()
