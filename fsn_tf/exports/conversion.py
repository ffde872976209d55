"""TFLite and ONNX files of a network."""

import pathlib
import tempfile

import keras
import tensorflow as tf

from fsn_tf import quietly
from fsn_tf.errors import InputError
from fsn_tf.exports.signatures import Signatures

# ONNX's version of operators; ONNX Runtime reads it since 1.12.
_OPSET = 17


def write_tflite(
    folder: pathlib.Path, network: keras.Model, offered: Signatures
) -> None:
    """Writes FOLDER/model.tflite, with every function as a signature.

    Args:
        folder: pathlib.Path of a folder that exists.
        network: keras.Model that the functions call.
        offered: What signatures.signatures returned, of frames of one size.
    """
    constant = {
        name: _constant(network, function, takes)
        for name, (function, takes) in offered.items()
    }
    with tempfile.TemporaryDirectory() as saved, quietly.held_back():
        tf.saved_model.save(tf.Module(), saved, signatures=constant)
        converter = tf.lite.TFLiteConverter.from_saved_model(
            saved, signature_keys=list(constant)
        )
        content = converter.convert()
    pathlib.Path(folder, "model.tflite").write_bytes(content)


def write_onnx(
    folder: pathlib.Path, network: keras.Model, offered: Signatures
) -> None:
    """Writes FOLDER/model.onnx of the only function in `offered`.

    Args:
        folder, network, offered: As for `write_tflite`.

    Raises:
        InputError: tf2onnx is not installed.
    """
    try:
        convert = quietly.imported("tf2onnx.convert")
    except ImportError as error:
        raise InputError(
            f"--format=onnx: {error}; pip install onnx tf2onnx"
        ) from error
    ((function, takes),) = offered.values()
    with quietly.held_back():
        convert.from_function(
            _constant(network, function, takes),
            input_signature=[takes],
            opset=_OPSET,
            output_path=str(folder / "model.onnx"),
        )


def _constant(network, function, takes):
    """A function with the weights as constants in its graph.

    Both converters know variables, but TFLite's loses those of a Keras model
    and answers NaN.
    """
    values = [(variable, variable.numpy()) for variable in network.variables]

    def constant(given):
        weights = [(variable, tf.constant(value)) for variable, value in values]
        with keras.StatelessScope(weights):
            return function(given)

    return tf.function(constant, [takes])
