"""TFLite files that `fsn export` wrote."""

import importlib
import os
import pathlib
from typing import Any

import numpy as np

from fsn_tf import quietly
from fsn_tf.errors import InputError
from fsn_tf.exports import exported_models

_FILE = "model.tflite"


class LiteModel:
    """An exported folder of a TFLite file, see stretches.Predictor.

    Args:
        path: Of the folder.
        card: What exported_models.read gave for it.

    Attributes:
        runtime: Name of what runs it: LiteRT's package where it is installed,
            which spares loading TensorFlow, or TensorFlow's own.

    Raises:
        InputError: The file is missing or cannot be loaded.
    """

    def __init__(self, path: pathlib.Path, card: dict[str, Any]):
        interpreter, self.runtime = _interpreter()
        self.snippet_frames = card["snippet_frames"]
        self.clip_snippets = card["clip_snippets"]
        self.context = card["context_snippets"]
        # One interpreter serves one thread; the file is mapped, not copied.
        self._features, self._probabilities = (
            _loaded(interpreter, path / _FILE, name, card)
            for name in ("features", "probabilities")
        )

    def features(self, images: np.ndarray) -> np.ndarray:
        """(N, H, W, C) uint8 snippets -> (N, D) float32."""
        return self._features(frames=images)["features"]

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """(B, N, D) -> (B, N * snippet_frames, C), clip by clip."""
        return np.stack(
            [
                self._probabilities(features=clip)["probabilities"]
                for clip in features
            ]
        )


def _interpreter():
    """(class of interpreters, its name)."""
    try:
        package = importlib.import_module("ai_edge_litert.interpreter")
        return package.Interpreter, "LiteRT"
    except ImportError:
        with quietly.held_back():
            import tensorflow as tf
        return tf.lite.Interpreter, "TensorFlow Lite"


def _loaded(interpreter, path, name, card):
    """A function of the file, by name."""
    if not path.is_file():
        raise InputError(f"{path}: no such file; export the model again")
    try:
        with quietly.held_back():
            loaded = interpreter(str(path), num_threads=os.cpu_count())
            function = loaded.get_signature_runner(name)
    except (ValueError, RuntimeError) as error:
        raise InputError(
            f"{path}: cannot be loaded: {quietly.reason(error)}"
        ) from error
    # It would take anything, and score it.
    ((_, takes),) = function.get_input_details().items()
    expected = [
        -1 if x is None else x for x in card["signatures"][name]["shape"]
    ]
    if takes["shape_signature"].tolist() != expected:
        raise InputError(
            f"{path}: {name} takes {takes['shape_signature'].tolist()}, where "
            f"{exported_models.CARD} says {expected}; export the model again"
        )
    return function
