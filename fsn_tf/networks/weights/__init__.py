"""Weights of Caffe, PyTorch and Keras for the 2D CNNs of backbones."""

from collections.abc import Sequence
import pathlib
import re
import shutil
import tempfile

import numpy as np

from fsn_tf import files
from fsn_tf.errors import InputError
from fsn_tf.networks import backbones
from fsn_tf.networks.weights import caffe_files
from fsn_tf.networks.weights import formats
from fsn_tf.networks.weights import keras_files
from fsn_tf.networks.weights import naming
from fsn_tf.networks.weights import torch_files

# Layers that tell the architecture; what sees the input there.
_TELLING = {
    "BNInception": re.compile(r"conv1_7x7_s2|inception_[345][a-e]_3x3"),
    "TorchResNet50": re.compile(r"layer[1-4]_\d_conv[1-3]"),
}
_FIRST = {"BNInception": "conv1_7x7_s2.weight", "TorchResNet50": "conv1.weight"}
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
    if backbone and backbone not in _FIRST:
        raise InputError(_no_counterpart(backbone))
    read = {
        formats.TORCH_ZIP: torch_files.read_zip,
        formats.TORCH_LEGACY: torch_files.read_legacy,
        formats.CAFFE: caffe_files.read,
    }[kind]
    original = read(path)
    found = naming.canonical(original, path)
    backbone = backbone or _architecture(found, path)
    channels = _channels(found, _FIRST[backbone], 1, path)
    is_flow_of_resnet = channels != 3 and backbone == "TorchResNet50"
    if is_flow_of_resnet and not _is_mmaction2(original):
        raise InputError(
            f"{path}: a ResNet-50 for flow is taken from mmaction2 alone; "
            "others scale flow by other numbers"
        )
    model = _bare(backbone, channels)
    slots = _torch_slots(model)
    expected = {name: shape for name, (_, shape) in slots.items()}
    title = f"{path}: does not fit {backbone}"
    names, left_out, random = naming.match(expected, found, allowed, title)
    for name in names:
        variable, shape = slots[name]
        value = _value(found[name], name, path).reshape(shape)
        # OIHW -> HWIO.
        variable.assign(
            value.transpose(2, 3, 1, 0) if value.ndim == 4 else value
        )
    return model, left_out, random


def _from_keras(path, backbone, allowed):
    """(model, layers left out, random layers) of a file of Keras."""
    found, named = keras_files.read(path)
    backbone = backbone or _architecture(found, path)
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
    """{PyTorch's name: (variable, PyTorch's shape)} of a model's weights."""
    slots = {}
    for layer in model.layers:
        for variable in layer.weights:
            shape = tuple(variable.shape)
            if len(shape) == 4:
                height, width, inputs, outputs = shape
                shape = outputs, inputs, height, width
            name = f"{layer.name}.{_PARAMETERS[variable.name]}"
            slots[name] = variable, shape
    return slots


def _architecture(names, path):
    layers = {name.replace("/", ".").split(".")[0] for name in names}
    for backbone, telling in _TELLING.items():
        if any(map(telling.fullmatch, layers)):
            return backbone
    first = ", ".join(list(names)[:5])
    raise InputError(
        f"{path}: its names tell no architecture (the first are {first}); "
        "expected those of BNInception or TorchResNet50, or --backbone=NAME "
        "for a file of Keras"
    )


def _is_mmaction2(names):
    return any(name.startswith("backbone.") for name in names)


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


def _no_counterpart(backbone):
    why = "files of Caffe and PyTorch fit BNInception and TorchResNet50 alone"
    if backbone == "ResNet50":
        why = (
            "Keras's ResNet50 strides in other layers than PyTorch's, so its "
            "weights would give another function; use TorchResNet50"
        )
    return f"--backbone={backbone}: {why}"


def _bare(backbone, channels):
    return backbones.bare(backbone, image_size=_IMAGE_SIZE, channels=channels)


def _write(model, out):
    # Keras insists on the ending that a file has only once it is whole.
    with tempfile.TemporaryDirectory() as folder:
        complete = f"{folder}/{keras_files.INSIDE}"
        model.save_weights(complete)
        with files.written_whole(out) as partial:
            shutil.copyfile(complete, partial)
