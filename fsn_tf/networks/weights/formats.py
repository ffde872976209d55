"""Tells what kind of weights file something is, by its first bytes."""

import pathlib
import zipfile

from fsn_tf import files
from fsn_tf.errors import InputError
from fsn_tf.networks.weights import keras_files
from fsn_tf.networks.weights import torch_files

CAFFE = "Caffe"
KERAS = "Keras (HDF5)"
KERAS_ARCHIVE = "Keras (.keras)"
TORCH_ZIP = "PyTorch (zip)"
TORCH_LEGACY = "PyTorch (before 1.6)"

_HDF5 = b"\x89HDF\r\n\x1a\n"
# Where a tar file says that it is one.
_TAR = slice(257, 262)
# Pickles of the first protocols start with any letter.
_TORCH_ENDINGS = (".pth", ".pt", ".tar", ".pkl")


def kind(path: pathlib.Path) -> str:
    """One of the kinds above.

    Raises:
        InputError: There is no such file, it is empty, or it is in PyTorch's
            first format.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    with open(path, "rb") as file:
        head = file.read(512)
    if not head:
        raise InputError(f"{path}: empty; copy or download it again")
    files.check_not_pointer(path)
    if head.startswith(_HDF5):
        return KERAS
    if head.startswith(b"PK"):
        return KERAS_ARCHIVE if _holds_keras(path) else TORCH_ZIP
    if head[_TAR] == b"ustar":
        raise InputError(
            f"{path}: in the tar format of PyTorch before 0.1.10; load and "
            "save it with a newer PyTorch"
        )
    if head[0] == 0x80 or path.suffix in _TORCH_ENDINGS:
        return TORCH_LEGACY
    return CAFFE


def _holds_keras(path):
    try:
        with zipfile.ZipFile(path) as archive:
            return keras_files.INSIDE in archive.namelist()
    except torch_files.ZIP_ERRORS:
        # Damaged; whoever reads it says how.
        return path.suffix == ".keras"
