"""A moving average of the weights, which varies less than they do."""

from collections.abc import Sequence

import keras
import tensorflow as tf


class Averages:
    """The mean of what the weights were, the older the less.

    Early on, when the weights have only begun to move, the mean reaches less
    far back: its decay after s updates is at most (1 + s) / (10 + s).

    Args:
        variables: Those that learn. Others, such as a batch norm's
            statistics, are as they are.
        decay: Share of the mean that stays, from 0 to below 1.

    Attributes:
        by_path: {path of a variable: its mean}.
    """

    def __init__(self, variables: Sequence[keras.Variable], decay: float):
        self._variables = variables
        self._decay = decay
        self.by_path = {
            variable.path: tf.Variable(
                variable.numpy(),
                trainable=False,
                # Devices hold the same weights; one of them tells the mean.
                aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
            )
            for variable in variables
        }

    def update(self, step: tf.Tensor) -> None:
        """Takes the weights in, on each device, after an update.

        Args:
            step: () int64 tensor, updates before this one.
        """
        taken = tf.cast(step, tf.float32) + 1
        decay = tf.minimum(self._decay, (1 + taken) / (10 + taken))
        for variable in self._variables:
            mean = self.by_path[variable.path]
            new = tf.convert_to_tensor(variable.value)
            mean.assign(decay * mean + (1 - decay) * new)
