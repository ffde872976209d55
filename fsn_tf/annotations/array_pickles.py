"""Pickles of plain values and NumPy arrays, read without being run."""

from collections.abc import Callable
import pathlib
import pickle
import re
from typing import Any

import numpy as np

from fsn_tf import errors
from fsn_tf.annotations import pickles

# A file is held in memory; detections of a large data set take 50 MB.
_MAX_BYTES = 2**30

_DTYPE = re.compile(r"[<>|=]?(f[248]|[iu][1248]|b1|U\d{1,6}|O8)")


class _Dtype(pickles.Unfinished):
    """Of an array; its state says which end of a number comes first."""

    def __init__(self, name: Any, *_: Any):
        if not isinstance(name, str) or not _DTYPE.fullmatch(name):
            raise ValueError(f"an array of {ascii(name)}")
        self.value = np.dtype(name)

    def set(self, state: Any) -> None:
        """Takes (version, order of bytes, ...)."""
        if state[1] in (">", "<"):
            self.value = self.value.newbyteorder(state[1])


class _Array(pickles.Unfinished):
    """An array whose numbers follow as its state."""

    def __init__(self, *_: Any):
        pass

    def set(self, state: Any) -> None:
        """Takes (version, shape, dtype, whether by column, numbers)."""
        _, shape, dtype, by_column, content = state
        self.value = _filled(content, dtype, shape, "F" if by_column else "C")


def _filled(content, dtype, shape, order):
    """The array of these bytes; text and objects become lists."""
    if not isinstance(dtype, np.dtype):
        raise ValueError("an array of no type")
    if dtype.kind == "O":
        if not isinstance(content, list) or shape != (len(content),):
            raise ValueError("an array of objects that is no list")
        return content
    if not isinstance(content, bytes | bytearray):
        raise ValueError("an array of no bytes")
    array = np.frombuffer(content, dtype).reshape(shape, order=order)
    array = array.astype(dtype.newbyteorder("="), copy=False)
    return array.tolist() if dtype.kind == "U" else array


def _scalar(dtype, content):
    value = _filled(content, dtype, (1,), "C")[0]
    return value.item() if isinstance(value, np.generic) else value


def _encoded(text, encoding):
    if encoding != "latin1":
        raise ValueError(f"bytes in {ascii(encoding)}")
    return text.encode("latin1")


# The names with which arrays are written; NumPy 1 and 2 call a folder
# differently, and older pickles have no other way to say bytes.
_CALLS: dict[str, Callable | None] = {
    "numpy.ndarray": None,
    "numpy.dtype": _Dtype,
    "_codecs.encode": _encoded,
    "__builtin__.bytes": lambda: b"",
    **{
        f"numpy.{core}.{name}": call
        for core in ("core", "_core")
        for name, call in (
            ("multiarray._reconstruct", _Array),
            ("multiarray.scalar", _scalar),
            ("numeric._frombuffer", _filled),
        )
    },
}


def load(path: pathlib.Path | str) -> Any:
    """The value of a pickle: dicts, lists, text, numbers and arrays.

    Raises:
        InputError: It names anything else, which is said and not looked up,
            or it is damaged.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise errors.InputError(f"{path}: {error.strerror}") from error
    if len(content) > _MAX_BYTES:
        raise errors.InputError(
            f"{path}: expected a pickle of at most {_MAX_BYTES} bytes, got more"
        )
    try:
        return pickles.value(content, _CALLS)
    except pickle.UnpicklingError as error:
        raise errors.InputError(
            f"{path}: refused, nothing was run: its pickle {error}; expected "
            "plain values and NumPy arrays"
        ) from error
    except Exception as error:
        reason = str(error).split("\n")[0] or type(error).__name__
        raise errors.InputError(
            f"{path}: expected a pickle of plain values and NumPy arrays, got "
            f"a damaged one: {ascii(reason)[1:-1][:200]}"
        ) from error
