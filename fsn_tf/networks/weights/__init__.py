"""Weights of Caffe, PyTorch and Keras for the 2D CNNs of backbones."""

from collections.abc import Sequence
import pathlib
import shutil
import tempfile

import keras
import numpy as np

from fsn_tf import files
from fsn_tf.errors import InputError
from fsn_tf.networks import backbones
from fsn_tf.networks.weights import architectures
from fsn_tf.networks.weights import caffe_files
from fsn_tf.networks.weights import formats
from fsn_tf.networks.weights import keras_files
from fsn_tf.networks.weights import naming
from fsn_tf.networks.weights import torch_files

# Weights do not depend on it.
_IMAGE_SIZE = 224
_MOST_CHANNELS = 100

# PyTorch's names of Keras's variables.
_PARAMETERS = {
    "kernel": "weight",
    "bias": "bias",
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}


def import_file(
    source: pathlib.Path | str,
    out: pathlib.Path | str,
    *,
    backbone: str = "",
    allow_missing: Sequence[str] = (),
) -> list[str]:
    """Writes the weights of a file for `backbones.build` to load.

    Args:
        source: Path of a .caffemodel, a .pth of either format, or a file of
            Keras. Its content tells which.
        out: Path of the .weights.h5 to write.
        backbone: 2D CNN as backbones.build names it; "" goes by the names in
            the file.
        allow_missing: Layers that may be in the file or in the 2D CNN alone.

    Returns:
        Lines of text: what was read, left out, kept random and written.

    Raises:
        InputError: The file is damaged, is no file of weights, holds more
            than weights, or has a name or shape without a counterpart.
    """
    path = pathlib.Path(source)
    kind = formats.kind(path)
    if kind in (formats.KERAS, formats.KERAS_ARCHIVE):
        model, left_out, random = _from_keras(path, backbone, allow_missing)
    else:
        model, left_out, random = _from_elsewhere(
            path, kind, backbone, allow_missing
        )
    _write(model, out)
    name = backbone or model.name
    channels = model.input_shape[-1]
    sees = "RGB" if channels == 3 else "flow"
    return [
        f"{path}: {kind}, {name} for {sees}, {channels} channels",
        *(f"left out: {layer}" for layer in left_out),
        *(f"not in the file, random: {layer}" for layer in random),
        f"{out}: written; for --backbone={name} --init_from={out}",
    ]


def _from_elsewhere(path, kind, backbone, allowed):
    """(model, layers left out, random layers) of a Caffe or PyTorch file."""
    if backbone:
        architectures.require_counterpart(backbone)
    read = {
        formats.TORCH_ZIP: torch_files.read_zip,
        formats.TORCH_LEGACY: torch_files.read_legacy,
        formats.CAFFE: caffe_files.read,
    }[kind]
    original = read(path)
    found = naming.canonical(original, path)
    tells = backbone or architectures.of(found, path)
    channels = _channels(found, architectures.FIRST[tells], 1, path)
    if (tells, channels) == ("BNInception", 3) and kind != formats.CAFFE:
        # What PyTorch's models subtract from red is not what Caffe's do.
        tells = "TorchBNInception"
    backbone = backbone or tells
    if channels != 3:
        architectures.require_scale_of_flow(backbone, original, path)
    model = _bare(backbone, channels)
    slots = _torch_slots(model)
    expected = {name: shape for name, (_, shape, _) in slots.items()}
    title = f"{path}: does not fit {backbone}"
    names, left_out, random = naming.match(expected, found, allowed, title)
    for name in names:
        variable, shape, order = slots[name]
        value = _value(found[name], name, path).reshape(shape)
        variable.assign(value.transpose(order))
    return model, left_out, random


def _from_keras(path, backbone, allowed):
    """(model, layers left out, random layers) of a file of Keras."""
    found, named = keras_files.read(path)
    backbone = backbone or architectures.of(found, path)
    model = _bare(backbone, 3)
    expected = _keras_shapes(model, named)
    # The kernel that takes in three channels is the one that sees the image.
    first = next(name for name in expected if expected[name][2:3] == (3,))
    channels = _channels(found, first, 2, path)
    if channels != 3:
        model = _bare(backbone, channels)
        expected = _keras_shapes(model, named)
    title = f"{path}: does not fit {backbone}"
    names, left_out, random = naming.match(expected, found, allowed, title)
    values = {
        name: _value(found[name], name, path).reshape(expected[name])
        for name in names
    }
    if named:
        slots = keras_files.layer_slots(model)
        for name, value in values.items():
            slots[name].assign(value)
    else:
        keras_files.load_paths(model, values)
    return model, left_out, random


def _keras_shapes(model, named):
    if not named:
        return keras_files.path_shapes(model)
    slots = keras_files.layer_slots(model)
    return {name: tuple(variable.shape) for name, variable in slots.items()}


def _torch_slots(model):
    """{PyTorch's name: (variable, PyTorch's shape, axes as Keras has them)}."""
    slots = {}
    for layer in model.layers:
        # OIHW -> HWIO; of a depthwise convolution -> HWOI, where I is 1.
        is_depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
        of_kernels = (2, 3, 0, 1) if is_depthwise else (2, 3, 1, 0)
        for variable in layer.weights:
            shape = tuple(variable.shape)
            order = of_kernels if len(shape) == 4 else (0,)
            name = f"{layer.name}.{_PARAMETERS[variable.name]}"
            theirs = tuple(shape[order.index(axis)] for axis in sorted(order))
            slots[name] = variable, theirs, order
    return slots


def _channels(found, name, axis, path):
    """Input channels of the first convolution, as the file has it."""
    shape = found[name].shape if name in found else ()
    if len(shape) != 4:
        return 3
    channels = shape[axis]
    if channels != 3 and (channels % 2 or not 0 < channels < _MOST_CHANNELS):
        raise InputError(
            f"{path}: {name} sees {channels} channels; expected 3 (RGB) or "
            "two for each flow"
        )
    return channels


def _value(stored, name, path):
    try:
        value = np.asarray(stored.read(), np.float32)
    except InputError:
        raise
    except (OSError, TypeError, ValueError) as error:
        reason = str(error).split("\n")[0]
        raise InputError(f"{path}: {name}: damaged: {reason}") from error
    if not np.isfinite(value).all():
        raise InputError(f"{path}: {name} holds numbers that are not finite")
    if name.endswith("running_var") and value.min(initial=0) < 0:
        raise InputError(f"{path}: {name} holds a variance below 0")
    return value


def _bare(backbone, channels):
    return backbones.bare(backbone, image_size=_IMAGE_SIZE, channels=channels)


def _write(model, out):
    # Keras insists on the ending that a file has only once it is whole.
    with tempfile.TemporaryDirectory() as folder:
        complete = f"{folder}/{keras_files.INSIDE}"
        model.save_weights(complete)
        with files.written_whole(out) as partial:
            shutil.copyfile(complete, partial)
