"""What a caller's table is made of: checked, as tuples and arrays."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
import numbers

import numpy as np
import numpy.typing as npt

from fsn_tf.errors import InputError

_KINDS = {"whole numbers": ("iu", numbers.Integral)}
_NUMBERS = ("iuf", numbers.Real)


def names(what: str, values: Iterable[str]) -> tuple[str, ...]:
    """The names of a list; `what` is for the message.

    Raises:
        InputError: It is no list of text, or has a name twice.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InputError(f"{what}: expected a list of names, got {values!r}")
    found = tuple(values)
    odd = [name for name in found if not isinstance(name, str)]
    if odd:
        raise InputError(f"{what}: expected names, got {odd[0]!r}")
    if len(set(found)) < len(found):
        twice = next(name for name in found if found.count(name) > 1)
        raise InputError(
            f"{what}: expected each name once, got {twice!r} twice"
        )
    return found


def index_of(names: Sequence[str]) -> dict[str, int]:
    """{name: its place in a list of different names}."""
    return {name: place for place, name in enumerate(names)}


def looked_up(
    what: str, values: Sequence[str], names: Sequence[str]
) -> list[int]:
    """The places of names in a list of them.

    Raises:
        InputError: One is not in the list.
    """
    index = index_of(names)
    found = [index.get(value, -1) for value in values]
    if -1 in found:
        row = found.index(-1)
        raise InputError(
            f"{what}: row {row}: expected one of {some(names)}, got "
            f"{values[row]!r}"
        )
    return found


def some(names: Sequence[str]) -> str:
    """How many names there are, and the first of them."""
    listed = ", ".join(map(str, names[:3])) + (", ..." if names[3:] else "")
    return f"{len(names)} ({listed})"


def rows(what: str, values: Iterable[Collection], fields: str) -> list:
    """The rows of a table; each has as many values as there are fields.

    Raises:
        InputError: One has not.
    """
    table, width = list(values), len(fields.split(", "))
    for number, row in enumerate(table):
        is_row = isinstance(row, Collection) and not isinstance(row, str)
        if not is_row or len(row) != width:
            raise InputError(
                f"{what}: row {number}: expected {fields}, got {row!r}"
            )
    return table


def places(what: str, values: npt.ArrayLike, count: int) -> np.ndarray:
    """(D,) int64, each the place of one of `count` things.

    Raises:
        InputError: It is no list of whole numbers from 0 to count - 1.
    """
    found = _column(what, values, "whole numbers").astype(np.int64, copy=False)
    # Extremes need no array of their own; the row is looked for in need.
    if found.size and not (found.min() >= 0 and found.max() < count):
        wrong = (found < 0) | (found >= count)
        raise _mistake(what, wrong, f"0 or more and below {count}", found)
    return found


def finite(what: str, values: npt.ArrayLike) -> np.ndarray:
    """(D,) float64.

    Raises:
        InputError: It is no list of finite numbers.
    """
    found = _column(what, values, "numbers").astype(np.float64, copy=False)
    wrong = ~np.isfinite(found)
    if wrong.any():
        raise _mistake(what, wrong, "a finite number", found)
    return found


def one_length(what: str, table: dict[str, np.ndarray]) -> None:
    """Raises InputError unless all columns have as many rows."""
    lengths = {name: len(column) for name, column in table.items()}
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{name} {size}" for name, size in lengths.items())
        raise InputError(f"{what}: expected columns of one length, got {found}")


def _column(what, values, expected):
    """(D,) array of numbers; of nothing it may be of any type."""
    try:
        found = np.asarray(values)
    except ValueError:
        # Lists of different lengths.
        found = np.array(None)
    if found.ndim != 1:
        came = f"shape {found.shape}" if found.ndim else repr(values)
        raise InputError(f"{what}: expected a list of {expected}, got {came}")
    codes, kind = _KINDS.get(expected, _NUMBERS)
    if found.size and found.dtype.kind not in codes:
        for row, value in enumerate(values):
            if not isinstance(value, kind) or isinstance(value, bool):
                raise InputError(
                    f"{what}: row {row}: expected {expected}, got {value!r}"
                )
    return found


def _mistake(what, wrong, expected, values):
    row = int(wrong.argmax())
    return InputError(
        f"{what}: row {row}: expected {expected}, got {values[row].item()}"
    )
