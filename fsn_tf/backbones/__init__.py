"""2D CNNs: images to features after the global pool (Section 3.2)."""

import pathlib

import keras

from fsn_tf.backbones import applications
from fsn_tf.backbones import tiny
from fsn_tf.errors import InputError


def build(name, *, image_size, weights="", batch_norm="first"):
    """Builds a 2D CNN with its input normalisation inside.

    Args:
        name: "tiny", or a model of keras.applications such as "ResNet50".
        image_size: Side of the square input, pixels.
        weights: "" for random ones, "imagenet", or a weights file.
        batch_norm: Which batch norms learn: "first" (TSN's partial batch
            norm), "all" or "none". The others keep their statistics too.

    Returns:
        keras.Model from (H, W, 3) uint8 RGB images to (D,) features.

    Raises:
        InputError: There is no such model, or the weights do not fit.
    """
    if weights not in ("", "imagenet") and not pathlib.Path(weights).is_file():
        raise InputError(f"backbone_weights: {weights}: no such file")
    if name == "tiny":
        model = tiny.build(image_size, weights)
    else:
        model = applications.build(name, image_size, weights)
    _freeze_batch_norms(model, batch_norm)
    return model


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
