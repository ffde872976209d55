"""Graph functions whose weights are constants, since they change no more.

What is constant is prepared once, such as the order in which oneDNN wants the
weights of a convolution; what is a variable, in every call.
"""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from fsn_tf.networks import folding
from fsn_tf.networks import fsn
from fsn_tf.networks import merging

# A graph is a message of protobuf, which ends at 2 GiB; some is for the rest.
_MOST_BYTES = 2**31 - 2**25


def spatial_cnn(network: keras.Model, *, learning: bool = False) -> keras.Model:
    """The 2D CNN of a network, one image at a time, for prediction alone.

    Args:
        network: What fsn.build returned.
        learning: Whether its weights will change; else it has them as they
            are now.

    Returns:
        keras.Model, (N, H, W, C) uint8 -> (N, D).
    """
    cnn = fsn.backbone(network)
    if learning:
        return folding.folded(cnn, learning=False)
    return merging.merged(cnn)


def function(
    model: keras.Model,
    compute: Callable[..., Any],
    takes: tf.TensorSpec | None = None,
    *,
    learning: bool = False,
) -> Any:
    """A graph function with the weights of a model as they are now.

    Weights of more than 2 GiB fit in no graph, and stay variables.

    Args:
        model: What `compute` calls.
        compute: Function of one tensor.
        takes: What that is; None for tensors of any shape.
        learning: Whether the weights will change, and stay variables, too.

    Returns:
        tf.function.
    """
    options = {
        "input_signature": takes and [takes],
        "reduce_retracing": takes is None,
    }
    if learning:
        return tf.function(compute, **options)
    values = [(variable, variable.numpy()) for variable in model.variables]
    if sum(value.nbytes for _, value in values) > _MOST_BYTES:
        return tf.function(compute, **options)

    def constant(given):
        weights = [(variable, tf.constant(value)) for variable, value in values]
        with keras.StatelessScope(weights):
            return compute(given)

    return tf.function(constant, **options)
