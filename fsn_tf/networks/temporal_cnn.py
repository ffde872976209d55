"""Temporal CNN and bilinear upsampling (Section 3.3).

What goes beyond the paper is MS-TCN's (Farha and Gall 2019): residual layers
and stages that refine the scores of the stage before.
"""

from collections.abc import Sequence

import keras
from keras import ops
import numpy as np

from fsn_tf.networks import conv1d


def temporal_cnn(
    features: keras.KerasTensor,
    num_logits: int,
    *,
    filters: int,
    dilations: Sequence[int] = (1, 2, 4),
    residual: bool = False,
    name: str = "",
) -> keras.KerasTensor:
    """Scores every snippet in the context of its neighbors.

    Args:
        features: (B, N, D) one spatial feature vector per snippet, f_con.
        num_logits: K + 1 for FSN; the last one is background.
        filters: Width of each convolution (choice C2).
        dilations: One dilated convolution is stacked per entry; none leaves
            the classifier alone, "w/o temporal CNN" of Table 4.
        residual: Whether each convolution, mixed by a 1x1 convolution, adds
            to what it sees; a 1x1 convolution first brings that to the width.
        name: Put before the names of the layers.

    Returns:
        (B, N, num_logits) snippet logits, X.
    """
    x = features
    if residual and dilations:
        x = conv1d.Conv1D(filters, 1, name=f"{name}temporal_width")(x)
    for depth, rate in enumerate(dilations, start=1):
        seen = x
        # ReLU without batch norm as in VGG, and He's start (choice C3); zeros
        # beyond the ends are part of the function (choice C6).
        x = conv1d.Conv1D(
            filters,
            kernel_size=3,
            dilation_rate=rate,
            padding="same",
            activation="relu",
            kernel_initializer="he_normal",
            name=f"{name}temporal_conv{depth}",
        )(x)
        if residual:
            mixed = conv1d.Conv1D(
                filters, 1, name=f"{name}temporal_mix{depth}"
            )(x)
            x = keras.layers.Add(name=f"{name}temporal_add{depth}")(
                [seen, mixed]
            )
    # A 1x1 classifier adds no context of its own (choice C4), and starts as
    # TSN's does. Under mixed precision it scores in float32: the softmax
    # needs the digits.
    return conv1d.Conv1D(
        num_logits,
        kernel_size=1,
        kernel_initializer=keras.initializers.RandomNormal(stddev=0.001),
        name=f"{name}scores",
        dtype="float32",
    )(x)


def refined(
    snippet_logits: keras.KerasTensor,
    stages: int,
    *,
    filters: int,
    dilations: Sequence[int],
) -> list[keras.KerasTensor]:
    """Logits of further stages, each from the softmax of the one before.

    Args:
        snippet_logits: (B, N, K + 1), of the first stage.
        stages: How many follow.
        filters, dilations: Of every stage, as for temporal_cnn.

    Returns:
        [(B, N, K + 1) snippet logits of every stage], the first one's first.
    """
    every = [snippet_logits]
    for name in stage_names(stages)[1:]:
        probabilities = keras.layers.Softmax(
            name=f"{name}softmax", dtype="float32"
        )(every[-1])
        every.append(
            temporal_cnn(
                probabilities,
                snippet_logits.shape[-1],
                residual=True,
                name=name,
                filters=filters,
                dilations=dilations,
            )
        )
    return every


def stage_names(further: int) -> list[str]:
    """What the layers of each stage are named by, the first one's first."""
    return ["", *(f"stage{stage}_" for stage in range(2, further + 2))]


def context_snippets(
    dilations: Sequence[int], refinement_stages: int = 0
) -> int:
    """Snippets to either side that a frame score depends on.

    Each convolution adds its dilation; upsampling adds the neighbor.
    """
    return (1 + refinement_stages) * sum(dilations) + 1


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
