"""What a search may choose: ranges and alternatives of fields."""

from collections.abc import Mapping
import dataclasses
import math
import re

import numpy as np

from fsn_tf import experiment as experiments
from fsn_tf.errors import InputError
from fsn_tf.errors import UsageError
from fsn_tf.experiment import Experiment

# A trial on other videos, or of another kind of network, does not compare.
_FIXED = ("network", "stream", "snippet_frames")

# How far from a value its neighbors are, as a share of the range.
_NEAR = 0.15

# Chance that a neighbor has another of some alternatives.
_OTHER = 0.3

_MOST_DRAWS = 1000


@dataclasses.dataclass(frozen=True)
class Range:
    """Numbers from low to high, by their logarithm over more than a decade.

    Attributes:
        low, high: Ends; both may be drawn.
        whole: Whether they are whole.
    """

    low: float
    high: float
    whole: bool

    @property
    def logarithmic(self) -> bool:
        """Whether a factor is as likely anywhere, and not a difference."""
        return self.low > 0 and self.high / self.low > 10

    def draw(self, rng: np.random.Generator) -> str:
        """Any of the numbers, as text."""
        return self._at(rng.random())

    def near(self, text: str, rng: np.random.Generator) -> str:
        """A number near one of them."""
        place = self._place(float(text)) + _NEAR * rng.normal()
        return self._at(min(max(place, 0), 1))

    def _place(self, value):
        """The place of a number between the ends, from 0 to 1."""
        if self.logarithmic:
            span = math.log(self.high / self.low)
            return math.log(value / self.low) / span
        return (value - self.low) / (self.high - self.low)

    def _at(self, place):
        if self.logarithmic:
            value = self.low * (self.high / self.low) ** place
        else:
            value = self.low + place * (self.high - self.low)
        if self.whole:
            return str(round(value))
        # Three digits are all that a search can tell apart.
        return f"{min(max(float(f'{value:.3g}'), self.low), self.high):g}"


@dataclasses.dataclass(frozen=True)
class Alternatives:
    """A few values, each as likely."""

    texts: tuple[str, ...]

    def draw(self, rng: np.random.Generator) -> str:
        """Any of them."""
        return self.texts[rng.integers(len(self.texts))]

    def near(self, text: str, rng: np.random.Generator) -> str:
        """Mostly the same one."""
        return self.draw(rng) if rng.random() < _OTHER else text


Space = dict[str, Range | Alternatives]


def parse(text: str, experiment: Experiment) -> Space:
    """Reads what `--fields` says.

    Args:
        text: FIELD=LOW:HIGH for numbers or FIELD=VALUE|VALUE|... for
            anything, with commas between fields; a value may have commas.
        experiment: Experiment whose other fields stay what they are.

    Raises:
        UsageError: A field is none, or a value is not one of its.
    """
    space: Space = {}
    # A comma starts another field where a name and "=" follow.
    for part in re.split(r",(?=\w+=)", text):
        name, equals, values = part.partition("=")
        if not equals or not values:
            raise UsageError(
                f"--fields: expected FIELD=LOW:HIGH or FIELD=VALUE|VALUE, got "
                f"{part!r}"
            )
        known = {field.name for field in dataclasses.fields(Experiment)}
        if name not in known - {*_FIXED}:
            raise UsageError(f"--fields: {name!r} is no field to choose")
        if name in space:
            raise UsageError(f"--fields: {name!r} is there twice")
        space[name] = _values(name, values, experiment)
    return space


def _values(name, values, experiment):
    low, colon, high = values.partition(":")
    texts = [low, high] if colon else values.split("|")
    try:
        parsed = [
            getattr(experiments.replace(experiment, {name: text}), name)
            for text in texts
        ]
    except InputError as error:
        raise UsageError(f"--fields: {error}") from error
    if not colon:
        return Alternatives(tuple(texts))
    # To Python, True is a number too.
    if not all(type(value) in (int, float) for value in parsed):
        raise UsageError(
            f"--fields: {name} is no number; expected {name}=VALUE|VALUE"
        )
    if not parsed[0] < parsed[1]:
        raise UsageError(
            f"--fields: {name}={values}: expected the lower end first"
        )
    return Range(parsed[0], parsed[1], isinstance(parsed[0], int))


def draw(
    space: Space,
    experiment: Experiment,
    rng: np.random.Generator,
    around: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Values of all fields that make an experiment together.

    Args:
        space: Space.
        experiment: Experiment whose other fields stay what they are.
        rng: Where chance comes from.
        around: Values to stay near; None draws from everywhere.

    Returns:
        {field: text}, see experiment.replace.

    Raises:
        InputError: Hardly any values fit each other.
    """
    around = around or {}
    for _ in range(_MOST_DRAWS):
        values = {
            name: one.near(around[name], rng)
            if name in around
            else one.draw(rng)
            for name, one in space.items()
        }
        try:
            experiments.replace(experiment, values)
        except InputError as error:
            reason = error
        else:
            return values
    raise InputError(f"--fields: no values that go together: {reason}")
