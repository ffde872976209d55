"""Experiments that tests train within seconds."""

import numpy as np

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


def set_apart(network, seed=0):
    """Gives every norm and bias values that no other start would have."""
    rng = np.random.default_rng(seed)
    for variable in network.variables:
        if "variance" in variable.path or "gamma" in variable.path:
            variable.assign(rng.uniform(0.5, 1.5, variable.shape))
        elif len(variable.shape) == 1:
            # Above zero on the whole, so that ReLUs stay alive.
            variable.assign(rng.normal(0.3, 0.3, variable.shape))


def on_frame_scores(**changes):
    """A head that learns few frames within 60 steps, but for changes."""
    small = {
        "stream": "features",
        "snippet_frames": 1,
        "clip_frames": 16,
        "window_stride": 1,
        "min_action_frames": 1,
        "balance": False,
        "temporal_dilations": (),
        "dropout": 0.0,
        "learning_rate": 0.3,
        "loss_reduction": "mean",
        "steps": 60,
        "checkpoint_steps": 60,
    }
    return Experiment(**{**small, **changes})


def written(path, experiment):
    """Writes an experiment file; returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "from fsn_tf.experiment import Experiment\n\n"
        f"EXPERIMENT = {experiment!r}\n"
    )
    return path
