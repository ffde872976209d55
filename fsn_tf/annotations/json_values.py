"""Values in JSON that must be there and of one kind."""

import pathlib
import posixpath
from typing import Any
import urllib.parse

from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

_KINDS = {dict: "an object", list: "a list", str: "a string"}


def member(
    where: pathlib.Path | str, value: object, key: str, kind: Any
) -> Any:
    """value[key], which must be there and of that kind."""
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, kind):
        expected = f"{text_files.shown(key)} to be {_KINDS[kind]}"
        came = value if found is None else found
        raise text_files.mistake(where, expected, came)
    return found


def number(where: pathlib.Path | str, what: str, value: object) -> float:
    """A finite number, which must not be text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise text_files.mistake(where, f"{what} to be a number", value)
    return rows.finite(where, what, value)


def positive(value: object) -> float | None:
    """A number above 0; None where it is none, such as what nobody filled."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and 0 < value < 2**53:  # type: ignore[operator]
        return float(value)  # type: ignore[arg-type]
    return None


def objects(where: pathlib.Path | str, values: object) -> list[dict]:
    """The entries of what must be a list of objects."""
    if not isinstance(values, list):
        raise text_files.mistake(where, "a list", values)
    for index, value in enumerate(values):
        if not isinstance(value, dict):
            raise text_files.mistake(f"{where}[{index}]", "an object", value)
    return values


def file_name(path: str) -> str:
    """The last part of a path, or of an address, of any system."""
    if "://" in path or path.startswith("/data/"):
        parts = urllib.parse.urlsplit(path)
        # Label Studio serves local files as /data/local-files/?d=PATH.
        query = urllib.parse.parse_qs(parts.query).get("d")
        path = query[0] if query else urllib.parse.unquote(parts.path)
    return posixpath.basename(path.replace("\\", "/"))
