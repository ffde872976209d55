"""One damaged input after another, each a function of seed and number."""

import collections
from collections.abc import Iterator
import contextlib
import io
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import time
import traceback
from typing import Any
from typing import NamedTuple

from benchmarks.fuzz import mutations
from benchmarks.fuzz import readers
from fsn_tf import errors

# A reader that takes longer, of the processor's time, has failed.
SLOWEST_SECONDS = 1.0
# What an input may add to the memory of a process.
MOST_BYTES = 2**30
_ENDLESS_SECONDS = 20

# Numbers of inputs that a process died of, in OUT.
DEATHS = "deaths.json"

READ, REFUSED, FAILED = "read", "refused", "failed"


class Turn(NamedTuple):
    """How a reader took one input.

    Attributes:
        outcome: READ, REFUSED or FAILED.
        seconds: Of the processor.
        story: The traceback where it failed.
    """

    outcome: str
    seconds: float
    story: str


class Endless(BaseException):
    """A reader did not come back."""


class Inputs:
    """Damaged inputs in a folder that is theirs.

    Args:
        folder: Empty; has a folder for each reader.
        seed: Of all choices.
        chosen: Names of readers.
    """

    def __init__(self, folder: pathlib.Path, seed: int, chosen: list[str]):
        self._folder = folder
        self._seed = seed
        self._names = chosen
        self._shares = [readers.READERS[name].share for name in chosen]
        self._whole: dict[str, dict[pathlib.Path, bytes]] = {}

    def folder(self, name: str) -> pathlib.Path:
        """Where the files of a reader lie."""
        return self._folder / str(list(readers.READERS).index(name))

    def _files(self, name):
        """{path: whole bytes} of what may be damaged."""
        if name not in self._whole:
            folder = self.folder(name)
            folder.mkdir(parents=True)
            reader = readers.READERS[name]
            reader.make(folder)
            self._whole[name] = {
                path: path.read_bytes()
                for path in sorted(folder.rglob("*"))
                if path.is_file() and not path.name.endswith(reader.keep)
            }
        return self._whole[name]

    @contextlib.contextmanager
    def damaged(self, number: int) -> Iterator[tuple[str, pathlib.Path]]:
        """Gives (name of a reader, path of what is damaged) of an input."""
        rng = random.Random(f"{self._seed}/{number}")
        name = rng.choices(self._names, self._shares)[0]
        files = self._files(name)
        path = rng.choice(list(files))
        path.write_bytes(mutations.mutated(files[path], path.name, rng))
        try:
            yield name, path
        finally:
            path.write_bytes(files[path])

    def turn(self, name: str) -> Turn:
        """Has a reader read what lies there now."""
        story, outcome = "", READ
        start = time.process_time()
        signal.signal(signal.SIGALRM, _stop)
        signal.setitimer(signal.ITIMER_REAL, _ENDLESS_SECONDS)
        try:
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                readers.READERS[name].read(self.folder(name))
        except (errors.InputError, OSError) as error:
            # Commands print both as one line.
            outcome = REFUSED
            if "\n" in str(error).replace("\\n", ""):
                outcome, story = FAILED, f"more than a line: {error}"
        except (Exception, Endless):
            outcome, story = FAILED, traceback.format_exc()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        seconds = time.process_time() - start
        if seconds > SLOWEST_SECONDS and not story:
            outcome, story = FAILED, f"took {seconds:.1f} s"
        return Turn(outcome, seconds, story)


def _stop(*_):
    raise Endless(f"still at it after {_ENDLESS_SECONDS} s")


def limit_memory() -> None:
    """Lets this process have MOST_BYTES more than it has now."""
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MOST_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def peak_bytes() -> int:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class Counts:
    """What came of all inputs so far, by reader; a dict that JSON can hold."""

    def __init__(self, found: dict | None = None):
        self.found: dict[str, dict] = collections.defaultdict(
            lambda: {
                **dict.fromkeys((READ, REFUSED, FAILED), 0),
                "seconds": 0.0,
                "slowest": 0.0,
                "slowest_number": -1,
                "grown": 0,
            },
            found or {},
        )

    def add(self, name: str, number: int, turn: Turn, grown: int) -> None:
        """Counts one more."""
        row = self.found[name]
        row[turn.outcome] += 1
        row["seconds"] += turn.seconds
        row["grown"] = max(row["grown"], grown)
        if turn.seconds > row["slowest"]:
            row |= {"slowest": turn.seconds, "slowest_number": number}

    def join(self, others: dict[str, dict]) -> None:
        """Takes in what another process counted."""
        for name, other in others.items():
            row = self.found[name]
            for key in (READ, REFUSED, FAILED, "seconds"):
                row[key] += other[key]
            row["grown"] = max(row["grown"], other["grown"])
            if other["slowest"] > row["slowest"]:
                for key in ("slowest", "slowest_number"):
                    row[key] = other[key]


def keep(
    out: pathlib.Path, number: int, name: str, path: pathlib.Path, story: str
) -> None:
    """Keeps an input that a reader failed on, and how."""
    folder = out / "failures" / str(number)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / path.name).write_bytes(path.read_bytes())
    (folder / "traceback.txt").write_text(f"{name}\n{story}\n")


def deaths(out: pathlib.Path) -> list[int]:
    """Numbers of inputs that a process died of, and that are not run again."""
    path = out / DEATHS
    return json.loads(path.read_text()) if path.exists() else []


def begin(out: pathlib.Path, folder: pathlib.Path, *others: Any) -> None:
    """Takes the turns of a process of its own; `folder` goes at the end."""
    limit_memory()
    try:
        work(out, folder, *others)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def work(
    out: pathlib.Path,
    folder: pathlib.Path,
    numbers: range,
    seed: int,
    chosen: list[str],
) -> None:
    """Takes the turns of one process; goes on where it was.

    Args:
        out: Of OUT/state-FIRST.json and of failures.
        folder: Empty, for the inputs.
        numbers: Of the inputs.
        seed: Of all choices.
        chosen: Names of readers.
    """
    state_path = out / f"state-{numbers.start}.json"
    state = json.loads(state_path.read_text()) if state_path.exists() else {}
    counts = Counts(state.get("found"))
    inputs = Inputs(folder, seed, chosen)
    parent = os.getppid()
    deadly = deaths(out)
    written = time.monotonic()
    # Written over and never cut off: some file systems then wait for a disk.
    with open(out / f"current-{numbers.start}", "wb", 0) as current:
        for number in numbers[state.get("done", 0) :]:
            # Should the process die, this is what it died of.
            os.pwrite(current.fileno(), b"%20d" % number, 0)
            with inputs.damaged(number) as (name, path):
                before = peak_bytes()
                turn = Turn(FAILED, 0.0, "the process died")
                if number not in deadly:
                    turn = inputs.turn(name)
                counts.add(name, number, turn, peak_bytes() - before)
                if turn.outcome == FAILED:
                    keep(out, number, name, path, turn.story)
            if number == numbers[-1] or time.monotonic() - written > 2:
                written = time.monotonic()
                done = numbers.index(number) + 1
                _write_state(state_path, done, counts)
                if os.getppid() != parent:
                    # Whoever asked for it is gone.
                    return


def _write_state(path, done, counts):
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps({"done": done, "found": counts.found}))
    partial.replace(path)
