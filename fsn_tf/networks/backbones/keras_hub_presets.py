"""Image encoders of the package keras-hub as 2D CNNs, by preset.

The package is optional (requirements-keras-hub.txt). A preset is a name of
its list, which it downloads, or a folder that `save_to_preset` made.
"""

import contextlib
import importlib

import keras
import numpy as np

from fsn_tf.errors import InputError

PREFIX = "keras_hub:"

# What a backbone calls the shape of its images.
_SHAPES = ("image_shape", "input_shape")
_POOLS = {
    4: keras.layers.GlobalAveragePooling2D,
    3: keras.layers.GlobalAveragePooling1D,
}


def build(
    name: str, image_size: int, channels: int = 3, *, pretrained: bool = True
) -> keras.Model:
    """An image encoder up to the average over its map or its tokens.

    Args:
        name: "keras_hub:PRESET".
        image_size: Side of the square input, pixels. An encoder of images of
            one size, such as ViT, takes no other.
        channels: C of the input; 3 is RGB, any other number flow.
        pretrained: Whether it has the preset's weights, which see RGB.

    Returns:
        keras.Model from (H, W, C) uint8 images to (D,) features. Pixels are
        scaled and offset as the preset's ImageConverter says, and taken as
        they are where it has none; flow by the mean of the scales, around
        zero. What else a converter does, resizing, is left to image_size.

    Raises:
        InputError: keras-hub is not installed, the preset cannot be had, or
            it is no image encoder for such images.
    """
    keras_hub = _package(name)
    preset = name.removeprefix(PREFIX)
    with _explained(name):
        encoder = keras_hub.models.Backbone.from_preset(
            preset, load_weights=pretrained
        )
    _require_image_encoder(encoder, name)
    with _explained(name):
        scale, offset = _scaling(keras_hub, preset)
    if channels != 3:
        encoder = _of_channels(encoder, channels, name)
        scale, offset = _of_flow(scale)
    _require_size(encoder, image_size, name)
    images = keras.Input((image_size, image_size, channels), dtype="uint8")
    pixels = keras.layers.Rescaling(scale, offset, name="normalize")(images)
    # Some name their only input.
    seen = encoder(keras.tree.map_structure(lambda _: pixels, encoder.input))
    if len(seen.shape) in _POOLS:
        seen = _POOLS[len(seen.shape)](name="pool")(seen)
    return keras.Model(images, seen, name="keras_hub_features")


def _package(name):
    try:
        return importlib.import_module("keras_hub")
    except ImportError as error:
        raise InputError(
            f"backbone: {name} needs the package keras-hub: pip install -r "
            f"requirements-keras-hub.txt ({_first_line(error)})"
        ) from error


@contextlib.contextmanager
def _explained(name):
    """Any error as one line; a download can fail in any way."""
    try:
        yield
    except Exception as error:
        raise InputError(
            f"backbone: {name} cannot be had: {_first_line(error)}"
        ) from error


def _first_line(error):
    line = str(error).strip().split("\n")[0] or type(error).__name__
    # What a list would follow says nothing without it.
    return line.rpartition(". ")[0] if line.endswith(":") else line


def _require_image_encoder(encoder, name):
    inputs = getattr(encoder, "inputs", None) or []
    is_single = len(inputs) == 1 and isinstance(
        encoder.output, keras.KerasTensor
    )
    if not is_single or len(inputs[0].shape) != 4:
        raise InputError(
            f"backbone: {name} is a {type(encoder).__name__}, which does not "
            "take an image alone to one map or vector"
        )


def _scaling(keras_hub, preset):
    """(scale, offset) of pixels, numbers or one for each channel."""
    try:
        converter = keras_hub.layers.ImageConverter.from_preset(preset)
    except FileNotFoundError:
        return 1.0, 0.0
    scale, offset = converter.scale, converter.offset
    return 1.0 if scale is None else scale, 0.0 if offset is None else offset


def _of_flow(scale):
    mean = float(np.mean(scale))
    return mean, -128 * mean


def _of_channels(encoder, channels, name):
    """The same encoder with random weights for another number of channels."""
    config = encoder.get_config()
    for key in _SHAPES:
        if key in config:
            *size, _ = config[key]
            shape = {key: (*size, channels)}
            with _explained(name):
                return type(encoder).from_config({**config, **shape})
    raise InputError(f"backbone: {name} takes no images of {channels} channels")


def _require_size(encoder, image_size, name):
    size = encoder.inputs[0].shape[1:3]
    if any(side not in (None, image_size) for side in size):
        raise InputError(
            f"image_size: {name} takes images of {size[0]}x{size[1]} pixels "
            f"alone, got {image_size}"
        )
