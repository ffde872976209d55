"""The header of an array, as NumPy writes it.

NumPy hands it to Python's parser, and takes the memory that it asks for. Here
it is matched, and must fit the size of the file.
"""

import math
import re
from typing import BinaryIO
from typing import NamedTuple

import numpy as np

_MAGIC = b"\x93NUMPY"
# {version: bytes of the number that says how long the header is}.
_LENGTH_BYTES = {b"\1\0": 2, b"\2\0": 4, b"\3\0": 4}
# NumPy itself reads no longer header without being told to trust the file.
_LONGEST_HEADER = 10_000
_MOST_DIMENSIONS = 32

# One entry of a header: a key, and a text, a truth value or a tuple.
_ENTRY = re.compile(
    r"\s*['\"](\w{1,20})['\"]\s*:\s*"
    r"(?:['\"]([^'\"]{1,20})['\"]|(True|False)|\(([\d\sL,]*)\))\s*(,|\}\s*$)"
)
# Numbers and text of fixed size. Python objects, which are pickles, are not.
_TYPE = re.compile(r"[<>|=]?(?:[biufc]\d{1,2}|[SU]\d{1,9}|\?)")


class Header(NamedTuple):
    """What the header of an array says.

    Attributes:
        dtype: np.dtype.
        shape: Of the array.
        fortran: Whether the first axis runs fastest.
        num_bytes: Of the header, where the numbers start.
    """

    dtype: np.dtype
    shape: tuple[int, ...]
    fortran: bool
    num_bytes: int


def read(file: BinaryIO, file_bytes: int) -> Header:
    """Reads the header of an array whose file has so many bytes.

    Raises:
        ValueError: It is none, or does not fit the size.
    """
    start = file.read(8)
    length_bytes = _LENGTH_BYTES.get(start[6:])
    if not start.startswith(_MAGIC) or length_bytes is None:
        raise ValueError(f"expected an array of NumPy, got {start!r}")
    length = int.from_bytes(file.read(length_bytes), "little")
    if length > _LONGEST_HEADER:
        raise ValueError(f"a header of {length} bytes")
    text = file.read(length).decode("latin-1")
    dtype, fortran, shape = _fields(text)
    header = Header(dtype, shape, fortran, 8 + length_bytes + length)
    expected = header.num_bytes + math.prod(shape) * dtype.itemsize
    if expected != file_bytes:
        raise ValueError(
            f"expected {expected} bytes of {dtype} of shape {shape}, got "
            f"{file_bytes}"
        )
    return header


def _fields(text):
    """(dtype, whether the order is Fortran's, shape) of a header's text."""
    values, place = {}, 1
    while text[:1] == "{" and (entry := _ENTRY.match(text, place)):
        name, kind, truth, sides, end = entry.groups()
        values[name] = kind or (truth and truth == "True")
        if sides is not None:
            # Python 2 wrote 3L for a long 3.
            parts = [part.strip().rstrip("L") for part in sides.split(",")]
            values[name] = tuple(int(part) for part in parts if part)
        place = len(text) if end != "," else entry.end()
    rest = text[place:].strip()
    kinds = {name: type(value) for name, value in values.items()}
    expected = {"descr": str, "fortran_order": bool, "shape": tuple}
    if rest not in ("", "}") or kinds != expected:
        raise ValueError(f"a header that is not of an array, {text[:80]!r}")
    return _dtype(values["descr"]), values["fortran_order"], _shape(values)


def _dtype(text):
    if not _TYPE.fullmatch(text):
        raise ValueError(
            f"expected numbers or text, got the type {text[:40]!r}"
        )
    dtype = np.dtype(text)
    if not dtype.itemsize:
        raise ValueError(f"values of no bytes, {text!r}")
    return dtype


def _shape(values):
    shape = values["shape"]
    # What is below 2**48 in all is a size that NumPy can hold.
    most = math.prod(side or 1 for side in shape)
    if len(shape) > _MOST_DIMENSIONS or most >= 2**48:
        raise ValueError(f"a shape of {most} values")
    return shape
