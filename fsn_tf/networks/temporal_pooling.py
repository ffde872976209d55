"""One score of a whole video from those of its snippets (Section 3.4)."""

import keras
from keras import ops


def temporal_pooling(snippet_logits, experiment):
    """Equation 2: logits of snippets to logits of the video.

    Args:
        snippet_logits: (B, M, K).
        experiment: Experiment; `pooling` and `pooling_share` say how.

    Returns:
        (B, K).
    """
    setting = {"name": "temporal_pooling", "dtype": "float32"}
    if experiment.pooling == "top_k":
        pooling = GlobalTopPooling1D(experiment.pooling_share, **setting)
    else:
        kinds = {
            "max": keras.layers.GlobalMaxPooling1D,
            "average": keras.layers.GlobalAveragePooling1D,
        }
        pooling = kinds[experiment.pooling](**setting)
    return pooling(snippet_logits)


@keras.saving.register_keras_serializable(package="fsn_tf")
class GlobalTopPooling1D(keras.layers.Layer):
    """The mean of the largest values over time, channel by channel.

    Between the two poolings of the paper: a share of 1 is the average, one
    below 1 / M the maximum. Every value that is averaged has the same part in
    the gradient. The layer has no parameters.

    Args:
        share: Of the M values, in (0, 1]; k is share * M, rounded, halves up,
            and at least 1.

    Call arguments:
        inputs: (B, M, C); M may be unknown.

    Returns:
        (B, C).
    """

    def __init__(self, share, **kwargs):
        super().__init__(**kwargs)
        self.share = share

    def call(self, inputs):
        ranked = ops.flip(ops.sort(inputs, axis=1), axis=1)
        ranks = ops.cumsum(ops.ones_like(ranked[:1, :, :1]), axis=1)
        # Not top_k, which needs to know k, and so M, when a graph is made.
        kept = ops.maximum(ops.floor(self.share * ranks[:, -1:] + 0.5), 1)
        largest = ops.where(ranks <= kept, ranked, 0)
        return ops.sum(largest, axis=1) / kept[:, 0]

    def compute_output_shape(self, input_shape):
        batch, _, channels = input_shape
        return batch, channels

    def get_config(self):
        return {**super().get_config(), "share": self.share}
