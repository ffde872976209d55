"""NumPy's files that came from elsewhere, and may be broken or hostile.

No memory is taken for an array before the size of its file has borne it out.
"""

from collections.abc import Iterable
from collections.abc import Iterator
import contextlib
import math
import os
import pathlib
import struct
import zipfile
import zlib

import numpy as np

from fsn_tf import errors
from fsn_tf.archives import headers
from fsn_tf.archives.joined_videos import check_whole_numbers
from fsn_tf.archives.joined_videos import names
from fsn_tf.archives.joined_videos import videos

__all__ = [
    "Arrays",
    "check_whole_numbers",
    "header",
    "load",
    "mapped",
    "names",
    "opened",
    "videos",
]

# What reading a file that was cut or flipped raises, beside our own errors,
# and what the block that uses an archive does on values that mean nothing.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    EOFError,
    OSError,
    RuntimeError,
    MemoryError,
    struct.error,
)

_CHUNK_BYTES = 2**20
# What an archive may unpack to: so much, or so many times its own size.
_UNPACKED_BYTES = 2**28
_UNPACKED_TIMES = 100


class Arrays:
    """The arrays of an open .npz; each is read where it is asked for.

    Args:
        file: zipfile.ZipFile.
        path: Of the archive, for messages.
    """

    def __init__(self, file: zipfile.ZipFile, path: pathlib.Path | str):
        self._path = path
        self._file = file
        self._entries = {
            one.filename.removesuffix(".npy"): one for one in file.infolist()
        }

    @property
    def files(self) -> list[str]:
        """Names of the arrays."""
        return list(self._entries)

    def lacks(self, name: str) -> errors.InputError:
        """What to say where there is no array of a name."""
        return errors.InputError(
            f"{self._path}: no {name!r} among its arrays {sorted(self.files)}"
        )

    def __getitem__(self, name: str) -> np.ndarray:
        """Reads an array.

        Raises:
            InputError: There is none of that name, or it is damaged.
        """
        if name not in self._entries:
            raise self.lacks(name)
        entry = self._entries[name]
        with self._file.open(entry) as member:
            return _array(member, entry.file_size)


@contextlib.contextmanager
def opened(
    path: pathlib.Path | str, what: str, needed: Iterable[str] = ()
) -> Iterator[Arrays]:
    """Gives the archive; what goes wrong in the block is an InputError.

    Args:
        path: A .npz file.
        what: What the file is meant to be, for messages.
        needed: The arrays that it must hold.
    """
    with (
        open(path, "rb") as file,
        _named(path, what),
        zipfile.ZipFile(file) as whole,
    ):
        _check_size(whole, os.fstat(file.fileno()).st_size)
        archive = Arrays(whole, path)
        missing = set(needed) - set(archive.files)
        if missing:
            raise archive.lacks(min(missing))
        yield archive


def load(path: pathlib.Path | str, what: str) -> np.ndarray:
    """The array of an .npy file.

    Raises:
        InputError: It is not a whole one.
    """
    with open(path, "rb") as file, _named(path, what):
        return _array(file, os.fstat(file.fileno()).st_size)


def header(path: pathlib.Path | str, what: str) -> headers.Header:
    """What the header of an .npy file says, which fits the file's size.

    Raises:
        InputError: It is not a whole one.
    """
    with open(path, "rb") as file, _named(path, what):
        return headers.read(file, os.fstat(file.fileno()).st_size)


def mapped(path: pathlib.Path | str, what: str) -> np.memmap:
    """The array of an .npy file, from the disk as it is needed.

    Raises:
        InputError: It is not a whole one.
    """
    with open(path, "rb") as file, _named(path, what):
        found = headers.read(file, os.fstat(file.fileno()).st_size)
        return np.memmap(
            file,
            found.dtype,
            mode="r",
            offset=found.num_bytes,
            shape=found.shape,
            order="F" if found.fortran else "C",
        )


@contextlib.contextmanager
def _named(path, what):
    """Makes InputErrors that name the file of all that a broken one raises."""
    try:
        yield
    except errors.InputError:
        raise
    except _UNREADABLE as error:
        cause = " ".join(str(error).split()) or "cut off"
        raise errors.InputError(
            f"{path}: not a whole {what} ({cause[:200]}); make it again"
        ) from error


def _check_size(archive, file_bytes):
    """Raises ValueError on an archive that is not as NumPy writes them."""
    for entry in archive.infolist():
        stored = entry.compress_type in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        )
        if not stored or entry.flag_bits & 1:
            raise ValueError("encrypted, or packed in an unknown way")
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > max(_UNPACKED_BYTES, _UNPACKED_TIMES * file_bytes):
        raise ValueError(f"{file_bytes} bytes that unpack to {unpacked}")


def _array(file, file_bytes):
    """The array in an open file, which it fills."""
    found = headers.read(file, file_bytes)
    values = np.empty(math.prod(found.shape), found.dtype)
    view = memoryview(values.view(np.uint8))  # type: ignore[arg-type]
    for first in range(0, len(view), _CHUNK_BYTES):
        chunk = view[first : first + _CHUNK_BYTES]
        if file.readinto(chunk) != len(chunk):
            raise EOFError("cut off")
    # The checksum of an archive is looked at where a member ends.
    if file.read(1):
        raise ValueError("more follows the array")
    if found.fortran:
        return values.reshape(found.shape[::-1]).transpose()
    return values.reshape(found.shape)
