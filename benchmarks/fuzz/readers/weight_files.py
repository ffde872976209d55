"""Weights that others have trained."""

import io

import h5py
import numpy as np

from benchmarks.fuzz.readers.reader import Reader
from fsn_tf.networks.weights import caffe_files
from fsn_tf.networks.weights import formats
from fsn_tf.networks.weights import keras_files
from fsn_tf.networks.weights import torch_files
from tests.kit import made_up_weights


def _arrays():
    rng = np.random.default_rng(0)
    names = "conv1.weight conv1.bias fc.weight".split()
    shapes = (4, 3, 3, 3), (4,), (2, 4)
    return {
        name: rng.normal(size=shape).astype("f4")
        for name, shape in zip(names, shapes, strict=True)
    }


def _write_torch(folder):
    state, storages = made_up_weights.torch_state(_arrays())
    made_up_weights.write_torch_zip(folder / "a.pth", state, storages)


def _write_legacy(folder):
    state, storages = made_up_weights.torch_state(_arrays())
    made_up_weights.write_torch_legacy(folder / "a.pth", state, storages)


def _write_caffe(folder):
    weight, bias = (
        made_up_weights.blob(_arrays()[name])
        for name in ("conv1.weight", "conv1.bias")
    )
    parts = made_up_weights.layer("conv1", "Convolution", [weight, bias])
    (folder / "a.caffemodel").write_bytes(parts)


def _write_keras(folder):
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for name, array in _arrays().items():
            layer, kind = name.split(".")
            file[f"layers/{layer}/vars/{int(kind == 'bias')}"] = array
    (folder / "a.h5").write_bytes(content.getvalue())


def _read_weights(folder):
    path = next(path for path in folder.iterdir())
    kind = formats.kind(path)
    if kind in (formats.KERAS, formats.KERAS_ARCHIVE):
        found, _ = keras_files.read(path)
    elif kind == formats.CAFFE:
        found = caffe_files.read(path)
    elif kind == formats.TORCH_ZIP:
        found = torch_files.read_zip(path)
    else:
        found = torch_files.read_legacy(path)
    return [len(one.shape) for one in found.values()]


READERS = {
    "weights, PyTorch": Reader(_write_torch, _read_weights, 40),
    "weights, PyTorch before 1.6": Reader(_write_legacy, _read_weights, 40),
    "weights, Caffe": Reader(_write_caffe, _read_weights, 40),
    "weights, Keras": Reader(_write_keras, _read_weights, 20),
}
