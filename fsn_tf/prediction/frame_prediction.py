"""Networks in memory that score every frame (Section 3.5)."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.networks import temporal_cnn
from fsn_tf.prediction import frozen
from fsn_tf.prediction import stretches
from fsn_tf.prediction import views
from fsn_tf.snippets.prepared_folders import PreparedVideo


class KerasPredictor:
    """A network in memory, see stretches.Predictor.

    Args:
        network: keras.Model, as fsn.fsn or fsn.wfsn returns; its weights as
            they are now.
        experiment: Experiment.
        frame_size: (width, height) of stored images; None where the stream
            is features.
        learning: Whether its weights will change, and are then looked at in
            every call, which is slower.
    """

    def __init__(
        self,
        network: keras.Model,
        experiment: Experiment,
        frame_size: tuple[int, int] | None = None,
        *,
        learning: bool = False,
    ):
        self.clip_snippets = experiment.clip_snippets
        self.snippet_frames = experiment.snippet_frames
        self.context = temporal_cnn.context_snippets(
            experiment.temporal_dilations, experiment.refinement_stages
        )
        head = fsn.frame_head(network, experiment)
        features = tf.TensorSpec((None, None, head.input_shape[-1]))
        if frame_size is not None:
            self._features = _spatial_cnn(
                network, experiment, frame_size, learning
            )
        self._probabilities = frozen.function(
            head,
            lambda x: fsn.probabilities(head(x, training=False)),
            features,
            learning=learning,
        )

    def features(self, images: np.ndarray) -> np.ndarray:
        """(N, H, W, C) uint8 snippets, as stored -> (N, D) float32."""
        return self._features(images).numpy()

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """(B, N, D) -> (B, N * snippet_frames, C)."""
        return self._probabilities(features).numpy()


def _spatial_cnn(network, experiment, frame_size, learning):
    """(N, H, W, C) uint8 snippets, as stored -> (N, D) float32."""
    cnn = frozen.spatial_cnn(network, learning=learning)
    width, height = frame_size
    shape = (None, height, width, experiment.channels)

    def features(images):
        seen = views.center(images, experiment.image_size)
        return tf.cast(cnn(seen, training=False), tf.float32)

    takes = tf.TensorSpec(shape, tf.uint8)
    return frozen.function(cnn, features, takes, learning=learning)


def scorer(
    network: keras.Model,
    experiment: Experiment,
    frame_size: tuple[int, int] | None,
    inference: str,
    *,
    learning: bool = False,
) -> Callable[[PreparedVideo], np.ndarray]:
    """A function from a prepared video to (T, C) probabilities.

    Args:
        network, experiment, frame_size, learning: As for KerasPredictor.
        inference: One of stretches.INFERENCES.
    """
    predictor = KerasPredictor(
        network, experiment, frame_size, learning=learning
    )

    infer = stretches.INFERENCES[inference]

    def score(video):
        chunks = video.features(predictor.features)
        scored = list(infer(chunks, predictor))
        return np.concatenate(scored)[: video.num_frames]

    return score
