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
    plain: dict[int, keras.Layer] = {}

    def call(layer, *inputs, **options):
        if isinstance(layer, folding.FoldedConvolution):
            layer = plain.setdefault(id(layer), _plain(layer))
        return layer(*inputs, **options)

    return keras.models.clone_model(
        folding.folded(model, learning=False),
        clone_function=lambda layer: layer,
        call_function=call,
        recursive=True,
    )


def _plain(layer):
    """A convolution of Keras that computes the same."""
    given = layer.convolution
    changed = {"use_bias": True, "dtype": given.compute_dtype}
    made = type(given).from_config({**given.get_config(), **changed})
    made.build_from_config(given.get_build_config())
    made.set_weights(layer.weights_of_both())
    return made
