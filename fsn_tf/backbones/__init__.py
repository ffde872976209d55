"""2D CNNs: images to features after the global pool (Section 3.2)."""

import pathlib

import keras
import numpy as np

from fsn_tf.backbones import applications
from fsn_tf.backbones import tiny
from fsn_tf.errors import InputError


def build(name, *, image_size, channels=3, weights="", batch_norm="first"):
    """Builds a 2D CNN with its input normalisation inside.

    Args:
        name: "tiny", or a model of keras.applications such as "ResNet50".
        image_size: Side of the square input, pixels.
        channels: C of the input; 3 is RGB, any other number flow.
        weights: "" for random ones, "imagenet", or a weights file.
        batch_norm: Which batch norms learn: "first" (TSN's partial batch
            norm), "all" or "none". The others keep their statistics too.

    Returns:
        keras.Model from (H, W, C) uint8 images to (D,) features.

    Raises:
        InputError: There is no such model, or the weights do not fit.
    """
    if weights not in ("", "imagenet") and not pathlib.Path(weights).is_file():
        raise InputError(f"init_from: {weights}: no such file")
    if name == "tiny":
        model = tiny.build(image_size, channels, weights)
    else:
        model = applications.build(name, image_size, weights)
    _freeze_batch_norms(model, batch_norm)
    return model


def copy_weights(source, target):
    """Gives a 2D CNN the weights of another of the same architecture.

    Where the source sees RGB and the target flow, the kernel of the first
    convolution becomes its mean over the input channels, repeated: TSN's
    cross-modality initialisation.

    Raises:
        InputError: The architectures differ.
    """
    weights = source.get_weights()
    shapes = [weight.shape for weight in target.get_weights()]
    if len(weights) == len(shapes) and weights[0].shape != shapes[0]:
        mean = weights[0].mean(axis=2, keepdims=True)
        weights[0] = np.broadcast_to(mean, shapes[0])
    if [weight.shape for weight in weights] != shapes:
        raise InputError(
            f"init_from: the weights of {source.name} do not fit {target.name}"
        )
    target.set_weights(weights)


def _freeze_batch_norms(model, learning):
    norms = [
        layer
        for layer in _layers(model)
        if isinstance(layer, keras.layers.BatchNormalization)
    ]
    frozen = {"all": norms[:0], "none": norms, "first": norms[1:]}[learning]
    for layer in frozen:
        layer.trainable = False
    for layer in norms:
        # Statistics over the batch of all devices, not of each alone.
        layer.synchronized = keras.backend.backend() == "tensorflow"


def _layers(model):
    for layer in model.layers:
        yield layer
        yield from _layers(layer) if hasattr(layer, "layers") else ()
