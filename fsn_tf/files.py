"""Files that appear whole or not at all, and which ones are videos."""

from collections.abc import Iterator
import contextlib
import json
import os
import pathlib
import shutil
import socket
import sys
import tempfile
from typing import Any

from fsn_tf.errors import InputError

if sys.platform != "win32":
    import fcntl

# Lower case. A name of a video in annotations may carry one of them.
VIDEO_ENDINGS = frozenset(
    ".3gp .avi .flv .m4v .mkv .mov .mp4 .mpeg .mpg .mts .ogv .ts .webm "
    ".wmv".split()
)

_PARTIAL = ".partial"
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"


@contextlib.contextmanager
def _locked(partial: pathlib.Path) -> Iterator[None]:
    """Makes a file that remove_abandoned leaves alone inside the block."""
    if sys.platform == "win32":
        # It has no such locks, and does not rename a file that is open.
        partial.touch()
        yield
    else:
        with open(partial, "wb") as lock:
            # Held until the file is whole; a process that dies lets it go.
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield


@contextlib.contextmanager
def written_whole(path: pathlib.Path | str) -> Iterator[pathlib.Path]:
    """Gives a path to write to; it becomes `path` when the block succeeds.

    The bytes lie beside `path` under a name that starts with a dot until they
    are complete and on the disk, so a reader, a crash or a full disk never
    meets half a file. The name ends like that of `path`, for writers that
    choose a format by it.

    Args:
        path: Where the file appears. Its folder is made if it is missing.

    Yields:
        pathlib.Path to write the file to.

    Raises:
        OSError: The folder cannot be written or the disk is full. Nothing is
            left behind.
    """
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    owner = f"{socket.gethostname()}.{os.getpid()}"
    partial = path.with_name(f".{path.stem}.{owner}{_PARTIAL}{path.suffix}")
    try:
        with _locked(partial):
            yield partial
            with open(partial, "r+b") as file:
                os.fsync(file.fileno())
            os.replace(partial, path)
    except OSError as error:
        if error.filename is not None:
            raise
        # A full disk is reported without saying where.
        message = f"{path}: not written: {error.strerror or error}"
        raise OSError(message) from error
    finally:
        partial.unlink(missing_ok=True)


@contextlib.contextmanager
def folder_written_whole(path: pathlib.Path | str) -> Iterator[pathlib.Path]:
    """As written_whole, for a folder that must not exist yet.

    Yields:
        pathlib.Path of an empty folder to fill.

    Raises:
        InputError: `path` exists.
    """
    path = pathlib.Path(path)
    if path.exists():
        raise InputError(f"{path}: exists already; choose another --out")
    path.parent.mkdir(parents=True, exist_ok=True)
    # A dot folder becomes the folder when it is complete.
    partial = pathlib.Path(
        tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent)
    )
    try:
        yield partial
        partial.chmod(0o755)
        if path.exists():
            raise InputError(
                f"{path}: was made meanwhile; choose another --out"
            )
        partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def remove_abandoned(folder: pathlib.Path | str) -> None:
    """Deletes what killed processes left half-written."""
    for partial in pathlib.Path(folder).glob(f".*{_PARTIAL}*"):
        with contextlib.suppress(BlockingIOError), open(partial, "rb") as file:
            # Without locks nothing tells whether a process still writes.
            if sys.platform != "win32":
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                partial.unlink(missing_ok=True)


def write_text(path: pathlib.Path | str, text: str) -> None:
    """Writes a UTF-8 text file, whole or not at all."""
    with written_whole(path) as partial:
        partial.write_text(text, encoding="utf-8")


def write_json(path: pathlib.Path | str, value: Any) -> None:
    """Writes a JSON file, whole or not at all. NaN is refused."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")


def check_not_pointer(path: pathlib.Path | str) -> None:
    """Refuses what Git LFS leaves in the place of a large file.

    Raises:
        InputError: The file is such a pointer.
        OSError: It cannot be read.
    """
    with open(path, "rb") as file:
        is_pointer = file.read(len(_LFS_POINTER)) == _LFS_POINTER
    if is_pointer:
        raise InputError(
            f"{path}: a Git LFS pointer, not the file itself; run git lfs pull "
            "in its repository, or download the file"
        )
