"""Graph functions whose weights are constants, since they change no more.

What is constant is prepared once, such as the order in which oneDNN wants the
weights of a convolution; what is a variable, in every call.
"""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

# A graph is a message of protobuf, which ends at 2 GiB; some is for the rest.
_MOST_BYTES = 2**31 - 2**25


def function(
    model: keras.Model, compute: Callable[..., Any], takes: tf.TensorSpec
) -> Any:
    """A graph function with the weights of a model as they are now.

    Weights of more than 2 GiB fit in no graph, and stay variables.

    Args:
        model: What `compute` calls.
        compute: Function of one tensor.
        takes: What that is.

    Returns:
        tf.function.
    """
    values = [(variable, variable.numpy()) for variable in model.variables]
    if sum(value.nbytes for _, value in values) > _MOST_BYTES:
        return tf.function(compute, [takes])

    def constant(given):
        weights = [(variable, tf.constant(value)) for variable, value in values]
        with keras.StatelessScope(weights):
            return compute(given)

    return tf.function(constant, [takes])
