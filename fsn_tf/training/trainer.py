"""One training step on any number of devices, and its state (Section 3.5)."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
import math
import pathlib
import sys
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from fsn_tf import workdirs
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.training import averages
from fsn_tf.training import checkpoint_facts
from fsn_tf.training import checkpoints
from fsn_tf.training import initialization
from fsn_tf.training import optimizers
from fsn_tf.training import pipeline
from fsn_tf.training import strategies
from fsn_tf.training import updates
from fsn_tf.training.examples import MakeBatches
from fsn_tf.training.validation import Course
from fsn_tf.training.validation import Metrics
from fsn_tf.training.validation import Validation


class Trainer:
    """A network in training, with everything that outlives a step.

    Args:
        experiment: Experiment.
        num_classes: K.
        workdir: Folder of checkpoints and logs.
        strategy: tf.distribute strategy.
        feature_size: D, where the stream is features.
        class_weights: (C,) weight of every class in the loss; None for 1.
        statistics: Gives the (mean, deviation) that `standardize` asks for;
            called where training begins.
        validation: What says which step is the best; None for the loss.
        host_folder: Where this host writes; None for the workdir. Every host
            takes part in saving, but only the workdir is read again.
        facts: Of experiment.json; checkpoints keep some of them.

    Attributes:
        host_folder: Where this host writes.
        update: updates.Update that a step makes.
        course: How its validations went.
    """

    def __init__(
        self,
        experiment: Experiment,
        num_classes: int,
        workdir: pathlib.Path | str,
        strategy: tf.distribute.Strategy | None = None,
        *,
        feature_size: int | None = None,
        class_weights: np.ndarray | None = None,
        statistics: Callable[[], tuple[np.ndarray, np.ndarray]] | None = None,
        validation: Validation | None = None,
        host_folder: pathlib.Path | None = None,
        facts: Mapping[str, Any] | None = None,
    ):
        self.experiment = experiment
        self.workdir = pathlib.Path(workdir)
        self.host_folder = host_folder or self.workdir
        self.strategy = strategy or tf.distribute.get_strategy()
        keras.utils.set_random_seed(experiment.seed)
        if experiment.deterministic:
            tf.config.experimental.enable_op_determinism()
        with self.strategy.scope():
            self.network = self._starting_network(
                num_classes, feature_size, statistics
            )
            self.step = tf.Variable(0, dtype=tf.int64, trainable=False)
            self.best_loss = tf.Variable(math.inf, trainable=False)
            variables = self.network.trainable_variables
            self.optimizer = optimizers.make(experiment, variables)
            self.optimizer.build(variables)
            means = None
            if experiment.average_decay:
                means = averages.Averages(variables, experiment.average_decay)
            self.update = updates.Update(
                experiment,
                self.network,
                self.optimizer,
                self.strategy,
                class_weights,
                means,
            )
            self.course = Course(experiment.patience)
        strategies.check_compilable(self.network, experiment, self.strategy)
        state = checkpoints.state(self.network)
        # What is predicted and exported is what a checkpoint calls network.
        self.predicting = {**state, **(means.by_path if means else {})}
        kept: dict[str, Any] = {
            "network": tf.train.Checkpoint(weights=self.predicting)
        }
        if means:
            kept["learning"] = tf.train.Checkpoint(weights=state)
        if validation is not None:
            kept["validation"] = self.course.checkpoint
        kept |= {
            "optimizer": [one.value for one in self.optimizer.variables],
            "step": self.step,
            "best_loss": self.best_loss,
        }
        self.checkpoint = tf.train.Checkpoint(**kept)
        self._facts = workdirs.trained_as(experiment, facts or {})
        self._with_facts = checkpoint_facts.with_facts(self._facts, **kept)
        # Made now, so that a workdir that cannot be is found out at once.
        for which in ("last", "best"):
            folder = workdirs.checkpoint_folder(self.host_folder, which)
            folder.mkdir(parents=True, exist_ok=True)
            checkpoints.remove_half_written(folder)
        self._compiled = tf.function(self._steps)

    def _starting_network(self, num_classes, feature_size, statistics):
        """With its starting weights, unless a checkpoint brings others."""
        resumes = workdirs.latest(self.workdir) is not None
        build = fsn.build if resumes else initialization.build
        network = build(self.experiment, num_classes, feature_size=feature_size)
        if self.experiment.standardize and statistics and not resumes:
            fsn.standardization_of(network).assign(*statistics())
        return network

    def resume(self) -> int:
        """Goes on from the newest checkpoint that can be restored.

        Any of them leads to the same weights, so a damaged one costs time
        alone; it is named on stderr.

        Returns:
            The step to go on at; 0 where there is no checkpoint.

        Raises:
            InputError: There are checkpoints, and all are damaged.
        """
        folder = workdirs.checkpoint_folder(self.workdir, "last")
        damage = None
        for path in reversed(workdirs.complete(folder)):
            try:
                checkpoint_facts.check(path, self._facts)
                checkpoints.restore(self.checkpoint, path)
                return self.current_step()
            except InputError as error:
                damage = error
                print(f"note: {error}", file=sys.stderr)
        if damage:
            raise damage
        return 0

    def current_step(self) -> int:
        """Updates taken so far."""
        return int(self.step.read_value())

    def save(self) -> None:
        """Writes a checkpoint of this step.

        Raises:
            OSError: It cannot be written; earlier ones stay as they are.
        """
        self._write("last", self.experiment.keep_checkpoints)

    def save_if_best(self, loss: float) -> None:
        """Keeps this step aside if the loss is the lowest so far."""
        if loss < float(self.best_loss.read_value()):
            self.best_loss.assign(loss)
            self.save_as_best()

    def save_as_best(self) -> None:
        """Keeps this step aside as the best."""
        self._write("best", 1)

    def measured(self, validation: Validation) -> Metrics:
        """{metric: value} of what would be predicted now."""
        return validation.measure(
            {path: value.numpy() for path, value in self.predicting.items()}
        )

    def _write(self, which, keep):
        folder = workdirs.checkpoint_folder(self.host_folder, which)
        step = self.current_step()
        checkpoints.write(self._with_facts, folder, step, keep=keep)

    def batches(self, make_batches: MakeBatches) -> Iterator[Any]:
        """An iterator over the batches from the current step on.

        Args:
            make_batches: (first_step, pipeline.Share) -> tf.data.Dataset.
        """
        first_step = self.current_step()

        def of_host(context):
            local = context.num_replicas_in_sync // context.num_input_pipelines
            share = pipeline.Share(
                first_replica=context.input_pipeline_id * local,
                local_replicas=local,
                replicas=context.num_replicas_in_sync,
            )
            return make_batches(first_step, share)

        distribute = self.strategy.distribute_datasets_from_function
        return iter(distribute(of_host))

    def run(self, iterator: Iterator[Any], count: int) -> tuple[float, float]:
        """Takes `count` steps in one call.

        Returns:
            (loss, accuracy), means over the steps; accuracy is that of
            frames, or of videos.
        """
        loss, correct, labeled = self._compiled(
            iterator, tf.constant(count)
        ).numpy()
        return loss / count, correct / max(labeled, 1)

    def _steps(self, iterator, count):
        totals = tf.zeros(3)
        for _ in tf.range(count):
            results = self.strategy.run(
                self.update, (next(iterator), self.step.read_value())
            )
            totals += self.strategy.reduce("SUM", results, axis=None)
            self.step.assign_add(1)
        return totals
