"""One score from those of several streams (choice C17)."""

from collections import abc
import functools

import numpy as np


def mean_of_probabilities(
    streams: abc.Sequence[np.ndarray], weights: abc.Sequence[float]
) -> np.ndarray:
    """Weighted mean after the softmax.

    Args:
        streams: (T, C) probabilities of each stream.
        weights: One number per stream; their sum is 1.

    Returns:
        (T, C) float32.
    """
    shares = np.asarray(weights, np.float32)
    weighted = (
        share * stream.astype(np.float32)
        for share, stream in zip(shares, streams, strict=True)
    )
    return functools.reduce(np.add, weighted)


def softmax_of_mean_scores(
    streams: abc.Sequence[np.ndarray], weights: abc.Sequence[float]
) -> np.ndarray:
    """Softmax of the weighted mean of the networks' scores, before it.

    A logarithm of probabilities is the network's scores but for a constant
    per frame, which cancels. A probability of 0 lost its score in rounding;
    it counts as the smallest number that its type can hold.

    Args:
        streams: (T, C) probabilities of each stream.
        weights: One number per stream; their sum is 1.

    Returns:
        (T, C) float32.
    """
    mean = sum(
        weight * _logarithm(stream)
        for weight, stream in zip(weights, streams, strict=True)
    )
    odds = np.exp(mean - mean.max(axis=1, keepdims=True))
    return (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)


def _logarithm(probabilities):
    smallest = np.finfo(probabilities.dtype).smallest_subnormal
    return np.log(np.maximum(probabilities, smallest).astype(np.float64))


# What is averaged.
FUSIONS = {
    "probabilities": mean_of_probabilities,
    "scores": softmax_of_mean_scores,
}
