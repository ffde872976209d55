"""The files that a search leaves for people: a table, and an experiment."""

from collections.abc import Sequence
import dataclasses
import pathlib

from fsn_tf import experiment as experiments
from fsn_tf import files
from fsn_tf import progress
from fsn_tf.experiment import Experiment
from fsn_tf.reports import report
from fsn_tf.tuning.trials import Trial


def experiment_of(trial: Trial, experiment: Experiment) -> Experiment:
    """What to train, also where there is no validation.

    It stops at the best step, where the steps before are the same for fewer.
    """
    chosen = experiments.replace(experiment, trial.values)
    chosen = dataclasses.replace(chosen, patience=0)
    constant = chosen.learning_rate_decay == "none"
    if constant and trial.step > chosen.warmup_steps:
        return dataclasses.replace(chosen, steps=trial.step)
    return chosen


def source(
    trial: Trial, experiment: Experiment, best_by: str, *, tried: int, on: str
) -> str:
    """An experiment file.

    Args:
        trial: The best one.
        experiment: Experiment that the search started from.
        best_by: Metric that it went by.
        tried: How many trials there were.
        on: What it was measured on.
    """
    given = experiments.replace(experiment, trial.values)
    chosen = experiment_of(trial, experiment)
    lines = [
        f"    {field.name}={getattr(chosen, field.name)!r},"
        for field in dataclasses.fields(Experiment)
        if getattr(chosen, field.name) != field.default
    ]
    return "\n".join(
        [
            f'"""{100 * (trial.value or 0):.1f} {best_by} (fsn tune).',
            "",
            f"On {on}, at step {trial.step} of {given.steps}: the best of "
            f"{tried} trials.",
            '"""',
            "",
            "from fsn_tf.experiment import Experiment",
            "",
            "EXPERIMENT = Experiment(",
            *lines,
            ")",
            "",
        ]
    )


def table(trials: Sequence[Trial], best_by: str, on: str) -> str:
    """Markdown: every trial, the best first."""
    fields = list(dict.fromkeys(x for one in trials for x in one.values))
    head = ["trial", f"{best_by} in %", "at step", *fields, "time", "ended"]
    ranked = sorted(trials, key=lambda one: (-(one.value or -1.0), one.number))
    rows = [
        [
            str(one.number),
            "-" if one.value is None else f"{100 * one.value:.1f}",
            str(one.step) if one.curve else "-",
            *(one.values.get(name, "as given") for name in fields),
            progress.clock(one.seconds),
            one.ended or "done",
        ]
        for one in ranked
    ]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        [
            f"Measured on {report.escaped(on)}. "
            "Trial 0 is the experiment as it was given.",
            "",
            *map(report.markdown_cells, lines),
            "",
        ]
    )


def write(
    folder: pathlib.Path,
    trials: Sequence[Trial],
    top: Trial | None,
    experiment: Experiment,
    best_by: str,
    on: str,
) -> None:
    """Writes FOLDER/tried.md and, if a trial was measured, recommended.py."""
    files.write_text(folder / "tried.md", table(trials, best_by, on))
    if top is not None:
        text = source(top, experiment, best_by, tried=len(trials), on=on)
        files.write_text(folder / "recommended.py", text)
