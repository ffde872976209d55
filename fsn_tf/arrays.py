"""NumPy archives that came from elsewhere, and may be broken."""

import contextlib
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
def opened(path, what, names=()):
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
            cause = " ".join(str(error).split()) or "cut off"
            raise errors.InputError(
                f"{path}: not a whole {what} ({cause}); make it again"
            ) from error
