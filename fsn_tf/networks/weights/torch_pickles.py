"""Reads the pickles in PyTorch's files without running them.

A pickle is a program that may call any function there is. Here it may call
a few of our own, which note what a tensor is made of; any other name is
refused before it is looked up.
"""

import mmap
import pathlib
import pickle
import pickletools
import typing

from fsn_tf.errors import InputError

# NumPy's name of what each of torch's storages holds.
DTYPES = {
    "FloatStorage": "<f4",
    "DoubleStorage": "<f8",
    "HalfStorage": "<f2",
    # NumPy has none; see torch_files.
    "BFloat16Storage": "bfloat16",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "|i1",
    "ByteStorage": "|u1",
    "BoolStorage": "|b1",
}

# What training loops keep beside the weights; nothing is made of it.
_IGNORED = frozenset(
    "_codecs.encode numpy.dtype numpy.ndarray numpy.core.multiarray.scalar "
    "numpy.core.multiarray._reconstruct numpy._core.multiarray.scalar "
    "numpy._core.multiarray._reconstruct torch.device torch.float16 "
    "torch.float32 torch.float64 torch.bfloat16 torch.int64 "
    "mmengine.logging.history_buffer.HistoryBuffer".split()
)

_RESAVE = "save its state_dict() alone with torch.save"


# Tuples, because a pickle may set attributes of what it has made.
class Storage(typing.NamedTuple):
    """Where numbers lie: `numel` of `dtype` under `key`, from `start` on."""

    dtype: str
    key: str
    total: int
    start: int
    numel: int


class Tensor(typing.NamedTuple):
    """A view of a storage; offset and strides count numbers."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Call(typing.NamedTuple):
    function: typing.Callable

    def __call__(self, *arguments):
        return self.function(*arguments)


class _StorageType(typing.NamedTuple):
    dtype: str


class _Mapping(dict):
    """Stands for OrderedDict; attributes, such as _metadata, are dropped."""

    __slots__ = ()

    def __setstate__(self, state):
        pass


class _Nothing:
    """Takes the place of what nobody needs here."""

    __slots__ = ()

    def __new__(cls, *_):
        return super().__new__(cls)

    def __setstate__(self, state):
        pass


class Unpickler(pickle.Unpickler):
    """Loads one pickle; `storages` then holds what it refers to, by key.

    Args:
        file: Opened at the pickle, with `read`, `readline`, `seek`, `tell`.
        path: For messages.
    """

    def __init__(self, file: typing.BinaryIO | mmap.mmap, path: pathlib.Path):
        super().__init__(file, encoding="utf-8")
        self._file = file
        self._path = path
        self.storages: dict[str, Storage] = {}

    def load(self) -> object:
        """The pickled value.

        Raises:
            InputError: It names anything that is not a tensor or plain data,
                or it is damaged.
        """
        try:
            self._look_through()
            return super().load()
        except InputError:
            raise
        except Exception as error:
            reason = str(error).split("\n")[0] or type(error).__name__
            raise InputError(
                f"{self._path}: damaged or cut short: {reason}"
            ) from error

    def _look_through(self):
        """Refuses what would fill the memory before it is found out."""
        start = self._file.tell()
        for operation, argument, position in pickletools.genops(self._file):
            if "PUT" in operation.name and argument > position:
                raise ValueError(f"no memo {argument} at byte {position}")
        self._file.seek(start)

    def find_class(self, module: str, name: str) -> object:
        """What may be called: looked up by its whole name, never imported."""
        if module == "torch" and name in DTYPES:
            return _StorageType(DTYPES[name])
        if f"{module}.{name}" in _IGNORED and "." not in name:
            return _Nothing
        allowed = {
            ("collections", "OrderedDict"): _Mapping,
            ("torch", "Size"): _Call(tuple),
            ("torch._utils", "_rebuild_tensor"): _Call(_tensor),
            ("torch._utils", "_rebuild_tensor_v2"): _Call(_tensor),
            ("torch._utils", "_rebuild_parameter"): _Call(_parameter),
        }
        if (module, name) not in allowed:
            # Quoted, for a name may hold what steers a terminal.
            what = ascii(f"{module}.{name}")[1:-1]
            raise InputError(
                f"{self._path}: refused, nothing was run: its pickle names "
                f"{what}, which is no tensor; {_RESAVE}"
            )
        return allowed[module, name]

    def persistent_load(self, reference: tuple) -> Storage:
        """A storage, from ("storage", type, key, device, size[, view])."""
        kind, *rest = reference
        if kind != "storage":
            raise InputError(
                f"{self._path}: holds {kind!a}, not only tensors; {_RESAVE}"
            )
        storage_type, key, _, total = rest[:4]
        view = rest[4] if len(rest) > 4 else None
        _, start, numel = view or (None, 0, total)
        if not isinstance(storage_type, _StorageType):
            raise ValueError(f"no storage type: {storage_type!r}")
        _require_counts(total, start, numel)
        key = str(key)
        whole = Storage(storage_type.dtype, key, total, 0, total)
        if self.storages.setdefault(key, whole) != whole:
            raise ValueError(f"storage {key} is declared twice")
        return whole._replace(start=start, numel=numel)


def _tensor(storage, offset, shape, strides, *_):
    if not isinstance(storage, Storage):
        raise ValueError(f"no storage: {storage!r}")
    shape, strides = tuple(shape), tuple(strides)
    _require_counts(offset, *shape, *strides)
    if len(shape) != len(strides):
        raise ValueError(f"{len(shape)} sizes but {len(strides)} strides")
    return Tensor(storage, offset, shape, strides)


def _parameter(tensor, *_):
    if not isinstance(tensor, Tensor):
        raise ValueError(f"no tensor: {tensor!r}")
    return tensor


def _require_counts(*values):
    for value in values:
        if type(value) is not int or not 0 <= value < 2**48:
            raise ValueError(f"no count: {value!r}")
