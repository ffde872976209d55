"""NumPy archives that came from elsewhere, and may be broken."""

from collections.abc import Iterable
from collections.abc import Iterator
import contextlib
import pathlib
import zipfile
import zlib

import numpy as np

from fsn_tf import errors

# What NumPy raises on a file that is no archive, was cut in half, or holds
# Python objects, which are never loaded.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    RuntimeError,
    MemoryError,
)


@contextlib.contextmanager
def opened(
    path: pathlib.Path | str, what: str, names: Iterable[str] = ()
) -> Iterator[np.lib.npyio.NpzFile]:
    """Gives the archive; what goes wrong in the block is an InputError.

    Args:
        path: A .npz file.
        what: What the file is meant to be, for messages.
        names: The arrays that it must hold.
    """
    with open(path, "rb") as file:
        try:
            with np.load(file, allow_pickle=False) as archive:
                missing = set(names) - set(archive.files)
                if missing:
                    raise errors.InputError(
                        f"{path}: no {sorted(missing)[0]!r} among its arrays "
                        f"{sorted(archive.files)}"
                    )
                yield archive
        except errors.InputError:
            raise
        except _UNREADABLE as error:
            raise _not_whole(path, what, error) from error


def _not_whole(path, what, error):
    cause = " ".join(str(error).split()) or "cut off"
    return errors.InputError(
        f"{path}: not a whole {what} ({cause}); make it again"
    )


def load(path: pathlib.Path | str, what: str) -> np.ndarray:
    """The array of an .npy file.

    Raises:
        InputError: It is not a whole one.
    """
    try:
        return np.load(path, allow_pickle=False)
    except _UNREADABLE as error:
        raise _not_whole(path, what, error) from error


def videos(
    archive: np.lib.npyio.NpzFile,
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
    if length.min() < 1 or length.sum() != len(rows):
        raise errors.InputError(
            f"{path}: videos of {length.sum()} frames (`length`, each 1 or "
            f"more) expected, got {len(rows)} frames (`{name}`)"
        )
    width = len(str(len(length)))
    names = [f"{x:0{width}}" for x in range(1, len(length) + 1)]
    if "video" in archive.files:
        names = list(map(str, archive["video"]))
    if len(set(names)) != len(length) or len(names) != len(length):
        raise errors.InputError(
            f"{path}: {len(length)} different names of videos expected, got "
            f"{len(set(names))}"
        )
    parts = np.split(rows, np.cumsum(length)[:-1])
    return dict(zip(names, parts, strict=True))


def check_whole_numbers(
    path: pathlib.Path | str, name: str, values: np.ndarray
) -> None:
    """Raises InputError unless an array is a list of whole numbers."""
    if values.ndim != 1 or values.dtype.kind not in "iu" or not values.size:
        raise errors.InputError(
            f"{path}: {name} must be a list of whole numbers, not "
            f"{values.dtype} of shape {values.shape}"
        )
