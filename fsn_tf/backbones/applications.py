"""Any 2D CNN of keras.applications, by name."""

import inspect

import keras

from fsn_tf.errors import InputError


def build(name, image_size, weights=""):
    """Builds a model of keras.applications up to its global average pool.

    Args:
        name: As Keras spells it, "ResNet50".
        image_size: Side of the square input, pixels.
        weights: "" for random ones; "imagenet", which Keras downloads; or a
            file in Keras's format, with or without the classifier.

    Returns:
        keras.Model from (H, W, 3) uint8 RGB images to (D,) features, its own
        input normalisation included.

    Raises:
        InputError: There is no such model, or the weights do not fit.
    """
    module = _module(name)
    images = keras.Input((image_size, image_size, 3), dtype="uint8")
    normalised = Normalisation(name, name="normalise")(images)
    cnn = _cnn(getattr(module, name), image_size, weights)
    return keras.Model(images, cnn(normalised), name=f"{name}_features")


def names():
    """Every model of keras.applications, in name order."""
    return sorted(
        name
        for name, value in vars(keras.applications).items()
        if inspect.isfunction(value)
    )


def _module(name):
    """The module that holds a model and its preprocess_input."""
    for module in vars(keras.applications).values():
        if inspect.ismodule(module) and hasattr(module, name):
            return module
    raise InputError(
        f"backbone: expected tiny or one of {', '.join(names())}; got {name!r}"
    )


def _cnn(build_model, image_size, weights):
    try:
        return build_model(
            include_top=False,
            weights=weights or None,
            pooling="avg",
            input_shape=(image_size, image_size, 3),
        )
    except Exception as error:
        reason = str(error).split("\n")[0]
        raise InputError(
            f"backbone_weights: {weights!r} cannot be used for "
            f"{build_model.__name__} at {image_size} pixels: {reason}"
        ) from error


@keras.saving.register_keras_serializable(package="fsn_tf")
class Normalisation(keras.layers.Layer):
    """Maps pixels as the model's weights expect them.

    Args:
        model: Name in keras.applications.

    Call arguments:
        inputs: (B, H, W, 3) uint8 or float RGB, 0 to 255.

    Returns:
        (B, H, W, 3) in the compute dtype.
    """

    def __init__(self, model, **kwargs):
        super().__init__(**kwargs)
        self.model = model

    def call(self, inputs):
        pixels = keras.ops.cast(inputs, self.compute_dtype)
        return _module(self.model).preprocess_input(pixels)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "model": self.model}
