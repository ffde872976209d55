"""Networks as they are trained: with dropout, and scored at every stage."""

import keras
from keras import ops

from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.networks import temporal_cnn


def of(network: keras.Model, experiment: Experiment) -> keras.Model:
    """The same network and weights as they are trained.

    Args:
        network: What `build` returned.
        experiment: Experiment.

    Returns:
        keras.Model to logits, a list of every stage's if there are several;
        from {"frames", "noise"} if there is dropout, see with_dropout.
    """
    trained = fsn.folded(network, learning=True)
    if experiment.refinement_stages:
        trained = _with_stages(trained, experiment)
    if experiment.dropout:
        return with_dropout(trained, experiment.dropout)
    return trained


def _with_stages(network, experiment):
    """The network to the frame logits of every stage."""
    whole = fsn.head(network)
    upsampling = whole.get_layer("upsampling")
    every = [
        upsampling(whole.get_layer(f"{stage}scores").output)
        for stage in temporal_cnn.stage_names(experiment.refinement_stages)
    ]
    stages = keras.Model(whole.input, every, name=fsn.HEAD)
    features = network.get_layer(fsn.SPATIAL_CNN).output
    return keras.Model(network.input, stages(features), name=network.name)


def with_dropout(network: keras.Model, rate: float) -> keras.Model:
    """The same network and weights with dropout on the features (C5).

    The noise is an input: what is dropped is then a function of the step
    and the clip alone, the same on any number of devices and after any
    resumption.

    Args:
        network: What `build` returned.
        rate: Share of the features to drop.

    Returns:
        keras.Model from {"frames", "noise"} to its logits; noise is
        (B, N, D), uniform in [0, 1).
    """
    frames = network.input
    features = network.get_layer(fsn.SPATIAL_CNN).output
    noise = keras.Input(features.shape[1:], name="noise")
    kept = ops.cast(noise >= rate, features.dtype)
    logits = fsn.head(network)(features * kept / (1 - rate))
    return keras.Model({"frames": frames, "noise": noise}, logits)
