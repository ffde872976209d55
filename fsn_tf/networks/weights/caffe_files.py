"""Caffe's models: a NetParameter of Protocol Buffers, new or V1 layers.

TSN's branch of Caffe has a layer BN with four blobs: slope, bias, mean and
variance. Caffe itself has BatchNorm with mean, variance and what both are
to be divided by, followed by Scale with slope and bias.
"""

import dataclasses
import functools
import math
import mmap
import pathlib

import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.networks.weights import protobuf_wire
from fsn_tf.networks.weights.stored import Stored

# Field numbers of caffe.proto.
_V1_LAYERS, _LAYERS = 2, 100
_V0_LAYER = 1

_WEIGHTS = ("weight", "bias")
_STATISTICS = ("running_mean", "running_var")


@dataclasses.dataclass(frozen=True)
class _Form:
    """Field numbers of one generation of layers."""

    name: int
    type: int
    blobs: int


_FORMS = {_LAYERS: _Form(1, 2, 7), _V1_LAYERS: _Form(4, 5, 6)}


def read(path: pathlib.Path) -> dict[str, Stored]:
    """The tensors of a .caffemodel.

    Returns:
        {"LAYER.PARAMETER": Stored}, parameters called as in PyTorch: weight,
        bias, running_mean, running_var.

    Raises:
        InputError: It is damaged or no such file.
    """
    with open(path, "rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        layers = list(_layers(memoryview(mapped)))
        tensors = {}
        for name, values in _parameters(layers):
            if name in tensors:
                raise ValueError(f"two layers have {name}")
            tensors[name] = values
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"{path}: damaged, cut short or no Caffe model: {error}"
        ) from error
    if not tensors:
        raise InputError(f"{path}: damaged or no Caffe model: no weights in it")
    return tensors


def _layers(message):
    """Yields (name, type, blobs) of every layer that has blobs."""
    for number, kind, value in protobuf_wire.fields(message):
        if number not in _FORMS or kind != protobuf_wire.BYTES:
            continue
        form = _FORMS[number]
        name, layer_type, blobs = "", "", []
        for field, field_kind, part in protobuf_wire.fields(value):
            if field_kind != protobuf_wire.BYTES:
                continue
            if field == form.name:
                name = bytes(part).decode()
            elif field == form.type:
                layer_type = bytes(part).decode()
            elif field == form.blobs:
                blobs.append(_blob(part, name))
            elif number == _V1_LAYERS and field == _V0_LAYER:
                raise ValueError(
                    "its layers are of the first generation; run Caffe's "
                    "upgrade_net_proto_binary on it"
                )
        if blobs:
            yield name, layer_type, blobs


def _blob(message, layer):
    """Stored of a BlobProto."""
    legacy, shape, parts = {}, None, []
    for field, kind, value in protobuf_wire.fields(message):
        if field in (1, 2, 3, 4) and kind == protobuf_wire.VARINT:
            legacy[field] = value
        elif field == 5 and kind != protobuf_wire.VARINT:
            parts.append(np.frombuffer(value, "<f4"))
        elif field == 8 and kind != protobuf_wire.VARINT:
            parts.append(np.frombuffer(value, "<f8"))
        elif field == 7 and kind == protobuf_wire.BYTES:
            shape = _dimensions(value)
    if shape is None:
        shape = tuple(legacy.get(field, 0) for field in (1, 2, 3, 4))
    count = sum(part.size for part in parts)
    if math.prod(shape) != count:
        raise ValueError(f"{layer} has {count} numbers for shape {shape}")
    return Stored(shape, functools.partial(_joined, parts, shape))


def _dimensions(message):
    """The dims of a BlobShape, packed or not."""
    sizes = []
    for field, kind, value in protobuf_wire.fields(message):
        if field == 1 and kind == protobuf_wire.VARINT:
            sizes.append(value)
        elif field == 1 and kind == protobuf_wire.BYTES:
            sizes.extend(protobuf_wire.varints(value))
    return tuple(sizes)


def _joined(parts, shape):
    return np.concatenate([np.zeros(0, "f4"), *parts]).reshape(shape)


def _parameters(layers):
    """Yields (name, Stored), the names as in PyTorch."""
    unscaled = None
    for name, layer_type, blobs in layers:
        owner, names = name, _WEIGHTS
        if layer_type == "BatchNorm" and len(blobs) == 3:
            blobs = [_divided(blob, blobs[2]) for blob in blobs[:2]]
            names = _STATISTICS
        elif layer_type == "Scale" and unscaled:
            owner = unscaled
        elif len(blobs) == 4:
            names = _WEIGHTS + _STATISTICS
        elif len(blobs) > 2:
            names = [f"blob{place}" for place in range(len(blobs))]
        unscaled = name if layer_type == "BatchNorm" else None
        for parameter, blob in zip(names, blobs, strict=False):
            yield f"{owner}.{parameter}", blob


def _divided(blob, divisor):
    """A running sum of BatchNorm as the mean that it stands for."""

    def read():
        count = divisor.read().ravel()[0]
        return blob.read() * (1 / count if count else 0)

    return Stored(blob.shape, read)
