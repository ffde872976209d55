"""What a search has tried, in a file."""

from collections.abc import Sequence
import dataclasses
import json
import pathlib
import statistics

from fsn_tf import files
from fsn_tf.errors import InputError
from fsn_tf.training.log_names import VALIDATION

# Trials to learn from before one is stopped early, and the share of its steps
# that it has in any case.
_ENOUGH, _SHARE_OF_STEPS = 5, 0.3

# [(step, value)] of the validations of a run.
Curve = list[tuple[int, float]]


@dataclasses.dataclass(frozen=True)
class Trial:
    """One training run of a search.

    Attributes:
        number: From 0 on; the first is the experiment as it is given.
        values: {field: text} that it differs in.
        curve: (step, value of best_by) of each validation.
        metrics: {metric: value} of the best of them.
        seconds: That it took.
        ended: "" for a run to its last step, else why it is none.
    """

    number: int
    values: dict[str, str]
    curve: Curve
    metrics: dict[str, float]
    seconds: float
    ended: str = ""

    @property
    def value(self) -> float | None:
        """The best of the curve; None where there is none."""
        return max((value for _, value in self.curve), default=None)

    @property
    def step(self) -> int:
        """Of the first validation with that value; 0 where there is none."""
        return next((x for x, value in self.curve if value == self.value), 0)


def best(trials: Sequence[Trial]) -> Trial | None:
    """The trial of the highest value, the first among equals."""
    measured = [one for one in trials if one.value is not None]
    return max(measured, key=lambda one: one.value or 0.0, default=None)


def is_behind(curve: Curve, steps: int, others: Sequence[Trial]) -> bool:
    """Whether a run does worse than half of those before it at its step.

    Args:
        curve: Its validations so far.
        steps: That it has in all; it is given some of them in any case.
        others: Trials that have ended; some must have come as far.
    """
    step, best_value = curve[-1][0], max(value for _, value in curve)
    if step < _SHARE_OF_STEPS * steps:
        return False
    theirs = [
        max(value for place, value in one.curve if place <= step)
        for one in others
        if one.curve and one.curve[0][0] <= step <= one.curve[-1][0]
    ]
    return len(theirs) >= _ENOUGH and best_value < statistics.median(theirs)


def _validations(workdir, best_by):
    """The lines of metrics.jsonl that have a validation, in order."""
    path = workdir / "metrics.jsonl"
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8", errors="replace")
    # A killed run may have left half a line at the end.
    lines = [
        json.loads(line)
        for line in text.splitlines()
        if line.startswith("{") and line.endswith("}")
    ]
    return [line for line in lines if f"{VALIDATION}{best_by}" in line]


def curve(workdir: pathlib.Path, best_by: str) -> Curve:
    """The validations that a run has logged."""
    lines = _validations(workdir, best_by)
    return [(x["step"], x[f"{VALIDATION}{best_by}"]) for x in lines]


def of_run(
    number: int,
    values: dict[str, str],
    workdir: pathlib.Path,
    best_by: str,
    *,
    seconds: float,
    ended: str,
) -> Trial:
    """What a run that has ended was worth.

    Args:
        number, values, seconds, ended: See Trial.
        workdir: Of the run.
        best_by: Metric that the search goes by.
    """
    lines = _validations(workdir, best_by)
    key = f"{VALIDATION}{best_by}"
    top: dict = max(lines, key=lambda line: line[key], default={})
    metrics = {
        name.removeprefix(VALIDATION): value
        for name, value in top.items()
        if name.startswith(VALIDATION)
    }
    found = [(line["step"], line[key]) for line in lines]
    return Trial(number, values, found, metrics, seconds, ended)


def read(path: pathlib.Path) -> tuple[list[Trial], float]:
    """(trials, seconds that the search took so far); none without a file.

    Raises:
        InputError: The file is damaged.
    """
    if not path.exists():
        return [], 0.0
    try:
        value = files.read_json(path)
        found = []
        for row in value["trials"]:
            places = [(int(step), float(y)) for step, y in row["curve"]]
            found.append(Trial(**{**row, "curve": places}))
        return found, float(value["seconds"])
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        cause = " ".join(str(error).split())
        raise InputError(
            f"{path}: is not as it was written ({cause}); choose another "
            "--workdir"
        ) from error


def write(path: pathlib.Path, trials: Sequence[Trial], seconds: float) -> None:
    """Writes what `read` reads."""
    rows = [dataclasses.asdict(one) for one in trials]
    files.write_json(path, {"seconds": seconds, "trials": rows})
