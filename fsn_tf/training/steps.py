"""The steps of a training run, with logs, checkpoints and validations."""

from collections.abc import Iterator
import pathlib
import time
from typing import Any

import numpy as np

from fsn_tf import progress
from fsn_tf import workdirs
from fsn_tf.errors import InputError
from fsn_tf.training import training_log
from fsn_tf.training.guessing_watch import AVERAGED_STEPS
from fsn_tf.training.guessing_watch import GuessingWatch
from fsn_tf.training.hosts import Hosts
from fsn_tf.training.log_names import VALIDATION
from fsn_tf.training.trainer import Trainer
from fsn_tf.training.validation import Validation

# What the accuracy of a network is counted in.
_UNITS = {"fsn": "frame", "wfsn": "video", "tsn": "video"}


class DivergedError(InputError):
    """The loss is no longer a number."""


class Steps:
    """Calls of several steps each, and what is to be done between them.

    Args:
        trainer: Trainer, which has resumed.
        validation: Validation, or None.
        log: training_log.Log.
        shown: The line of progress.
        hosts: All hosts of the run.
        watch: Says where nothing is learned.
    """

    def __init__(
        self,
        trainer: Trainer,
        validation: Validation | None,
        log: training_log.Log,
        shown: progress.Progress,
        hosts: Hosts,
        watch: GuessingWatch,
    ):
        self._trainer = trainer
        self._experiment = trainer.experiment
        self._validation = validation
        self._log = log
        self._shown = shown
        self._hosts = hosts
        self._watch = watch
        # Of each step since a checkpoint was written.
        self._losses: list[float] = []
        # The last validation, for the line of progress.
        self._seen = ""
        self._end = self._patience_ends()

    def run(self, iterator: Iterator[Any]) -> float | None:
        """Takes the steps that are left.

        Args:
            iterator: Of the batches from the trainer's step on.

        Returns:
            The mean loss of the last steps; None where there were none.

        Raises:
            DivergedError: The loss is no longer a number.
            KeyboardInterrupt: One of several hosts was told to stop; on all
                of them, at the same step.
        """
        step, ending = self._trainer.current_step(), None
        while step < self._experiment.steps and not self._end:
            stop, saves, validates = self._next_stop(step)
            values = self._advance(iterator, step, stop)
            step, taken = stop, stop - step
            measured = self._measured(validates, step)
            self._log.write(step, **values, **measured)
            if saves or self._end:
                ending = self._save()
            self._show(step, **values)
            if note := self._watch.note(step, [values["loss"]] * taken):
                self._shown.message(note)
            if self._hosts.stops():
                raise KeyboardInterrupt
        self._show_best()
        return ending

    def _next_stop(self, step):
        """Where the next call ends; whether it saves, whether it validates."""
        steps, validation = self._experiment.steps, self._validation

        def due(every):
            return min(step - step % every + every, steps)

        saves = due(self._experiment.checkpoint_steps)
        validates = due(validation.steps) if validation else steps + 1
        stop = min(step + self._experiment.steps_per_call, saves, validates)
        return stop, stop == saves, stop == validates

    def _advance(self, iterator, step, stop):
        """{name: value} of the steps that were taken."""
        started = time.monotonic()
        loss, accuracy = self._trainer.run(iterator, stop - step)
        speed = (stop - step) * self._experiment.batch_size
        speed /= time.monotonic() - started
        _check_finite(loss, step, stop, self._trainer)
        self._losses += [loss] * (stop - step)
        return {
            "loss": loss,
            "accuracy": accuracy,
            "examples_per_second": speed,
        }

    def _measured(self, due, step):
        """{name: value} of a validation, which may be the best or the last."""
        validation, trainer = self._validation, self._trainer
        if validation is None or not due:
            return {}
        found = trainer.measured(validation)
        self._seen = "".join(f"  {x} {value:.1%}" for x, value in found.items())
        value = found[validation.best_by]
        if trainer.course.is_best(step, value):
            trainer.save_as_best()
        self._end = validation.stop(step, value) or self._patience_ends()
        return {f"{VALIDATION}{name}": value for name, value in found.items()}

    def _patience_ends(self):
        """Why training ends before its last step, or ""."""
        if not self._trainer.course.has_ended():
            return ""
        patience = self._experiment.patience
        return f"ended by {patience} validations without a better one"

    def _save(self):
        """Writes what is due; the mean loss of the last steps before it."""
        losses, self._losses = self._losses, []
        if self._validation is None:
            self._trainer.save_if_best(float(np.mean(losses)))
        self._trainer.save()
        return float(np.mean(losses[-AVERAGED_STEPS:]))

    def _show(self, step, loss, accuracy, examples_per_second):
        self._shown.update(
            step,
            f"loss {loss:.4g}  {_UNITS[self._experiment.network]} accuracy "
            f"{accuracy:.1%}  {examples_per_second:.1f} examples/s{self._seen}",
        )

    def _show_best(self):
        if self._validation is None:
            return
        value, step = self._trainer.course.best
        self._shown.message(
            f"{self._trainer.workdir}: {self._end or 'done'}; best "
            f"{self._validation.best_by} {value:.1%} at step {step}"
        )


def _check_finite(loss, first, stop, trainer):
    if np.isfinite(loss):
        return
    kept = workdirs.latest(trainer.workdir)
    raise DivergedError(
        f"{trainer.workdir}: the loss is {loss} between steps {first} and "
        f"{stop}; lower --learning_rate (the last good checkpoint is "
        f"{pathlib.Path(kept).name if kept else 'none'})"
    )
