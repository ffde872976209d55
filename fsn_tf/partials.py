"""What is not whole yet: its name, its lock, and what killed processes left."""

from collections.abc import Callable
from collections.abc import Iterator
import contextlib
import os
import pathlib
import re
import shutil
import socket
import sys

if sys.platform != "win32":
    import fcntl

_PARTIAL = ".partial"
# What files.written_whole and folder_written_whole name what is not whole yet.
_PARTIAL_NAME = re.compile(r"\..+\.\d+\.partial(\.[^.]*)?")

# Where this process has removed what others left.
_swept: set[pathlib.Path] = set()


def named(path: pathlib.Path, stem: str, suffix: str = "") -> pathlib.Path:
    """Where what is to be at a path lies until it is whole."""
    owner = f"{socket.gethostname()}.{os.getpid()}"
    # A name may be as long as file systems allow already.
    return path.with_name(f".{stem[:40]}.{owner}{_PARTIAL}{suffix}")


@contextlib.contextmanager
def locked(
    partial: pathlib.Path, make: Callable[[pathlib.Path], None]
) -> Iterator[None]:
    """Makes what remove_abandoned leaves alone inside the block.

    `make` makes an empty file or a folder there.
    """
    if sys.platform == "win32":
        # It has no such locks, and does not rename a file that is open.
        make(partial)
        yield
        return
    while True:
        make(partial)
        try:
            lock = os.open(partial, os.O_RDONLY)
        except FileNotFoundError:
            # Taken for abandoned before it was even opened.
            continue
        try:
            # Held until it is whole; a process that dies lets it go.
            fcntl.flock(lock, fcntl.LOCK_SH)
            # Another may have taken it for abandoned before it was locked.
            if _is_at(partial, lock):
                yield
                return
        finally:
            os.close(lock)


def _is_at(path, opened):
    """Whether what was opened still lies at a path."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(opened))
    except FileNotFoundError:
        return False


def make_empty_folder(partial: pathlib.Path) -> None:
    """Makes a folder, for `locked`; what lies there goes."""
    # A process of the same number may have left one, on another start.
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()


def is_abandoned(passing: pathlib.Path) -> bool:
    """Whether the block of files.passing_folder has ended, or its process."""
    try:
        with _taken(passing):
            return True
    except FileNotFoundError:
        return True
    except OSError:
        return False


@contextlib.contextmanager
def _taken(partial):
    """Holds what nobody makes any more; OSError if somebody does."""
    lock = os.open(partial, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(lock)


def sweep_once(folder: pathlib.Path) -> None:
    """Removes what killed processes left, when a folder is first used."""
    if folder.absolute() not in _swept:
        _swept.add(folder.absolute())
        remove_abandoned(folder)


def remove_abandoned(folder: pathlib.Path | str) -> None:
    """Deletes the files and folders that killed processes left half-made."""
    # Without locks nothing tells whether a process still writes.
    if sys.platform == "win32":
        return
    for partial in pathlib.Path(folder).glob(f".*{_PARTIAL}*"):
        if _PARTIAL_NAME.fullmatch(partial.name):
            with contextlib.suppress(OSError), _taken(partial):
                _remove(partial)


def _remove(partial):
    if partial.is_dir():
        shutil.rmtree(partial)
    else:
        partial.unlink(missing_ok=True)
