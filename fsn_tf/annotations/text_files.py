"""Text and JSON files, and messages of one line that say where a mistake is."""

import codecs
from collections.abc import Iterator
import json
import os
import pathlib
import reprlib
from typing import Any

from fsn_tf import errors
from fsn_tf import files

# A row takes less than 200 bytes; a longer line is some other kind of file,
# and is not read to its end.
MAX_LINE_BYTES = 2**20

# JSON may be one line, but is held in memory, at ten times its size.
MAX_JSON_BYTES = 2**30


def mistake(
    where: pathlib.Path | str, expected: str, value: object
) -> errors.InputError:
    """The InputError for a value that is not what was expected.

    Args:
        where: "FILE:LINE", or whatever finds the place.
        expected: A few words.
        value: What came.
    """
    message = f"{where}: expected {expected}, got {shown(value)}"
    return errors.InputError(message)


def shown(value: object) -> str:
    """A value in one line of at most 80 characters."""
    short = reprlib.Repr()
    short.maxstring = short.maxother = 60
    line = short.repr(value)
    return line if len(line) <= 80 else line[:77] + "..."


def lines(path: pathlib.Path | str) -> Iterator[tuple[str, str]]:
    """Yields ("FILE:LINE", text) for every line of a UTF-8 text file."""
    try:
        files.check_not_pointer(path)
        with open(path, "rb") as file:
            yield from _decoded(path, file)
    except OSError as error:
        raise errors.InputError(f"{path}: {error.strerror}") from error


def _decoded(path, file):
    number = 0
    while data := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(data) > MAX_LINE_BYTES:
            raise errors.InputError(
                f"{path}:{number}: expected a line of text, got more than "
                f"{MAX_LINE_BYTES} bytes without a line end"
            )
        yield f"{path}:{number}", decoded(path, data, first_line=number)


def decoded(
    path: pathlib.Path | str, data: bytes, *, first_line: int = 1
) -> str:
    """The text of UTF-8 bytes that start at `first_line` of a file."""
    if first_line == 1:
        data = data.removeprefix(codecs.BOM_UTF8)
    try:
        result = data.decode("utf-8")
        place = result.find("\0")
        came = "a NUL byte (a binary file, or UTF-16)"
    except UnicodeDecodeError as error:
        place = error.start
        came = f"byte 0x{data[place]:02x}"
    if place >= 0:
        line = first_line + data[:place].count(b"\n")
        raise errors.InputError(
            f"{path}:{line}: not UTF-8: expected text, got {came}"
        )
    return result


def json_value(path: pathlib.Path | str) -> Any:
    """The value in a JSON file."""
    try:
        files.check_not_pointer(path)
        with open(path, "rb") as file:
            data = _whole_json(path, file)
    except OSError as error:
        raise errors.InputError(f"{path}: {error.strerror}") from error
    content = decoded(path, data)
    if not content.strip():
        raise errors.InputError(f"{path}: expected JSON, got an empty file")
    try:
        return json.loads(content, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise errors.InputError(
            f"{path}:{error.lineno}: expected JSON, got a mistake at column "
            f"{error.colno}: {error.msg}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise mistake(path, "JSON", str(error)) from error


def _whole_json(path, file):
    """The bytes of a JSON file, unless they cannot be what is meant."""
    size = os.fstat(file.fileno()).st_size
    if size > MAX_JSON_BYTES:
        raise errors.InputError(
            f"{path}:1: expected JSON of at most {MAX_JSON_BYTES} bytes, got "
            f"{size}"
        )
    return file.read()


def _object(pairs):
    """A JSON object; Python alone would keep the last of two equal keys."""
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice} twice in an object")
    return result
