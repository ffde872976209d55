"""2D CNNs: images to features after the global pool (Section 3.2)."""

from collections.abc import Callable
import functools
import pathlib
import warnings

import keras
import numpy as np

from fsn_tf import files
from fsn_tf.errors import InputError
from fsn_tf.networks.backbones import applications
from fsn_tf.networks.backbones import bn_inception
from fsn_tf.networks.backbones import efficientnet_lite
from fsn_tf.networks.backbones import keras_hub_presets
from fsn_tf.networks.backbones import tiny
from fsn_tf.networks.backbones import torch_resnet50

_OWN: dict[str, Callable[[int, int], keras.Model]] = {
    "BNInception": bn_inception.build,
    "TorchBNInception": bn_inception.build_torch,
    "TorchResNet50": torch_resnet50.build,
    **efficientnet_lite.BUILD,
    "tiny": tiny.build,
}


def build(
    name: str,
    *,
    image_size: int,
    channels: int = 3,
    weights: pathlib.Path | str = "",
    batch_norm: str = "first",
    freeze_through: str = "",
) -> keras.Model:
    """Builds a 2D CNN with its input normalization inside.

    Args:
        name: "BNInception", "TorchBNInception", "TorchResNet50",
            "EfficientNetLite0" (1, 2), "tiny", a model of keras.applications
            such as "ResNet50", or "keras_hub:PRESET".
        image_size: Side of the square input, pixels.
        channels: C of the input; 3 is RGB, any other number flow.
        weights: "" for random ones, or those of the preset; "imagenet", or
            a weights file. A flow network takes those of an RGB one as
            `copy_weights` says.
        batch_norm: Which batch norms learn: "first" (TSN's partial batch
            norm), "all" or "none". The others keep their statistics too.
        freeze_through: Layer up to which nothing learns, or the beginning of
            the names of a block of layers; empty for none (choice C25).

    Returns:
        keras.Model from (H, W, C) uint8 images to (D,) features.

    Raises:
        InputError: There is no such model, or the weights do not fit.
    """
    if weights not in ("", "imagenet") and not pathlib.Path(weights).is_file():
        raise InputError(f"init_from: {weights}: no such file")
    model = _with_weights(name, image_size, channels, weights)
    _freeze_batch_norms(model, batch_norm)
    _freeze_through(model, freeze_through)
    return model


def _with_weights(name, image_size, channels, weights):
    make = functools.partial(_make, name, image_size)
    starts_random = not weights and not _is_preset(name)
    if starts_random or channels == 3:
        return make(channels, weights)
    misfit = None
    if weights not in ("", "imagenet"):
        try:
            return make(channels, weights)
        except InputError as error:
            misfit = error
    try:
        source = make(3, weights)
    except InputError as error:
        raise misfit or error from error
    target = make(channels, "")
    copy_weights(source, target)
    return target


def _make(name, image_size, channels, weights):
    _require_known(name)
    if name not in _OWN and not _is_preset(name):
        return applications.build(name, image_size, channels, weights)
    if weights == "imagenet":
        raise InputError(
            f"init_from: {name} has no ImageNet weights to download; give a "
            "file that fsn import-weights made, or leave it empty"
        )
    if _is_preset(name):
        # Its weights see RGB alone.
        pretrained = not weights and channels == 3
        model = keras_hub_presets.build(
            name, image_size, channels, pretrained=pretrained
        )
    else:
        model = _OWN[name](image_size, channels)
    if weights:
        _load(model, weights)
    return model


def bare(name: str, *, image_size: int, channels: int = 3) -> keras.Model:
    """The part of a 2D CNN whose weights a file holds.

    Args:
        name: Of a 2D CNN that `build` knows, such as "BNInception".
        image_size: Side of the square input, pixels.
        channels: C of the input; 3 is RGB, any other number flow.

    Returns:
        keras.Model from (H, W, C) images to (D,) features; of
        keras.applications, without what normalizes its input.

    Raises:
        InputError: There is no such model.
    """
    _require_known(name)
    if name in _OWN:
        return _OWN[name](image_size, channels)
    if _is_preset(name):
        return keras_hub_presets.build(
            name, image_size, channels, pretrained=False
        )
    return applications.bare(name, image_size, channels)


def _require_known(name):
    known = [*_OWN, *applications.names()]
    if name not in known and not _is_preset(name):
        raise InputError(
            f"backbone: expected one of {', '.join(known)}, or "
            f"keras_hub:PRESET; got {name!r}"
        )


def _is_preset(name):
    return name.startswith(keras_hub_presets.PREFIX)


def _load(model, path):
    if pathlib.Path(path).is_file():
        files.check_not_pointer(path)
    try:
        with warnings.catch_warnings():
            # What does not fit is the error that follows.
            warnings.simplefilter("ignore")
            model.load_weights(path)
    except (OSError, ValueError) as error:
        reason = str(error).split("\n")[0]
        raise InputError(
            f"init_from: {path}: not Keras weights of {model.name} with "
            f"{model.input_shape[-1]} input channels (files of Caffe and "
            f"PyTorch go through fsn import-weights): {reason}"
        ) from error


def copy_weights(source: keras.Model, target: keras.Model) -> None:
    """Gives a 2D CNN the weights of another of the same architecture.

    Where the source sees RGB and the target flow, the kernel of the first
    convolution becomes its mean over the input channels, repeated: TSN's
    cross-modality initialization.

    Raises:
        InputError: The architectures differ.
    """
    weights = source.get_weights()
    shapes = [weight.shape for weight in target.get_weights()]
    if len(weights) == len(shapes):
        pairs = zip(weights, shapes, strict=True)
        weights = [_repeated(weight, shape) for weight, shape in pairs]
    if [weight.shape for weight in weights] != shapes:
        raise InputError(
            f"init_from: the weights of {source.name} do not fit {target.name}"
        )
    target.set_weights(weights)


def _repeated(weight, shape):
    """The mean over the input channels, once for each of another number."""
    fits = len(weight.shape) == len(shape) == 4 and weight.shape != shape
    if not fits or weight.shape[:2] + weight.shape[3:] != shape[:2] + shape[3:]:
        return weight
    return np.broadcast_to(weight.mean(2, keepdims=True), shape)


def _freeze_batch_norms(model, learning):
    norms = list(_batch_norms(model.layers))
    frozen = {"all": norms[:0], "none": norms, "first": norms[1:]}[learning]
    for layer in frozen:
        layer.trainable = False
    for layer in norms:
        # Statistics over the batch of all devices, not of each alone.
        layer.synchronized = keras.backend.backend() == "tensorflow"


def _batch_norms(layers):
    for layer in layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            yield layer
        elif hasattr(layer, "layers"):
            yield from _batch_norms(layer.layers)
        else:
            # keras-hub has blocks of layers that are layers, not models.
            parts = layer._flatten_layers(include_self=False, recursive=False)
            yield from _batch_norms(parts)


def _freeze_through(model, name):
    if not name:
        return
    layers = list(_layers(model))
    places = [
        place
        for place, layer in enumerate(layers)
        if layer.name == name or layer.name.startswith(f"{name}_")
    ]
    if not places:
        names = [layer.name for layer in layers if layer.weights]
        raise InputError(
            f"freeze_through: {model.name} has no layer {name!r}; expected "
            f"one such as {names[0]} or {names[len(names) // 2]}"
        )
    for layer in layers[: places[-1] + 1]:
        # A nested model would freeze all of its layers.
        if not hasattr(layer, "layers"):
            layer.trainable = False


def _layers(model):
    for layer in model.layers:
        yield layer
        yield from _layers(layer) if hasattr(layer, "layers") else ()
