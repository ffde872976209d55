"""The metadata of many prepared videos: listed at once, read side by side."""

from collections.abc import Callable
from collections.abc import Mapping
import concurrent.futures
import itertools
import pathlib
from typing import TypeVar

from fsn_tf import progress
from fsn_tf.errors import InputError
from fsn_tf.segments import names

_Video = TypeVar("_Video")

# On a disk that is far away, reading is mostly waiting.
_READERS = 8
_AT_ONCE = 32


def listed(folder: pathlib.Path, prepare: str, what: str) -> dict[str, str]:
    """{video: its metadata's path without .json}, in the order of paths.

    Args:
        folder: Of one stream.
        prepare: The command that makes the folder, for messages.
        what: Plural noun for what it holds.

    Raises:
        InputError: There is no such folder, or nothing in it.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; run {prepare}")
    found = {
        names.normalized(path.stem): str(path).removesuffix(".json")
        for path in sorted(folder.glob("[!.]*.json"))
    }
    if not found:
        raise InputError(f"{folder}: holds no {what}; run fsn prepare")
    return found


def read(
    paths: Mapping[str, str], read_one: Callable[[str], _Video]
) -> tuple[dict[str, _Video], dict[str, InputError]]:
    """What is known about videos, and what is wrong with the damaged ones.

    Says how far it is where it takes a while.

    Args:
        paths: {video: what to call read_one with}.
        read_one: May raise InputError.

    Returns:
        ({name: what read_one gave}, {name: InputError}), in the order given.
    """
    found, damaged = {}, {}
    for name, result in progress.followed(
        _results(paths, read_one), len(paths), "prepared videos found"
    ):
        if isinstance(result, InputError):
            damaged[name] = result
        else:
            found[name] = result
    return found, damaged


def _results(paths, read_one):
    """Yields (name, what read_one gave or raised) of each."""

    def results(stretch):
        return [result(path) for path in stretch]

    def result(path):
        try:
            return read_one(path)
        except InputError as error:
            return error

    # To hand over one path takes as long as to read it from memory.
    each = list(paths.values())
    starts = range(0, len(each), _AT_ONCE)
    stretches = [each[first : first + _AT_ONCE] for first in starts]
    readers = concurrent.futures.ThreadPoolExecutor(_READERS)
    try:
        found = readers.map(results, stretches)
        yield from zip(paths, itertools.chain.from_iterable(found), strict=True)
    finally:
        # Whoever interrupts does not wait for the rest.
        readers.shutdown(cancel_futures=True)
