"""How a gradient moves the weights, and by how much at which step."""

from collections.abc import Callable
from collections.abc import Sequence
import math

import keras
from keras import ops

from fsn_tf.experiment import Experiment


def make(
    experiment: Experiment, variables: Sequence[keras.Variable]
) -> keras.optimizers.Optimizer:
    """The optimizer of an experiment, not built yet.

    Args:
        experiment: Experiment.
        variables: Those that learn. Adam shrinks the kernels among them, as
            AdamW does; SGD finds the decay in the gradient (C10).
    """
    rate = _learning_rate(experiment)
    if experiment.optimizer == "sgd":
        return keras.optimizers.SGD(rate, experiment.momentum)
    adam = keras.optimizers.Adam(
        rate,
        beta_1=experiment.momentum,
        weight_decay=experiment.weight_decay or None,
    )
    if experiment.weight_decay:
        adam.exclude_from_weight_decay([v for v in variables if not decays(v)])
    return adam


def decays(variable: keras.Variable) -> bool:
    """Whether weight decay is meant for it: for kernels alone (C10)."""
    return variable.name.endswith("kernel")


def _learning_rate(experiment):
    """A number, or a schedule of steps that are counted from 0."""
    rate = _in_drops(experiment)
    cosine = experiment.learning_rate_decay == "cosine"
    if cosine or experiment.warmup_steps:
        return _Schedule(rate, experiment)
    return rate


def _in_drops(experiment):
    """Divided by 10 at each of `learning_rate_steps`; else constant (C11)."""
    drops = sorted(experiment.learning_rate_steps)
    if not drops:
        return experiment.learning_rate
    rates = [experiment.learning_rate / 10**k for k in range(len(drops) + 1)]
    # Keras keeps a rate up to and including its boundary; steps count from 0.
    return keras.optimizers.schedules.PiecewiseConstantDecay(
        [drop - 1 for drop in drops], rates
    )


class _Schedule(keras.optimizers.schedules.LearningRateSchedule):
    """A rate that warms up evenly, and may go down by half a cosine.

    Args:
        rate: A number, or a schedule with drops.
        experiment: Experiment; says how long the warm-up and the whole are.
    """

    def __init__(self, rate: float | Callable, experiment: Experiment):
        self._rate = rate
        self._warmup = experiment.warmup_steps
        self._cosine_steps = None
        if experiment.learning_rate_decay == "cosine":
            self._cosine_steps = experiment.steps - experiment.warmup_steps

    def __call__(self, step: keras.KerasTensor) -> keras.KerasTensor:
        rate = self._rate(step) if callable(self._rate) else self._rate
        step = ops.cast(step, "float32")
        if self._cosine_steps:
            done = ops.maximum(step - self._warmup, 0) / self._cosine_steps
            rate = rate * (1 + ops.cos(math.pi * ops.minimum(done, 1))) / 2
        if self._warmup:
            rate = rate * ops.minimum((step + 1) / self._warmup, 1)
        return rate
