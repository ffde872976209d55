"""Features of one scale, by statistics that the network keeps."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="fsn_tf")
class Standardization(keras.layers.Layer):
    """Takes the mean away and divides by the deviation.

    Both are weights that do not learn, so that checkpoints and exports hold
    them; Keras's own Normalization computes with copies that a restored
    checkpoint does not reach. Before `assign` they change nothing.

    Call arguments:
        inputs: (B, D).

    Returns:
        (B, D).
    """

    def build(self, input_shape: tuple) -> None:
        size = (input_shape[-1],)
        self.mean = self.add_weight(
            shape=size, initializer="zeros", trainable=False, name="mean"
        )
        self.deviation = self.add_weight(
            shape=size, initializer="ones", trainable=False, name="deviation"
        )

    def assign(
        self, mean: keras.KerasTensor, deviation: keras.KerasTensor
    ) -> None:
        """Sets both, (D,) each; a feature that never changes is not divided."""
        self.mean.assign(mean)
        self.deviation.assign(ops.where(deviation > 0, deviation, 1))

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        mean = ops.cast(self.mean, inputs.dtype)
        return (inputs - mean) / ops.cast(self.deviation, inputs.dtype)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape
