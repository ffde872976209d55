"""Networks that TensorFlow runs: SavedModels and workdirs."""

import pathlib
from typing import Any

import numpy as np
import tensorflow as tf

from fsn_tf import quietly
from fsn_tf.errors import InputError
from fsn_tf.exports import model_card
from fsn_tf.prediction import frame_prediction
from fsn_tf.prediction import stretches
from fsn_tf.training import checkpoints


class SavedModel:
    """An exported folder, see stretches.Predictor.

    Args:
        path: Of the folder.
        card: What exported_models.read gave for it.

    Attributes:
        runtime: Name of what runs it.

    Raises:
        InputError: It cannot be loaded.
    """

    runtime = "TensorFlow"

    def __init__(self, path: pathlib.Path, card: dict[str, Any]):
        try:
            self._loaded = tf.saved_model.load(str(path))
        except (OSError, IndexError, ValueError, tf.errors.OpError) as error:
            raise InputError(
                f"{path}: cannot be loaded: {quietly.reason(error)}"
            ) from error
        self.snippet_frames = card["snippet_frames"]
        self.clip_snippets = card["clip_snippets"]
        self.context = card["context_snippets"]

    def features(self, images: np.ndarray) -> np.ndarray:
        """(N, H, W, C) uint8 snippets -> (N, D) float32."""
        return self._loaded.features(tf.constant(images))["features"].numpy()

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """(B, N, D) -> (B, N * snippet_frames, C), clip by clip."""
        clips = [
            self._loaded.probabilities(tf.constant(clip))["probabilities"]
            for clip in features
        ]
        return np.stack([clip.numpy() for clip in clips])


def of_workdir(
    path: pathlib.Path, which: str, precision: str
) -> tuple[dict[str, Any], stretches.Predictor]:
    """The card of a trained network that takes images, and its predictor.

    Args:
        path: Of the workdir.
        which: "last" or "best" checkpoint.
        precision: "float32" or "bfloat16".
    """
    network, experiment, facts = checkpoints.load_frame_network(
        path, which=which, precision=precision
    )
    card = model_card.card(path, experiment, facts)
    return card, frame_prediction.KerasPredictor(
        network, experiment, facts["frame_size"]
    )
