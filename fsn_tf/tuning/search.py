"""A search over fields of an experiment by validation, in a time budget."""

import shutil
import statistics
import time

import numpy as np

from fsn_tf import claims
from fsn_tf import progress
from fsn_tf.errors import InputError
from fsn_tf.tuning import recommendation
from fsn_tf.tuning import spaces
from fsn_tf.tuning import trial_runs
from fsn_tf.tuning import trials as records
from fsn_tf.tuning.trial_runs import Search
from fsn_tf.tuning.trials import Trial

# Trials anywhere before some are near the best one.
_ANYWHERE, _ANYWHERE_A_FIELD = 4, 2


def run(search: Search, *, minutes: float) -> Trial:
    """Tries until the time is over, or goes on where it was stopped.

    What is tried is a function of the seed and of what was measured before;
    the time says how much of it is tried. Trial 0 is the experiment as it is.
    A trial that falls behind the median of those before it is stopped.

    Args:
        search: Search.
        minutes: Of all calls together.

    Returns:
        The best trial.

    Raises:
        InputError: The workdir belongs to another search, the first trial
            fails, or none could be measured.
    """
    space = spaces.parse(search.fields, search.experiment)
    claims.claim(
        search.workdir / "search.json",
        search.facts(),
        lambda name, known: (
            f"{search.workdir}: belongs to a search of another {name}; "
            "choose another --workdir"
        ),
    )
    going = _Going(search, minutes * 60)
    try:
        while going.has_time():
            number = len(going.trials)
            going.add(_proposed(number, space, search, going.trials))
    finally:
        going.shown.close()
    top = records.best(going.trials)
    if top is None:
        raise InputError(
            f"{search.workdir}: no trial was measured in {minutes:g} minutes; "
            "give --minutes more, or --steps fewer"
        )
    return top


def _proposed(number, space, search, done):
    """{field: text} of a trial."""
    if number == 0:
        return {}
    rng = np.random.default_rng([search.seed, number])
    top, around = records.best(done), None
    anywhere = _ANYWHERE + _ANYWHERE_A_FIELD * len(space)
    if top is not None and number > anywhere and number % 2:
        around = top.values
    return spaces.draw(space, search.experiment, rng, around)


class _Going:
    """The trials so far, and the time that they took."""

    def __init__(self, search, budget_seconds):
        self._search = search
        self._path = search.workdir / "trials.json"
        self._budget = budget_seconds
        self.trials, self._seconds = records.read(self._path)
        self.shown = progress.Progress(
            budget_seconds, "seconds", already=self._seconds
        )

    def has_time(self):
        """Whether another trial is likely to fit in."""
        if not self.trials:
            return True
        typical = statistics.median(one.seconds for one in self.trials)
        return self._seconds + typical <= self._budget

    def add(self, values):
        """Trains a trial, and writes down what it was worth."""
        number, started = len(self.trials), time.monotonic()
        ended = self._trained(values, number, started)
        seconds = time.monotonic() - started
        trial = records.of_run(
            number,
            values,
            self._search.folder(number),
            self._search.held_out.best_by,
            seconds=seconds,
            ended=ended,
        )
        self.trials.append(trial)
        self._seconds += seconds
        self._write()
        self._tell(trial)

    def _write(self):
        search, top = self._search, records.best(self.trials)
        records.write(self._path, self.trials, self._seconds)
        recommendation.write(
            search.workdir,
            self.trials,
            top,
            search.experiment,
            search.held_out.best_by,
            search.on,
        )
        for one in self.trials:
            # The others' weights are not needed any more.
            if one is not top:
                folder = search.folder(one.number) / "checkpoints"
                shutil.rmtree(folder, ignore_errors=True)

    def _trained(self, values, number, started):
        """Trains; why the run has not come to its last step, or ""."""

        def stop(step, curve, steps):
            self._show(number, step, steps, started)
            if self._seconds + time.monotonic() - started > self._budget:
                return "out of time"
            behind = records.is_behind(curve, steps, self.trials)
            return "behind the median" if behind else ""

        return trial_runs.trained(self._search, number, values, stop)

    def _show(self, number, step, steps, started):
        top, detail = records.best(self.trials), ""
        if top is not None:
            detail = f"  best {self._named(top)} (trial {top.number})"
        self.shown.update(
            min(self._seconds + time.monotonic() - started, self._budget),
            f"trial {number}, step {step} of {steps}{detail}",
        )

    def _tell(self, trial):
        values = ", ".join(f"{x}={y}" for x, y in trial.values.items())
        self.shown.message(
            f"trial {trial.number}: {self._named(trial)} at step "
            f"{trial.step}, {progress.clock(trial.seconds)}"
            f"{trial.ended and ', ' + trial.ended}: {values or 'as given'}"
        )

    def _named(self, trial):
        value = "nothing" if trial.value is None else f"{trial.value:.1%}"
        return f"{self._search.held_out.best_by} {value}"
