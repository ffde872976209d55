"""What was the same here and on a store when they were last compared."""

from collections.abc import Iterator
import contextlib
import json
import os
import pathlib
import sys
from typing import NamedTuple

from fsn_tf import files
from fsn_tf.storage.stores import Stored

if sys.platform != "win32":
    import fcntl


class Stamp(NamedTuple):
    """What tells whether a file on the disk has changed."""

    size: int
    mtime_ns: int


def stamp(path: pathlib.Path) -> Stamp:
    """Of the file at a path."""
    facts = path.stat()
    return Stamp(facts.st_size, facts.st_mtime_ns)


class Record(NamedTuple):
    """A file here and the file on the store that hold the same."""

    here: Stamp
    stored: Stored


class Records:
    """The records of one bucket, in a file to which lines are added.

    A line that a killed process left half-written is one file that is
    compared again.

    Args:
        path: Of that file.
    """

    def __init__(self, path: pathlib.Path):
        self._path = path
        self._known: dict[str, Record] = {}

    def load(self) -> None:
        """Reads the file again, where there is one."""
        self._known.clear()
        if not self._path.exists():
            return
        text = self._path.read_text("utf-8", errors="replace")
        for line in text.splitlines():
            with contextlib.suppress(ValueError, TypeError):
                name, here, stored = json.loads(line)
                self._note(name, here and Record(Stamp(*here), Stored(*stored)))

    def get(self, name: str) -> Record | None:
        """The record of a file, if there is one."""
        return self._known.get(name)

    def put(self, name: str, record: Record) -> None:
        """Notes that a file is the same in both places."""
        self._add(name, record)

    def drop(self, name: str) -> None:
        """Notes that a file is in neither place."""
        self._add(name, None)

    def _note(self, name, record):
        if record:
            self._known[name] = record
        else:
            self._known.pop(name, None)

    def _add(self, name, record):
        line = json.dumps([name, *(record or (None, None))])
        with open(self._path, "a", encoding="utf-8") as file:
            # After a line that was cut off.
            file.write(f"\n{line}\n")
        self._note(name, record)


@contextlib.contextmanager
def locked(path: pathlib.Path, note: str) -> Iterator[None]:
    """A block that one process has at a time.

    Args:
        path: Of a file for the lock.
        note: Said on stderr where another process has it.
    """
    files.make_folder(path.parent)
    with open(path, "a") as file:
        if sys.platform != "win32":
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                print(note, file=sys.stderr)
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def replace(made: pathlib.Path, path: pathlib.Path) -> Stamp:
    """Moves a file to where it belongs; its stamp there."""
    files.make_folder(path.parent)
    os.replace(made, path)
    return stamp(path)
