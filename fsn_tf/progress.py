"""One line of progress with the time that remains."""

from collections.abc import Iterable
from collections.abc import Iterator
import sys
import time
from typing import TextIO
from typing import TypeVar

_Item = TypeVar("_Item")

# What takes no longer needs no line.
_QUIET_SECONDS = 2.0


class Progress:
    """Prints how far a long piece of work is, and when it will be done.

    On a terminal the line is rewritten in place; in a log file a new line
    comes every ten seconds.

    Args:
        total: Amount of work in all, shown without decimals.
        what: Plural noun for a unit of work, "videos".
        already: Work that an earlier run did; it does not count as speed.
    """

    def __init__(
        self,
        total: float,
        what: str,
        *,
        already: float = 0,
        stream: TextIO | None = None,
    ):
        self.total = total
        self.what = what
        self.already = already
        self.stream = stream or sys.stderr
        self.started = time.monotonic()
        self.printed = -float("inf")
        self.begun: tuple[float, float] | None = None
        self.width = 0

    def update(self, done: float, detail: str = "") -> None:
        """Prints the line if it is due. `done` counts `already` in."""
        now = time.monotonic()
        if self.begun is None and done > self.already:
            self.begun = now - self.started, done
        interval = 0.5 if self.stream.isatty() else 10.0
        if now - self.printed < interval and done < self.total:
            return
        self.printed = now
        self._print(self.line(done, now - self.started, detail))

    def line(
        self, done: float, elapsed_seconds: float, detail: str = ""
    ) -> str:
        """The text: share done, detail, time taken, time remaining."""
        remaining = "?"
        since_seconds, before = 0.0, self.already
        if self.begun is not None and done > self.begun[1]:
            # Up to there, time went into starting.
            since_seconds, before = self.begun
        if done > before:
            pace = (elapsed_seconds - since_seconds) / (done - before)
            remaining = clock((self.total - done) * pace)
        parts = [f"{done:.0f}/{self.total:.0f} {self.what}", detail]
        parts += [f"elapsed {clock(elapsed_seconds)}", f"ETA {remaining}"]
        return "  ".join(part for part in parts if part)

    def message(self, text: str) -> None:
        """Prints a line that stays."""
        self._clear()
        print(text, file=self.stream, flush=True)

    def close(self) -> None:
        """Ends the line, so that what follows starts on its own."""
        if self.width:
            print(file=self.stream, flush=True)
            self.width = 0

    def _print(self, text):
        if self.stream.isatty():
            self._clear()
            self.stream.write("\r" + text)
            self.stream.flush()
            self.width = len(text)
        else:
            print(text, file=self.stream, flush=True)

    def _clear(self):
        if self.width:
            self.stream.write("\r" + " " * self.width + "\r")
            self.width = 0


def followed(items: Iterable[_Item], total: int, what: str) -> Iterator[_Item]:
    """Yields the items; says how far it is once that takes a while.

    Args:
        items: To be done one after another.
        total: How many there are.
        what: Plural noun for them.
    """
    shown = Progress(total, what)
    is_shown = False
    try:
        for done, item in enumerate(items):
            is_shown |= time.monotonic() - shown.started > _QUIET_SECONDS
            if is_shown:
                shown.update(done)
            yield item
    finally:
        shown.close()


def clock(duration_seconds: float) -> str:
    """63.4 -> 1:03, 3723 -> 1:02:03."""
    minutes, rest = divmod(int(duration_seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{rest:02d}"
    return f"{minutes}:{rest:02d}"
