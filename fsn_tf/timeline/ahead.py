"""Items that a thread makes while those before them are in use."""

from collections.abc import Generator
from collections.abc import Iterator
import contextlib
import queue
import threading
from typing import Any
from typing import TypeVar

_Item = TypeVar("_Item")

_SECONDS_BETWEEN_LOOKS = 0.01


def ahead(items: Generator[_Item]) -> Generator[_Item]:
    """Yields the items, each made by a thread while the last is in use.

    One item waits at most, so memory is bounded. What making one raises is
    raised here. The thread ends with the items, or, where this generator is
    closed earlier, once it has made the item that it is at.

    Args:
        items: A generator; it is closed by the thread that runs it.
    """
    waiting: queue.Queue[Any] = queue.Queue(1)
    stop = threading.Event()
    thread = threading.Thread(
        target=_make, args=(items, waiting, stop), daemon=True
    )
    try:
        thread.start()
        yield from _received(waiting)
    finally:
        stop.set()
        # It may wait for room twice: for an item, then for an error.
        while thread.is_alive():
            with contextlib.suppress(queue.Empty):
                waiting.get_nowait()
            thread.join(_SECONDS_BETWEEN_LOOKS)


def _make(items, waiting, stop):
    try:
        with contextlib.closing(items):
            for item in items:
                waiting.put(item)
                # Else it would live until the next one is complete.
                del item
                if stop.is_set():
                    return
        waiting.put(None)
    except BaseException as error:
        waiting.put(error)


def _received(waiting) -> Iterator[Any]:
    while (item := waiting.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item
        del item
