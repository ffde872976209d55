"""Random weights, and the files that Caffe and PyTorch would keep them in."""

import collections
import io
import pickle
import struct
import sys
import types
from unittest import mock
import zipfile

import keras
import numpy as np

# Keras's name: PyTorch's.
_PARAMETERS = {
    "kernel": "weight",
    "bias": "bias",
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}


def values(model, seed=0):
    """{PyTorch's name: array in PyTorch's layout} of random values.

    They keep the activations in range, and no statistic is trivial.
    """
    rng = np.random.default_rng(seed)
    made = {}
    for layer in model.layers:
        for weight in layer.weights:
            shape, kind = tuple(weight.shape), weight.name
            if kind == "kernel":
                order = np.argsort(_order(layer))
                outputs, inputs, height, width = np.take(shape, order)
                shape = outputs, inputs, height, width
                # The first sees pixels.
                scale = np.sqrt(2 / (inputs * height * width))
                scale *= 0.01 if inputs in (3, 10) else 1
                value = rng.normal(0, scale, shape)
            elif kind in ("gamma", "moving_variance"):
                value = rng.uniform(0.5, 1.5, shape)
            else:
                value = rng.normal(0, 0.2, shape)
            name = f"{layer.name}.{_PARAMETERS[kind]}"
            made[name] = value.astype(np.float32)
    return made


def assign(model, made):
    """Gives a model values in PyTorch's layout."""
    for layer in model.layers:
        for weight in layer.weights:
            value = made[f"{layer.name}.{_PARAMETERS[weight.name]}"]
            if value.ndim == 4:
                value = value.transpose(_order(layer))
            weight.assign(value)


def _order(layer):
    """Where the axes of PyTorch's kernels, OIHW, go in Keras's."""
    is_depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
    return (2, 3, 0, 1) if is_depthwise else (2, 3, 1, 0)


class View(collections.namedtuple("View", "key offset shape strides kind")):
    """A tensor in a torch file: a view of a storage, in numbers."""


def torch_state(arrays):
    """(state dict of Views, {key: bytes}) of arrays, one storage for each."""
    kinds = {"f4": "Float", "f8": "Double", "f2": "Half", "i8": "Long"}
    state, storages = collections.OrderedDict(), {}
    for key, (name, array) in enumerate(arrays.items()):
        array = np.asarray(array, order="C")
        strides = [stride // array.itemsize for stride in array.strides]
        kind = kinds[array.dtype.str[1:]]
        state[name] = View(str(key), 0, array.shape, tuple(strides), kind)
        storages[str(key)] = array.tobytes()
    return state, storages


_BYTES = {"Float": 4, "Double": 8, "Half": 2, "BFloat16": 2, "Long": 8}


def _fake_torch():
    """Modules with the names that torch's pickles refer to."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")

    def _rebuild_tensor_v2():
        pass

    def _rebuild_parameter():
        pass

    for function in (_rebuild_tensor_v2, _rebuild_parameter):
        function.__module__ = "torch._utils"
        function.__qualname__ = function.__name__
        setattr(utils, function.__name__, function)
    for kind in _BYTES:
        name = f"{kind}Storage"
        setattr(torch, name, type(name, (), {"__module__": "torch"}))
    return {"torch": torch, "torch._utils": utils}


def torch_pickle(value, storages, protocol=2, legacy=False):
    """The pickle of `value` as torch.save writes it, Views as tensors."""
    modules = _fake_torch()

    class Reference:
        def __init__(self, view):
            self.view = view

    class Pickler(pickle.Pickler):
        def persistent_id(self, entry):
            if not isinstance(entry, Reference):
                return None
            view = entry.view
            numel = len(storages[view.key]) // _BYTES[view.kind]
            kind = getattr(modules["torch"], f"{view.kind}Storage")
            reference = ("storage", kind, view.key, "cuda:0", numel)
            return (*reference, None) if legacy else reference

        def reducer_override(self, entry):
            if not isinstance(entry, View):
                return NotImplemented
            rebuild = modules["torch._utils"]._rebuild_tensor_v2
            hooks = collections.OrderedDict()
            return rebuild, (
                Reference(entry),
                entry.offset,
                entry.shape,
                entry.strides,
                False,
                hooks,
            )

    out = io.BytesIO()
    with mock.patch.dict(sys.modules, modules):
        Pickler(out, protocol).dump(value)
    return out.getvalue()


def write_torch_zip(path, value, storages, *, protocol=2, order=b"little"):
    """Writes what torch.save has written since version 1.6."""
    write_zip(path, torch_pickle(value, storages, protocol), storages, order)


def write_zip(path, pickled, storages=(), order=b"little"):
    """Writes a file like torch.save's around any pickle."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickled)
        archive.writestr("archive/byteorder", order)
        for key in storages:
            archive.writestr(f"archive/data/{key}", storages[key])
        archive.writestr("archive/version", "3\n")


def write_torch_legacy(path, value, storages, *, protocol=2, little=True):
    """Writes what torch.save wrote before version 1.6."""
    system = {"protocol_version": 1001, "little_endian": little}
    kinds = {view.key: view.kind for view in _views(value)}
    with open(path, "wb") as file:
        for part in (0x1950A86A20F9469CFC6C, 1001, system):
            pickle.dump(part, file, protocol)
        file.write(torch_pickle(value, storages, protocol, legacy=True))
        pickle.dump(list(storages), file, protocol)
        for key, content in storages.items():
            numel = len(content) // _BYTES[kinds[key]]
            file.write(struct.pack("<q", numel) + content)


def _views(value):
    if isinstance(value, View):
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _views(entry)


def varint(number):
    """A number as Protocol Buffers write it."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def field(number, content):
    """A field of a Protocol Buffers message: an int or bytes."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def blob(array, *, legacy_shape=False, packed=True, double=False):
    """A BlobProto of Caffe."""
    shape = array.shape
    if legacy_shape:
        shape = (1,) * (4 - len(shape)) + shape
        message = b"".join(field(i, n) for i, n in enumerate(shape, 1))
    else:
        message = field(7, field(1, b"".join(map(varint, shape))))
    number, kind = (8, "<f8") if double else (5, "<f4")
    content = array.astype(kind).tobytes()
    if packed:
        return message + field(number, content)
    size = np.dtype(kind).itemsize
    tag = varint(number << 3 | (1 if double else 5))
    rows = np.frombuffer(content, np.uint8).reshape(-1, size)
    tags = np.broadcast_to(np.frombuffer(tag, np.uint8), (len(rows), len(tag)))
    return message + np.concatenate([tags, rows], axis=1).tobytes()


def layer(name, kind, blobs):
    """A field of a NetParameter: a layer in today's form."""
    message = field(1, name.encode()) + field(2, kind.encode())
    return field(100, message + b"".join(field(7, part) for part in blobs))


def v1_layer(name, kind, blobs):
    """A field of a NetParameter: a layer in the form of before 2015."""
    message = field(2, b"bottom") + field(4, name.encode()) + field(5, kind)
    return field(2, message + b"".join(field(6, part) for part in blobs))
