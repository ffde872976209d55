"""The training loop: checkpoints, logs, exact resumption (Section 3.5)."""

import dataclasses
import pathlib
import time
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from fsn_tf import claims
from fsn_tf import progress
from fsn_tf import quietly
from fsn_tf import workdirs
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.snippets import prepared_folders
from fsn_tf.training import initialization
from fsn_tf.training import training_log
from fsn_tf.training.examples import MakeBatches
from fsn_tf.training.examples import TrainingSet
from fsn_tf.training.trainer import Trainer

# What the accuracy of a network is counted in.
_UNITS = {"fsn": "frame", "wfsn": "video", "tsn": "video"}

# What may change while a run goes on; runs of earlier versions lack some.
_FREE = {
    "steps",
    "keep_checkpoints",
    "steps_per_call",
    "versions",
    "version",
    "annotations",
    "annotations_sha256",
}


def fit(trainer: Trainer, make_batches: MakeBatches) -> None:
    """Trains to the end, from the last checkpoint on.

    Prints a line of progress; appends to metrics.jsonl and to TensorBoard's
    logs; keeps the last checkpoints and the one with the lowest training
    loss. Ctrl-C keeps the step that was reached.

    Args:
        trainer: Trainer.
        make_batches: (first_step, pipeline.Share) -> tf.data.Dataset.

    Raises:
        InputError: The loss is no longer a number.
    """
    first_step = trainer.resume()
    log = training_log.Log(trainer.host_folder, first_step)
    steps = trainer.experiment.steps
    shown = progress.Progress(steps, "steps", already=first_step)
    if first_step:
        shown.message(f"{trainer.workdir}: goes on at step {first_step}")
    try:
        _loop(trainer, trainer.batches(make_batches), log, shown)
    except KeyboardInterrupt:
        trainer.save()
        raise
    finally:
        shown.close()
        log.close()


def _loop(trainer, iterator, log, shown):
    experiment = trainer.experiment
    step, losses_since_save = trainer.current_step(), []
    while step < experiment.steps:
        stop, saves = _next_stop(step, experiment)
        started = time.monotonic()
        loss, accuracy = trainer.run(iterator, stop - step)
        speed = (stop - step) * experiment.batch_size
        speed /= time.monotonic() - started
        _check_finite(loss, step, stop, trainer)
        losses_since_save += [loss] * (stop - step)
        step = stop
        log.write(step, loss=loss, accuracy=accuracy, examples_per_second=speed)
        if saves:
            trainer.save_if_best(float(np.mean(losses_since_save)))
            trainer.save()
            losses_since_save = []
        shown.update(
            step,
            f"loss {loss:.4g}  {_UNITS[experiment.network]} accuracy "
            f"{accuracy:.1%}  {speed:.1f} examples/s",
        )


def _next_stop(step, experiment):
    """(step at which the next call ends, whether a checkpoint is due)."""
    due = step - step % experiment.checkpoint_steps
    due = min(due + experiment.checkpoint_steps, experiment.steps)
    stop = min(step + experiment.steps_per_call, due)
    return stop, stop == due


def _check_finite(loss, first, stop, trainer):
    if np.isfinite(loss):
        return
    kept = workdirs.latest(trainer.workdir)
    raise InputError(
        f"{trainer.workdir}: the loss is {loss} between steps {first} and "
        f"{stop}; lower --learning_rate (the last good checkpoint is "
        f"{pathlib.Path(kept).name if kept else 'none'})"
    )


def train(
    experiment: Experiment,
    data: TrainingSet,
    workdir: pathlib.Path | str,
    strategy: tf.distribute.Strategy | None = None,
    **facts: Any,
) -> None:
    """Trains an experiment into a workdir, or goes on where it stopped.

    Args:
        experiment: Experiment.
        data: examples.TrainingSet.
        workdir: Folder; made if it is missing.
        strategy: tf.distribute strategy; None takes one device.
        **facts: More to keep in experiment.json.

    Raises:
        InputError: The workdir belongs to another experiment, a snippet file
            is damaged, or the loss is no longer a number.
        OSError: The workdir cannot be written.
    """
    workdir = pathlib.Path(workdir)
    versions = {"tensorflow": tf.__version__, "keras": keras.__version__}
    path = workdirs.experiment_path(workdir)
    start = _start(experiment, workdir)
    facts = {**data.facts(), **start, **facts, "versions": versions}
    if path.exists():
        _check_same(path, experiment, facts)
    trainer = Trainer(
        experiment,
        len(data.classes),
        workdir,
        strategy,
        feature_size=facts.get("feature_size"),
    )
    workdirs.write_experiment(workdir, experiment, **facts)
    try:
        fit(trainer, data.batches(experiment))
    except tf.errors.ResourceExhaustedError as error:
        raise InputError(
            f"{workdir}: the device ran out of memory; lower --batch_size"
        ) from error
    except tf.errors.OpError as error:
        # TensorFlow does not say which file it failed on.
        damage = prepared_folders.first_damage(data.videos)
        raise InputError(
            damage or f"{workdir}: {quietly.reason(error)}"
        ) from error


def _start(experiment, workdir):
    """Facts on the start; a run that has begun no longer needs its files."""
    path = workdirs.experiment_path(workdir)
    if not (path.exists() and workdirs.latest(workdir)):
        return initialization.facts(experiment)
    _, known = workdirs.read_experiment(workdir)
    return {name: known[name] for name in initialization.FACTS if name in known}


def _check_same(path, experiment, facts):
    """Refuses to go on with anything but more steps."""
    before, known = workdirs.read_experiment(path.parent)
    old = {**dataclasses.asdict(before), **known}
    new = {**dataclasses.asdict(experiment), **facts}
    claims.check_same(
        old,
        {name: value for name, value in new.items() if name not in _FREE},
        lambda name: (
            f"{path.parent}: was trained with {name} {old.get(name)!r}, "
            f"not {new[name]!r}; choose another --workdir"
        ),
    )
