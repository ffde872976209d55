"""The training loop: checkpoints, logs, exact resumption (Section 3.5)."""

import math
import pathlib
import sys
from typing import Any

import keras
import tensorflow as tf

from fsn_tf import progress
from fsn_tf import quietly
from fsn_tf import workdirs
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.snippets import prepared_folders
from fsn_tf.training import feature_statistics
from fsn_tf.training import guessing_watch
from fsn_tf.training import label_shares
from fsn_tf.training import resumption
from fsn_tf.training import steps
from fsn_tf.training import training_log
from fsn_tf.training.examples import MakeBatches
from fsn_tf.training.examples import TrainingSet
from fsn_tf.training.hosts import Alone
from fsn_tf.training.hosts import Hosts
from fsn_tf.training.trainer import Trainer
from fsn_tf.training.validation import Validation


def fit(
    trainer: Trainer,
    make_batches: MakeBatches,
    validation: Validation | None = None,
    hosts: Hosts | None = None,
    *,
    guessing: float = math.inf,
) -> float | None:
    """Trains to the end, from the last checkpoint on.

    Prints a line of progress; appends to metrics.jsonl and to TensorBoard's
    logs; keeps the last checkpoints and the best one, which is that of the
    lowest training loss unless there is a validation. Ctrl-C keeps the step
    that was reached.

    Args:
        trainer: Trainer, made for the same validation.
        make_batches: (first_step, pipeline.Share) -> tf.data.Dataset.
        validation: Validation.
        hosts: All hosts of the run; None for this one alone.
        guessing: Loss of guessing; where it is not undercut, a line says so.

    Returns:
        The mean loss of the last steps; None where there were none.

    Raises:
        steps.DivergedError: The loss is no longer a number.
    """
    first_step = trainer.resume()
    log = training_log.Log(trainer.host_folder, first_step)
    total = trainer.experiment.steps
    shown = progress.Progress(total, "steps", already=first_step)
    if first_step:
        shown.message(f"{trainer.workdir}: goes on at step {first_step}")
    hosts = hosts or Alone()
    watch = guessing_watch.GuessingWatch(guessing, total)
    taken = steps.Steps(trainer, validation, log, shown, hosts, watch)
    try:
        with hosts.interruptible():
            return taken.run(trainer.batches(make_batches))
    except KeyboardInterrupt:
        trainer.save()
        raise
    finally:
        shown.close()
        log.close()


def train(
    experiment: Experiment,
    data: TrainingSet,
    workdir: pathlib.Path | str,
    strategy: tf.distribute.Strategy | None = None,
    validation: Validation | None = None,
    hosts: Hosts | None = None,
    **facts: Any,
) -> None:
    """Trains an experiment into a workdir, or goes on where it stopped.

    Args:
        experiment: Experiment.
        data: examples.TrainingSet.
        workdir: Folder; made if it is missing.
        strategy: tf.distribute strategy; None takes one device.
        validation: How the network is measured meanwhile, or None.
        hosts: All hosts of the run; None for this one alone.
        **facts: More to keep in experiment.json.

    Raises:
        InputError: The workdir belongs to another experiment, a snippet file
            is damaged, the loss is no longer a number, or another host is
            lost or learns something else.
        OSError: The workdir cannot be written.
    """
    workdir, hosts = pathlib.Path(workdir), hosts or Alone()
    versions = {"tensorflow": tf.__version__, "keras": keras.__version__}
    path = workdirs.experiment_path(workdir)
    start = resumption.start(experiment, workdir)
    facts = {**data.facts(), **start, **facts, "versions": versions}
    if validation is not None:
        facts["validation"] = validation.facts
    newest = workdirs.latest(workdir)
    if path.exists():
        resumption.check_same(path, experiment, {"validation": None, **facts})
    hosts.check_same(
        lambda: {
            **facts,
            "the training set": data.fingerprint()[:12],
            "the last checkpoint": newest and pathlib.Path(newest).name,
        }
    )
    trainer = Trainer(
        experiment,
        len(data.classes),
        workdir,
        strategy,
        feature_size=facts.get("feature_size"),
        class_weights=label_shares.balanced_weights(data, experiment),
        statistics=lambda: feature_statistics.of_videos(data.videos),
        validation=validation,
        host_folder=hosts.folder(workdir),
        facts=facts,
    )
    if trainer.host_folder == workdir:
        workdirs.write_experiment(workdir, experiment, **facts)
    guessing = label_shares.loss_of_guessing(data, experiment)
    try:
        batches = data.batches(experiment)
        loss = fit(trainer, batches, validation, hosts, guessing=guessing)
    except tf.errors.ResourceExhaustedError as error:
        raise InputError(
            f"{workdir}: the device ran out of memory; lower --batch_size"
        ) from error
    except tf.errors.OpError as error:
        hosts.explain()
        # TensorFlow does not say which file it failed on.
        damage = prepared_folders.first_damage(data.videos)
        raise InputError(
            damage or f"{workdir}: {quietly.reason(error)}"
        ) from error
    if loss is not None:
        _note_guessing(loss, guessing)


def _note_guessing(loss, guessing):
    if loss < guessing_watch.NO_BETTER * guessing:
        return
    print(
        f"note: the loss ends at {loss:.4g}, and guessing by how often each "
        f"class is drawn gives {guessing:.4g}: hardly anything was learned; "
        "raise --learning_rate or --steps, or, if the loss went up, lower "
        "--learning_rate",
        file=sys.stderr,
    )
