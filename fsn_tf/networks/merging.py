"""Convolutions and batch norms as one layer, where nothing learns any more."""

import keras

from fsn_tf.networks import folding


def merged(model: keras.Model) -> keras.Model:
    """The same function with its batch norms computed into convolutions.

    What folding.folded computes whenever the network runs is computed here,
    once: a convolution with a bias, which holds what it multiplies by in the
    precision that it computes in. Weights that change later do not reach it.

    Args:
        model: A functional model; models may be layers in it.

    Returns:
        keras.Model, from and to the same tensors. Other layers are shared.
    """
    return folding.replaced(model, _plain, learning=False)


def _plain(convolution, norm):
    """A convolution of Keras that computes what both do."""
    both = folding.FoldedConvolution(convolution, norm)
    changed = {"use_bias": True, "dtype": convolution.compute_dtype}
    made = type(convolution).from_config(
        {**convolution.get_config(), **changed}
    )
    made.build_from_config(convolution.get_build_config())
    made.set_weights(both.weights_of_both())
    return made
