"""ONNX files that `fsn export` wrote, run without TensorFlow."""

from collections.abc import Callable
import functools
import importlib
import pathlib
from typing import Any

import numpy as np

from fsn_tf.errors import InputError

_FILES = ("features.onnx", "probabilities.onnx")

# From the array that a file takes to the one that it gives.
_Function = Callable[[np.ndarray], np.ndarray]


class OnnxModel:
    """An exported folder of ONNX files, see stretches.Predictor.

    In float32 ONNX Runtime runs them, or else OpenVINO; in bfloat16 OpenVINO,
    since ONNX Runtime has no such convolutions on a CPU.

    Args:
        path: Of the folder.
        card: What exported_models.read gave for it.
        precision: "float32" or "bfloat16".

    Attributes:
        runtime: Name of what runs it.

    Raises:
        InputError: A file is missing or cannot be loaded, or neither package
            can be imported. Also raised where a file cannot be run.
    """

    def __init__(
        self, path: pathlib.Path, card: dict[str, Any], precision: str
    ):
        module, self.runtime, opened = _runtime(path, precision)
        self.snippet_frames = card["snippet_frames"]
        self.clip_snippets = card["clip_snippets"]
        self.context = card["context_snippets"]
        self._features, self._probabilities = (
            _loaded(path / name, opened, module, precision) for name in _FILES
        )

    def features(self, images: np.ndarray) -> np.ndarray:
        """(N, H, W, C) uint8 snippets -> (N, D) float32."""
        return self._features(images)

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """(B, N, D) -> (B, N * snippet_frames, C), clip by clip."""
        return np.stack([self._probabilities(clip) for clip in features])


def _runtime(path, precision):
    """(module, name, function that opens a file) of what is installed."""
    names = [name for name, one in _RUNTIMES.items() if precision in one[1]]
    reasons = []
    for name in names:
        title, _, opened = _RUNTIMES[name]
        try:
            return importlib.import_module(name), title, opened
        except ImportError as error:
            # It may be there without a library that it needs.
            reasons.append(_reason(error))
    raise InputError(
        f"{path}: running ONNX files in {precision} needs {' or '.join(names)}"
        f" ({'; '.join(reasons)}); pip install {names[0]}"
    )


def _loaded(path, opened, module, precision):
    if not path.is_file():
        raise InputError(f"{path}: no such file; export the model again")
    try:
        function = opened(module, path, precision)
    except Exception as error:
        # Both raise what derives from Exception alone.
        raise InputError(
            f"{path}: cannot be loaded: {_reason(error)}"
        ) from error
    return functools.partial(_result, function, path)


def _result(function, path, given):
    try:
        return function(given)
    except Exception as error:
        # Such as a file of another model, which takes another shape.
        raise InputError(
            f"{path}: cannot be run on {given.dtype} of shape {given.shape}: "
            f"{_reason(error)}; export the model again"
        ) from error


def _reason(error):
    """The last line of an error that says something."""
    lines = [line.strip() for line in str(error).splitlines()]
    return ([type(error).__name__] + [line for line in lines if line])[-1]


def _onnxruntime(module, path, precision) -> _Function:
    options = module.SessionOptions()
    # Threads that wait in a loop would take the core that decodes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = module.InferenceSession(
        path, options, providers=["CPUExecutionProvider"]
    )
    (takes,) = session.get_inputs()
    return lambda given: session.run(None, {takes.name: given})[0]


def _openvino(module, path, precision) -> _Function:
    hint = {"float32": "f32", "bfloat16": "bf16"}[precision]
    # Left to itself, it rounds where the CPU has instructions for it.
    compiled = module.Core().compile_model(
        path, "CPU", {"INFERENCE_PRECISION_HINT": hint}
    )
    return lambda given: compiled(given)[0]


# The first that is installed: {package: (name, precisions, opens a file)}.
_RUNTIMES = {
    "onnxruntime": ("ONNX Runtime", ("float32",), _onnxruntime),
    "openvino": ("OpenVINO", ("float32", "bfloat16"), _openvino),
}
