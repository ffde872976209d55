"""PyTorch's files: zip since version 1.6, a row of pickles before.

Both hold one pickle that describes the tensors, and their numbers apart.
"""

import functools
import io
import math
import mmap
import pathlib
import struct
import zipfile

import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.networks.weights import torch_pickles
from fsn_tf.networks.weights.stored import Stored

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_MOST_WRAPPERS = 5
# What training loops keep a state dict under.
_WRAPPERS = ("state_dict", "model_state_dict", "model_state", "model", "net")
# What zipfile raises where a file is not as its directory says.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
)


def read_zip(path: pathlib.Path) -> dict[str, Stored]:
    """The tensors of a file of torch.save, version 1.6 or newer.

    Returns:
        {name: Stored}; numbers are read from the file when asked for.

    Raises:
        InputError: It is damaged, or holds more than tensors.
    """
    try:
        archive = zipfile.ZipFile(path)
        root = _root(archive, path)
        order = f"{root}byteorder"
        if order in archive.namelist() and archive.read(order) != b"little":
            raise InputError(f"{path}: written on a big-endian machine")
        pickled = io.BytesIO(archive.read(f"{root}data.pkl"))
    except InputError:
        raise
    except ZIP_ERRORS as error:
        raise _damaged(path, error) from error
    unpickler = torch_pickles.Unpickler(pickled, path)
    value = unpickler.load()
    sizes = {info.filename: info.file_size for info in archive.infolist()}
    for key, storage in unpickler.storages.items():
        found = sizes.get(f"{root}data/{key}", -1)
        if found < storage.total * _item_bytes(storage):
            raise _damaged(path, f"storage {key} has {max(found, 0)} bytes")

    @functools.lru_cache(maxsize=1)
    def numbers(key):
        try:
            return archive.read(f"{root}data/{key}")
        except ZIP_ERRORS as error:
            raise _damaged(path, error) from error

    return _tensors(value, numbers, path)


def _root(archive, path):
    """The folder in the archive that holds data.pkl, with its slash."""
    entries = archive.infolist()
    roots = [
        entry.filename.removesuffix("data.pkl")
        for entry in entries
        if entry.filename.endswith("/data.pkl")
    ]
    if len(roots) != 1:
        raise InputError(f"{path}: a zip file, but not one of torch.save")
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise InputError(
            f"{path}: its entries are compressed, which torch.save never does"
        )
    # Entries that overlap would unpack to more than the file has.
    claimed = sum(max(one.file_size, one.compress_size) for one in entries)
    if claimed > path.stat().st_size:
        raise InputError(f"{path}: its entries claim more than the file has")
    return roots[0]


def read_legacy(path: pathlib.Path) -> dict[str, Stored]:
    """The tensors of a file of torch.save before version 1.6.

    Returns:
        {name: Stored}; numbers are read from the file when asked for.

    Raises:
        InputError: It is damaged, or holds more than tensors.
    """
    with open(path, "rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if torch_pickles.Unpickler(mapped, path).load() != _MAGIC:
        raise InputError(f"{path}: a pickle, but not one of torch.save")
    protocol = torch_pickles.Unpickler(mapped, path).load()
    system = torch_pickles.Unpickler(mapped, path).load()
    if protocol != _PROTOCOL or not isinstance(system, dict):
        raise InputError(
            f"{path}: expected PyTorch's protocol {_PROTOCOL}, got {protocol}"
        )
    if system.get("little_endian") is not True:
        raise InputError(f"{path}: written on a big-endian machine")
    unpickler = torch_pickles.Unpickler(mapped, path)
    value = unpickler.load()
    keys = torch_pickles.Unpickler(mapped, path).load()
    places = _places(mapped, keys, unpickler.storages, path)

    def numbers(key):
        first, stop = places[key]
        return memoryview(mapped)[first:stop]

    return _tensors(value, numbers, path)


def _places(mapped, keys, storages, path):
    """{key: (first, stop)} bytes of each storage behind the pickles."""
    if not isinstance(keys, list) or set(keys) != set(storages):
        raise _damaged(path, "its storages are not the ones it lists")
    places, position = {}, mapped.tell()
    for key in keys:
        first = position + 8
        stop = first + storages[key].total * _item_bytes(storages[key])
        if stop > len(mapped):
            raise _damaged(path, f"storage {key} ends behind the file")
        (numel,) = struct.unpack("<q", mapped[position:first])
        if numel != storages[key].total:
            raise _damaged(path, f"storage {key} has {numel} numbers")
        places[key] = first, stop
        position = stop
    return places


def _tensors(value, numbers, path):
    """{name: Stored} of a state dict, or of one inside a checkpoint."""
    value = _unwrapped(value)
    if not isinstance(value, dict):
        kind = type(value).__name__
        raise InputError(f"{path}: expected a state dict, got a {kind}")
    tensors = {
        name: tensor
        for name, tensor in value.items()
        if isinstance(name, str) and isinstance(tensor, torch_pickles.Tensor)
    }
    if not tensors:
        entries = ", ".join(str(name) for name in list(value)[:10])
        raise InputError(
            f"{path}: holds no state dict; its entries are: {entries}"
        )
    return {
        name: Stored(
            tensor.shape, functools.partial(_array, tensor, numbers, path)
        )
        for name, tensor in tensors.items()
    }


def _unwrapped(value):
    """The state dict in what training loops wrap around it."""
    # A pickle can hold itself.
    for _ in range(_MOST_WRAPPERS):
        if not isinstance(value, dict):
            break
        inside = [
            value[name]
            for name in _WRAPPERS
            if isinstance(value.get(name), dict)
        ]
        if not inside:
            break
        value = inside[0]
    return value


def _array(tensor, numbers, path):
    storage = tensor.storage
    dtype = np.dtype("<u2" if storage.dtype == "bfloat16" else storage.dtype)
    first = storage.start + tensor.offset
    spans = zip(tensor.shape, tensor.strides, strict=True)
    last = first + sum((size - 1) * stride for size, stride in spans)
    if not math.prod(tensor.shape):
        return np.zeros(tensor.shape, np.float32)
    if last >= min(storage.start + storage.numel, storage.total):
        raise _damaged(path, f"a tensor reaches over storage {storage.key}")
    flat = np.frombuffer(numbers(storage.key), dtype, storage.total)
    strides = [stride * dtype.itemsize for stride in tensor.strides]
    view = np.lib.stride_tricks.as_strided(flat[first:], tensor.shape, strides)
    if storage.dtype == "bfloat16":
        # The upper half of a float32.
        return (view.astype(np.uint32) << 16).view(np.float32)
    return view


def _item_bytes(storage):
    return (
        2 if storage.dtype == "bfloat16" else np.dtype(storage.dtype).itemsize
    )


def _damaged(path, reason):
    return InputError(f"{path}: damaged or cut short: {reason}")
