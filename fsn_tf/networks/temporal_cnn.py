"""Temporal CNN and bilinear upsampling (Section 3.3)."""

from collections.abc import Sequence

import keras
from keras import ops
import numpy as np


def temporal_cnn(
    features: keras.KerasTensor,
    num_logits: int,
    *,
    filters: int,
    dilations: Sequence[int] = (1, 2, 4),
) -> keras.KerasTensor:
    """Scores every snippet in the context of its neighbors.

    Args:
        features: (B, N, D) one spatial feature vector per snippet, f_con.
        num_logits: K + 1 for FSN; the last one is background.
        filters: Width of each convolution (choice C2).
        dilations: One dilated convolution is stacked per entry; none leaves
            the classifier alone, "w/o temporal CNN" of Table 4.

    Returns:
        (B, N, num_logits) snippet logits, X.
    """
    x = features
    for depth, rate in enumerate(dilations, start=1):
        # ReLU without batch norm as in VGG, and He's start (choice C3); zeros
        # beyond the ends are part of the function (choice C6).
        x = keras.layers.Conv1D(
            filters,
            kernel_size=3,
            dilation_rate=rate,
            padding="same",
            activation="relu",
            kernel_initializer="he_normal",
            name=f"temporal_conv{depth}",
        )(x)
    # A 1x1 classifier adds no context of its own (choice C4), and starts as
    # TSN's does. Under mixed precision it scores in float32: the softmax
    # needs the digits.
    return keras.layers.Conv1D(
        num_logits,
        kernel_size=1,
        kernel_initializer=keras.initializers.RandomNormal(stddev=0.001),
        name="scores",
        dtype="float32",
    )(x)


def context_snippets(dilations: Sequence[int]) -> int:
    """Snippets to either side that a frame score depends on.

    Each convolution adds its dilation; upsampling adds the neighbor.
    """
    return sum(dilations) + 1


@keras.saving.register_keras_serializable(package="fsn_tf")
class BilinearUpSampling1D(keras.layers.Layer):
    """Interpolates snippet logits to frame logits, X -> X_up.

    The score of a snippet belongs to its center frame. A frame between two
    centers mixes their logits linearly; a frame before the first or after the
    last center repeats the nearest score (choice C8). The layer has no
    parameters.

    Args:
        size: Frames per snippet.

    Call arguments:
        inputs: (B, N, C) snippet logits; N may be unknown.

    Returns:
        (B, N * size, C) frame logits.
    """

    def __init__(self, size: int, **kwargs: object):
        super().__init__(**kwargs)
        self.size = size

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        _, snippets, channels = ops.shape(inputs)
        first, last = inputs[:, :1], inputs[:, -1:]
        padded = ops.concatenate([first, inputs, last], axis=1)
        # (B, N, 3, C): the snippet before, itself, and the one after.
        neighbors = ops.stack([padded[:, :-2], inputs, padded[:, 2:]], axis=2)
        # (size, 3) x (B, N, 3, C) -> (B, N, size, C); TFLite's converter makes
        # an invalid file of an einsum.
        frames = ops.matmul(self._mixture(), neighbors)
        return ops.reshape(frames, (-1, snippets * self.size, channels))

    def _mixture(self):
        """(size, 3) weights of the previous, own and next snippet."""
        # Signed distance of each frame from the center, in snippets.
        offset = (np.arange(self.size) + 0.5) / self.size - 0.5
        before, after = np.maximum(-offset, 0), np.maximum(offset, 0)
        weights = np.stack([before, 1 - abs(offset), after], axis=1)
        return ops.cast(weights, self.compute_dtype)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        batch, snippets, channels = input_shape
        frames = None if snippets is None else snippets * self.size
        return batch, frames, channels

    def get_config(self) -> dict:
        return {**super().get_config(), "size": self.size}
