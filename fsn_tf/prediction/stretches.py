"""Probabilities of every frame, in bounded memory (Section 3.5)."""

from collections.abc import Iterable
from collections.abc import Iterator
from typing import Protocol

import numpy as np


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
