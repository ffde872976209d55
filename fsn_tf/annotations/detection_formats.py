"""Which format a file of detections has, by what is in it."""

import pathlib
import re

PICKLE, JSON, CSV, TEXT = "pickle", "json", "csv", "text"

# By the end of the name: of what cannot be looked into without using it up,
# such as a pipe, and where the content says nothing.
_BY_SUFFIX = {".json": JSON, ".csv": CSV, ".pkl": PICKLE, ".pickle": PICKLE}

_HEAD_BYTES = 2**16
_PICKLE_HEAD = re.compile(rb"\x80[\x02-\x05]")
_JSON_HEAD = re.compile(r'\s*\{\s*["}]')
_NUMBER = r"\s+[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?"
# `video start end class_id score`, as the kit of THUMOS'14 has it.
_ROW = re.compile(rf"\S+({_NUMBER}){{4}}\s*")


def of(path: pathlib.Path | str) -> str:
    """PICKLE, JSON, CSV or TEXT."""
    path = pathlib.Path(path)
    by_suffix = _BY_SUFFIX.get(path.suffix.lower())
    if not path.is_file():
        return by_suffix or TEXT
    with open(path, "rb") as file:
        head = file.read(_HEAD_BYTES)
    if _PICKLE_HEAD.match(head):
        return PICKLE
    text = head.decode("utf-8-sig", "replace")
    if _JSON_HEAD.match(text):
        return JSON
    first = next((x for x in text.splitlines() if x.strip()), "")
    if _ROW.fullmatch(first):
        return TEXT
    return by_suffix or (CSV if "," in first else TEXT)
