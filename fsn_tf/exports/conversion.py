"""TFLite and ONNX files of a network."""

import pathlib
import tempfile

import tensorflow as tf

from fsn_tf import quietly
from fsn_tf.errors import InputError
from fsn_tf.exports.signatures import Signatures

# ONNX's version of operators; ONNX Runtime reads it since 1.12.
_OPSET = 17


def write_tflite(folder: pathlib.Path, offered: Signatures) -> None:
    """Writes FOLDER/model.tflite, with every function as a signature.

    Args:
        folder: pathlib.Path of a folder that exists.
        offered: What signatures.signatures returned, of frames of one size.
    """
    functions = {name: function for name, (function, _) in offered.items()}
    # In there, so that it goes with the folder where the process is killed.
    temporary = tempfile.TemporaryDirectory(dir=folder)
    with temporary as saved, quietly.held_back():
        tf.saved_model.save(tf.Module(), saved, signatures=functions)
        converter = tf.lite.TFLiteConverter.from_saved_model(
            saved, signature_keys=list(functions)
        )
        content = converter.convert()
    pathlib.Path(folder, "model.tflite").write_bytes(content)


def write_onnx(folder: pathlib.Path, offered: Signatures) -> None:
    """Writes `serving_default` as FOLDER/model.onnx, others as NAME.onnx.

    An ONNX file has one function, so each has a file, with the weights that
    it needs.

    Args:
        folder, offered: As for `write_tflite`.

    Raises:
        InputError: tf2onnx is not installed.
    """
    try:
        convert = quietly.imported("tf2onnx.convert")
    except ImportError as error:
        raise InputError(
            f"--format=onnx: {error}; pip install onnx tf2onnx"
        ) from error
    for name, (function, takes) in offered.items():
        stem = "model" if name == "serving_default" else name
        with quietly.held_back():
            convert.from_function(
                function,
                input_signature=[takes],
                opset=_OPSET,
                output_path=str(folder / f"{stem}.onnx"),
            )
