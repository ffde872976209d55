"""Probabilities of every frame, in bounded memory (Section 3.5)."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Protocol

import keras
import numpy as np
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.networks import temporal_cnn
from fsn_tf.prediction import frozen
from fsn_tf.prediction import views
from fsn_tf.snippets.prepared_folders import PreparedVideo


class Predictor(Protocol):
    """A trained network as functions from arrays to arrays.

    Attributes:
        clip_snippets: Snippets of a training clip.
        snippet_frames: Frames per snippet.
        context: Snippets on either side that a snippet's scores depend on.
    """

    clip_snippets: int
    snippet_frames: int
    context: int

    def features(self, images: np.ndarray) -> np.ndarray:
        """(N, H, W, C) uint8 snippets, as stored -> (N, D) float32."""

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """(B, N, D) -> (B, N * snippet_frames, C)."""


class KerasPredictor:
    """A network in memory, see Predictor.

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


def windows(
    chunks: Iterable[np.ndarray], predictor: Predictor
) -> Iterator[np.ndarray]:
    """Scores windows of T frames without overlap, as the paper does (C7).

    A last window that is incomplete is scored at its own length.

    Args:
        chunks: Iterable of (n, D) features; adjacent stretches of a video.
        predictor: Predictor.

    Yields:
        (f, C) probabilities of adjacent stretches of frames.
    """
    length = predictor.clip_snippets
    waiting: np.ndarray | None = None
    for features in chunks:
        if waiting is not None:
            features = np.concatenate([waiting, features])
        whole = len(features) - len(features) % length
        if whole:
            # (n, D) -> (n // length, length, D)
            clips = features[:whole].reshape(-1, length, features.shape[-1])
            yield np.concatenate(list(predictor.probabilities(clips)))
        waiting = features[whole:]
    if waiting is not None and len(waiting):
        yield predictor.probabilities(waiting[None])[0]


def whole(
    chunks: Iterable[np.ndarray], predictor: Predictor
) -> Iterator[np.ndarray]:
    """Scores the whole video as one clip, without holding it at once (C7).

    Every stretch is scored with as many neighbors as its frames depend on,
    so the result is that of one pass over the video.

    Args:
        chunks: Iterable of (n, D) features; adjacent stretches of a video.
        predictor: Predictor.

    Yields:
        (f, C) probabilities of adjacent stretches of frames.
    """
    context = predictor.context
    held, scored = None, 0  # features at hand; how many of them are scored
    for features in chunks:
        held = features if held is None else np.concatenate([held, features])
        ready = len(held) - context
        if ready > scored:
            yield _stretch(held, scored, ready, predictor)
            behind = max(ready - context, 0)
            held, scored = held[behind:], ready - behind
    if held is not None and len(held) > scored:
        yield _stretch(held, scored, len(held), predictor)


def _stretch(features, first, stop, predictor):
    size = predictor.snippet_frames
    # (1, n, D) -> (n * size, C)
    frames = predictor.probabilities(features[None])[0]
    return frames[first * size : stop * size]


INFERENCES = {"windows": windows, "whole": whole}


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
        inference: One of INFERENCES.
    """
    predictor = KerasPredictor(
        network, experiment, frame_size, learning=learning
    )

    def score(video):
        chunks = video.features(predictor.features)
        stretches = list(INFERENCES[inference](chunks, predictor))
        return np.concatenate(stretches)[: video.num_frames]

    return score
