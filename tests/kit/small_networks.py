"""Experiments that tests train within seconds."""

from fsn_tf.experiment import Experiment


def experiment(**changes):
    """A small 2D CNN and temporal CNN, without dropout, but for changes."""
    small = {
        "backbone": "tiny",
        "image_size": 32,
        "temporal_filters": 8,
        "dropout": 0.0,
    }
    return Experiment(**{**small, **changes})
