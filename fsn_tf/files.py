"""Files that appear whole or not at all, and which ones are videos."""

from collections.abc import Iterator
import contextlib
import json
import os
import pathlib
import shutil
import tempfile
from typing import Any

from fsn_tf import partials
from fsn_tf.errors import InputError

# Lower case. A name of a video in annotations may carry one of them.
VIDEO_ENDINGS = frozenset(
    ".3gp .avi .flv .m4v .mkv .mov .mp4 .mpeg .mpg .mts .ogv .ts .webm "
    ".wmv".split()
)

# Written to see whether a disk has room.
_TRIED_BYTES = 2**16
# Of our own files of facts; in memory they are ten times as large.
_LARGEST_JSON = 2**28
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"


class NotWrittenError(OSError):
    """`where` cannot be written, and why, such as that the disk is full."""

    def __init__(self, where, why):
        super().__init__(f"{where}: not written: {why}")
        self.where, self.why = where, why


def make_folder(folder: pathlib.Path | str) -> pathlib.Path:
    """Makes a folder and those above it, where they are missing.

    Raises:
        InputError: A file lies where a folder is wanted.
        OSError: It cannot be made.
    """
    folder = pathlib.Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise _no_folder(folder) from None
    return folder


def _no_folder(folder):
    lowest = next(
        each for each in (folder, *folder.parents) if os.path.lexists(each)
    )
    return InputError(
        f"{lowest}: is no folder; expected one, or a path where nothing lies"
    )


def check_writable(folder: pathlib.Path | str) -> None:
    """Raises now what writing to a folder would raise after hours of work.

    Where the folder is missing, the one above is tried; nothing is made.

    Raises:
        InputError: A file lies where a folder is wanted.
        OSError: The folder is read-only, or the disk is full.
    """
    folder = pathlib.Path(folder)
    while not os.path.lexists(folder):
        folder = folder.parent
    if not folder.is_dir():
        raise _no_folder(folder)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_TRIED_BYTES))
            file.flush()
    except OSError as error:
        raise NotWrittenError(folder, error.strerror or error) from error


@contextlib.contextmanager
def _naming(path, partial):
    """A block whose errors of the disk say where, once."""
    try:
        yield
    except OSError as error:
        # A full disk is reported without saying where, or as of the part.
        where = getattr(error, "where", None) or error.filename or partial
        if not str(where).startswith(str(partial)):
            raise
        why = getattr(error, "why", None) or error.strerror or error
        raise NotWrittenError(path, why) from error


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
        InputError: A folder lies there, or a file where a folder is wanted.
        OSError: The folder cannot be written or the disk is full. Nothing is
            left behind.
    """
    path = pathlib.Path(path)
    if path.is_dir():
        raise InputError(f"{path}: is a folder; expected a file to write")
    partials.sweep_once(make_folder(path.parent))
    partial = partials.named(path, path.stem, path.suffix)
    try:
        with (
            _naming(path, partial),
            partials.locked(partial, pathlib.Path.touch),
        ):
            yield partial
            with open(partial, "r+b") as file:
                os.fsync(file.fileno())
            os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


@contextlib.contextmanager
def folder_written_whole(path: pathlib.Path | str) -> Iterator[pathlib.Path]:
    """As written_whole, for a folder that must not exist yet.

    Yields:
        pathlib.Path of an empty folder to fill.

    Raises:
        InputError: `path` exists, or a file lies where a folder is wanted.
        OSError: As for written_whole.
    """
    path = pathlib.Path(path)
    if os.path.lexists(path):
        raise InputError(f"{path}: exists already; choose another --out")
    partials.sweep_once(make_folder(path.parent))
    partial = partials.named(path, path.name)
    try:
        with (
            _naming(path, partial),
            partials.locked(partial, partials.make_empty_folder),
        ):
            yield partial
            if os.path.lexists(path):
                raise InputError(
                    f"{path}: was made meanwhile; choose another --out"
                )
            partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextlib.contextmanager
def passing_folder(folder: pathlib.Path | str) -> Iterator[pathlib.Path]:
    """A folder inside another one, for as long as the block lasts.

    What a killed process leaves, partials.remove_abandoned(folder) deletes.

    Yields:
        pathlib.Path of an empty folder.
    """
    partial = partials.named(make_folder(folder) / "passing", "passing")
    try:
        with partials.locked(partial, partials.make_empty_folder):
            yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def write_text(path: pathlib.Path | str, text: str) -> None:
    """Writes a UTF-8 text file, whole or not at all."""
    with written_whole(path) as partial:
        partial.write_text(text, encoding="utf-8")


def read_json(path: pathlib.Path | str) -> Any:
    """The value in a JSON file.

    Raises:
        ValueError: It is not JSON, or too large or too deep to be ours.
        OSError: It cannot be read.
    """
    path = pathlib.Path(path)
    check_not_pointer(path)
    if path.stat().st_size > _LARGEST_JSON:
        raise ValueError(f"more than {_LARGEST_JSON} bytes")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise ValueError("JSON that is too deep") from error


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
