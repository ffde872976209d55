"""One layer applied to every time step (Section 3.2)."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="fsn_tf")
class TimeDistributed(keras.layers.TimeDistributed):
    """Applies one layer to every time step by a single call.

    Keras's own layer loses frames where the number of steps is unknown in a
    graph, and copies the layer once per step where it is known. This one
    folds time into the batch. Batch norms inside see B x N images at once
    (choice C29).

    Call arguments:
        inputs: (B, N, ...); B and N may be unknown.

    Returns:
        (B, N, ...) the layer's output for every step.
    """

    def call(
        self,
        inputs: keras.KerasTensor,
        training: bool | None = None,
        mask: keras.KerasTensor | None = None,
    ) -> keras.KerasTensor:
        steps = ops.shape(inputs)[1]
        # (B, N, ...) -> (B * N, ...) -> (B, N, ...)
        folded = ops.reshape(inputs, (-1, *ops.shape(inputs)[2:]))
        outputs = self.layer(folded, training=training)
        return ops.reshape(outputs, (-1, steps, *ops.shape(outputs)[1:]))
