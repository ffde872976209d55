"""Validation while training: what is asked for, and how it goes."""

from collections.abc import Callable
from collections.abc import Mapping
import dataclasses
import math
from typing import Any

import numpy as np
import tensorflow as tf

Metrics = dict[str, float]


def _goes_on(step: int, value: float) -> str:
    del step, value
    return ""


@dataclasses.dataclass(frozen=True)
class Validation:
    """How a network in training is measured on other videos.

    Attributes:
        measure: From {path: value} of all variables of the network to
            {metric: value}, where more is better.
        steps: Updates between two validations; the last update has one too.
        best_by: The metric that says which checkpoint is the best.
        facts: What experiment.json keeps of it; a run goes on with the same
            alone.
        stop: From the step and the value of best_by to why training ends
            here; "" where it goes on.
    """

    measure: Callable[[Mapping[str, np.ndarray]], Metrics]
    steps: int
    best_by: str
    facts: dict[str, Any]
    stop: Callable[[int, float], str] = _goes_on


class Course:
    """The best validation so far, as a checkpoint keeps it.

    Args:
        patience: Validations without a better one that end training; 0 for
            no end.
    """

    def __init__(self, patience: int):
        self._patience = patience
        self._value = tf.Variable(-math.inf, trainable=False, dtype=tf.float64)
        self._step = tf.Variable(0, trainable=False, dtype=tf.int64)
        self._waited = tf.Variable(0, trainable=False, dtype=tf.int64)
        self.checkpoint = tf.train.Checkpoint(
            value=self._value, step=self._step, waited=self._waited
        )

    @property
    def best(self) -> tuple[float, int]:
        """(value, step) of the best; (-inf, 0) before the first."""
        value, step = self._value.read_value(), self._step.read_value()
        return float(value), int(step)

    def is_best(self, step: int, value: float) -> bool:
        """Takes a validation in; whether it is the best so far."""
        if value > self.best[0]:
            self._value.assign(value)
            self._step.assign(step)
            self._waited.assign(0)
            return True
        self._waited.assign_add(1)
        return False

    def has_ended(self) -> bool:
        """Whether `patience` is at its end."""
        waited = int(self._waited.read_value())
        return 0 < self._patience <= waited
