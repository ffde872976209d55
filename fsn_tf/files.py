"""Files that appear whole or not at all."""

import contextlib
import json
import os
import pathlib


@contextlib.contextmanager
def written_whole(path):
    """Gives a path to write to; it becomes `path` when the block succeeds.

    The bytes lie beside `path` under a name that starts with a dot until they
    are complete and on the disk, so a reader, a crash or a full disk never
    meets half a file.

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
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        with open(partial, "rb") as file:
            os.fsync(file.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path, text):
    """Writes a UTF-8 text file, whole or not at all."""
    with written_whole(path) as partial:
        partial.write_text(text, encoding="utf-8")


def write_json(path, value):
    """Writes a JSON file, whole or not at all. NaN is refused."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")
