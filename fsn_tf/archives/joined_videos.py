"""Arrays of videos one after the other, and where each of them ends."""

import pathlib
import typing

import numpy as np

from fsn_tf import errors


class Arrays(typing.Protocol):
    """What this module asks of an open archive."""

    @property
    def files(self) -> list[str]:
        """Names of the arrays."""

    def __getitem__(self, name: str) -> np.ndarray:
        """The array of that name."""


def videos(
    archive: Arrays,
    path: pathlib.Path | str,
    rows: np.ndarray,
    name: str,
) -> dict[str, np.ndarray]:
    """Cuts what belongs to joined videos: {video: its rows}, in order.

    Args:
        archive: An open archive with `length` (V,), and maybe `video` (V,);
            without it the videos are called by their numbers from 1.
        path: Of the archive, for messages.
        rows: (F, ...) array of all videos.
        name: Of the array, for messages.
    """
    length = archive["length"]
    check_whole_numbers(path, "length", length)
    # Lengths beyond the rows might add up to a small number again.
    fit = length.min() >= 1 and length.max() <= len(rows)
    if not fit or length.sum() != len(rows):
        raise errors.InputError(
            f"{path}: videos of {sum(map(int, length))} frames (`length`, each "
            f"1 or more) expected, got {len(rows)} frames (`{name}`)"
        )
    width = len(str(len(length)))
    called = tuple(f"{x:0{width}}" for x in range(1, len(length) + 1))
    if "video" in archive.files:
        called = names(path, "video", archive["video"])
    if len(set(called)) != len(length) or len(called) != len(length):
        raise errors.InputError(
            f"{path}: {len(length)} different names of videos expected, got "
            f"{len(set(called))}"
        )
    parts = np.split(rows, np.cumsum(length)[:-1])
    return dict(zip(called, parts, strict=True))


def check_whole_numbers(
    path: pathlib.Path | str, name: str, values: np.ndarray
) -> None:
    """Raises InputError unless an array is a list of whole numbers."""
    if values.ndim != 1 or values.dtype.kind not in "iu" or not values.size:
        raise errors.InputError(
            f"{path}: {name} must be a list of whole numbers, not "
            f"{values.dtype} of shape {values.shape}"
        )


def names(
    path: pathlib.Path | str, name: str, values: np.ndarray
) -> tuple[str, ...]:
    """The texts, or whole numbers as text, of an array of one dimension.

    Raises:
        InputError: It holds something else.
    """
    values = np.atleast_1d(values)
    # An empty list is one of floats.
    named = values.dtype.kind in "USiu" or not values.size
    if values.ndim != 1 or not named:
        raise errors.InputError(
            f"{path}: {name} must be a list of names, not {values.dtype} of "
            f"shape {values.shape}"
        )
    if values.dtype.kind == "S":
        return tuple(one.decode("utf-8") for one in values.tolist())
    try:
        return tuple(map(str, values))
    except SystemError as error:
        # Four bytes of a letter that no text has.
        raise errors.InputError(
            f"{path}: {name} holds what is no text; is it damaged?"
        ) from error
