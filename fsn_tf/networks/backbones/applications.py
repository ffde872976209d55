"""Any 2D CNN of keras.applications, by name."""

import functools
import inspect
import warnings

import keras
import numpy as np

from fsn_tf.errors import InputError

# What flow is divided by where the model has no scale of its own.
_FLOW_SCALE = 64

# How the names of models begin that normalize by weights of their own.
_NORMALIZES_BY_WEIGHTS = "efficientnetb"


def build(
    name: str, image_size: int, channels: int = 3, weights: str = ""
) -> keras.Model:
    """Builds a model of keras.applications up to its global average pool.

    Args:
        name: As Keras spells it, "ResNet50".
        image_size: Side of the square input, pixels.
        channels: C of the input; 3 is RGB, any other number flow.
        weights: "" for random ones; "imagenet", which Keras downloads; or a
            file in Keras's format, without the classifier.

    Returns:
        keras.Model from (H, W, C) uint8 images to (D,) features, its own
        input normalization included.

    Raises:
        InputError: It cannot be built so, or the weights do not fit.
    """
    images = keras.Input((image_size, image_size, channels), dtype="uint8")
    normalized = _normalized(images, name, channels)
    cnn = _without_normalization(bare(name, image_size, channels, weights))
    return keras.Model(images, cnn(normalized), name=f"{name}_features")


def bare(
    name: str, image_size: int, channels: int = 3, weights: str = ""
) -> keras.Model:
    """The model of keras.applications itself, as its weights files hold it.

    Args:
        name: As Keras spells it, "ResNet50".
        image_size: Side of the square input, pixels.
        channels: C of the input; 3 is RGB, any other number flow.
        weights: "" for random ones, "imagenet", or a file in Keras's format.

    Returns:
        keras.Model from (H, W, C) images to (D,) features; most leave it to
        the caller to normalize the images.

    Raises:
        InputError: It cannot be built so, or the weights do not fit.
    """
    build_model = getattr(keras.applications, name)
    options = {}
    if channels != 3 and _takes_preprocessing(build_model):
        options["include_preprocessing"] = False
    try:
        with warnings.catch_warnings():
            # Keras finds any number of channels but 1 and 3 unusual.
            warnings.simplefilter("ignore")
            return build_model(
                include_top=False,
                weights=weights or None,
                pooling="avg",
                input_shape=(image_size, image_size, channels),
                **options,
            )
    except Exception as error:
        reason = str(error).split("\n")[0]
        raise InputError(
            f"init_from: {weights!r} cannot be used for {name} at "
            f"{image_size} pixels and {channels} channels (files of Caffe "
            f"and PyTorch go through fsn import-weights): {reason}"
        ) from error


def _without_normalization(cnn):
    """What follows EfficientNet B0 to B7's own normalization; else the same.

    Theirs keeps a copy of its weights, which a restored checkpoint does not
    reach, and has one layer more where Keras has downloaded ImageNet's.
    """
    if not cnn.name.startswith(_NORMALIZES_BY_WEIGHTS):
        return cnn
    stem = cnn.get_layer("stem_conv_pad")
    return keras.Model(stem.input, cnn.output, name=cnn.name)


def names() -> list[str]:
    """Every model of keras.applications, in name order."""
    return sorted(
        name
        for name, value in vars(keras.applications).items()
        if inspect.isfunction(value)
    )


def _preprocess_input(name):
    if name.lower().startswith(_NORMALIZES_BY_WEIGHTS):
        # All released weights expect ImageNet's mean and deviation.
        return functools.partial(
            keras.applications.imagenet_utils.preprocess_input, mode="torch"
        )
    return inspect.getmodule(getattr(keras.applications, name)).preprocess_input


def _takes_preprocessing(build_model):
    return "include_preprocessing" in inspect.signature(build_model).parameters


def _normalized(images, name, channels):
    if channels == 3:
        return Normalization(name, name="normalize")(images)
    black, white = _preprocess_input(name)(
        np.stack([np.zeros((1, 1, 3)), np.full((1, 1, 3), 255.0)])
    )
    scale = float(np.mean((white - black) / 255))
    offset = -128 * scale
    if _takes_preprocessing(getattr(keras.applications, name)):
        scale, offset = 1 / _FLOW_SCALE, -128 / _FLOW_SCALE
    return keras.layers.Rescaling(scale, offset, name="normalize")(images)


@keras.saving.register_keras_serializable(package="fsn_tf")
class Normalization(keras.layers.Layer):
    """Maps pixels as the model's weights expect them.

    Args:
        model: Name in keras.applications.

    Call arguments:
        inputs: (B, H, W, 3) uint8 or float RGB, 0 to 255.

    Returns:
        (B, H, W, 3) in the compute dtype.
    """

    def __init__(self, model: str, **kwargs: object):
        super().__init__(**kwargs)
        self.model = model

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        pixels = keras.ops.cast(inputs, self.compute_dtype)
        return _preprocess_input(self.model)(pixels)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "model": self.model}
