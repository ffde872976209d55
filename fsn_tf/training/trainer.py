"""One training step on any number of devices, and its state (Section 3.5)."""

import math
import pathlib
import sys

import keras

from fsn_tf import quietly
from fsn_tf import workdirs
from fsn_tf.errors import InputError
from fsn_tf.networks import fsn
from fsn_tf.networks import objectives
from fsn_tf.training import checkpoints
from fsn_tf.training import initialization
from fsn_tf.training import pipeline
from fsn_tf.training import strategies

tf = quietly.imported("tensorflow")


class Trainer:
    """A network in training, with everything that outlives a step.

    Args:
        experiment: Experiment.
        num_classes: K.
        workdir: Folder of checkpoints and logs.
        strategy: tf.distribute strategy.
        feature_size: D, where the stream is features.
    """

    def __init__(
        self,
        experiment,
        num_classes,
        workdir,
        strategy=None,
        *,
        feature_size=None,
    ):
        self.experiment = experiment
        self.workdir = pathlib.Path(workdir)
        self.strategy = strategy or tf.distribute.get_strategy()
        keras.utils.set_random_seed(experiment.seed)
        if experiment.deterministic:
            tf.config.experimental.enable_op_determinism()
        with self.strategy.scope():
            self.network = self._starting_network(num_classes, feature_size)
            self.step = tf.Variable(0, dtype=tf.int64, trainable=False)
            self.best_loss = tf.Variable(math.inf, trainable=False)
            self.optimizer = keras.optimizers.SGD(
                _learning_rate(experiment), experiment.momentum
            )
            self.optimizer.build(self.network.trainable_variables)
            self.learner = fsn.learner(self.network, experiment)
        strategies.check_compilable(self.network, experiment, self.strategy)
        self.checkpoint = tf.train.Checkpoint(
            network=checkpoints.weights(self.network),
            optimizer=[variable.value for variable in self.optimizer.variables],
            step=self.step,
            best_loss=self.best_loss,
        )
        # Made now, so that a workdir that cannot be is found out at once.
        for which in ("last", "best"):
            folder = workdirs.checkpoint_folder(self.host_folder, which)
            folder.mkdir(parents=True, exist_ok=True)
            checkpoints.remove_half_written(folder)
        self._compiled = tf.function(self._steps)

    def _starting_network(self, num_classes, feature_size):
        """With its starting weights, unless a checkpoint brings others."""
        resumes = workdirs.latest(self.workdir) is not None
        build = fsn.build if resumes else initialization.build
        return build(self.experiment, num_classes, feature_size=feature_size)

    @property
    def host_folder(self):
        """Where this host writes: the workdir, for the first of all hosts.

        Every host takes part in saving, but only what the first one writes
        is read again.
        """
        resolver = self.strategy.cluster_resolver
        task = resolver.task_id if resolver is not None else None
        return self.workdir / f".host-{task}" if task else self.workdir

    def resume(self):
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
                checkpoints.restore(self.checkpoint, path)
                return self.current_step()
            except InputError as error:
                damage = error
                print(f"note: {error}", file=sys.stderr)
        if damage:
            raise damage
        return 0

    def current_step(self):
        """Updates taken so far."""
        return int(self.step.read_value())

    def save(self):
        """Writes a checkpoint of this step.

        Raises:
            OSError: It cannot be written; earlier ones stay as they are.
        """
        self._write("last", self.experiment.keep_checkpoints)

    def save_if_best(self, loss):
        """Keeps this step aside if the loss is the lowest so far."""
        if loss < float(self.best_loss.read_value()):
            self.best_loss.assign(loss)
            self._write("best", 1)

    def _write(self, which, keep):
        folder = workdirs.checkpoint_folder(self.host_folder, which)
        step = self.current_step()
        checkpoints.write(self.checkpoint, folder, step, keep=keep)

    def batches(self, make_batches):
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

    def run(self, iterator, count):
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
                self._step, (next(iterator), self.step.read_value())
            )
            totals += self.strategy.reduce("SUM", results, axis=None)
            self.step.assign_add(1)
        return totals

    def _step(self, batch, step):
        """One update on one device: (loss, correct labels, labels)."""
        gradients = self._gradients
        if self.experiment.jit_compile:
            gradients = tf.function(gradients, jit_compile=True)
        grads, results = gradients(batch, self._noise(batch["row"], step))
        variables = self.network.trainable_variables
        if self.experiment.gradient_clip:
            grads = self._clipped(grads)
        grads = [
            self._with_decay(grad, variable)
            for grad, variable in zip(grads, variables, strict=True)
        ]
        self.optimizer.apply(grads, variables)
        return results

    def _clipped(self, grads):
        """Limits the norm of the gradient of all devices together.

        Done before the weight decay is added, as in Caffe and in TSN.
        """
        context = tf.distribute.get_replica_context()
        grads = context.all_reduce(tf.distribute.ReduceOp.SUM, grads)
        grads, _ = tf.clip_by_global_norm(grads, self.experiment.gradient_clip)
        # The optimizer sums over devices, which now all hold the same.
        return [grad / self.strategy.num_replicas_in_sync for grad in grads]

    def _noise(self, row, step):
        """Uniform noise of this device's rows of the batch (C5)."""
        if not self.experiment.dropout:
            return None
        features = self.network.get_layer(fsn.SPATIAL_CNN).output
        shape = (
            self.experiment.batch_size,
            self.experiment.example_snippets,
            features.shape[-1],
        )
        seed = tf.stack([tf.cast(self.experiment.seed, tf.int64), -1 - step])
        noise = tf.random.stateless_uniform(shape, seed, alg="philox")
        return tf.gather(noise, row)

    def _gradients(self, batch, noise):
        inputs = batch["frames"]
        if noise is not None:
            inputs = {"frames": inputs, "noise": noise}
        with tf.GradientTape() as tape:
            logits = self.learner(inputs, training=True)
            example_losses, results = objectives.compared(
                logits, batch, self.experiment
            )
            loss = tf.reduce_sum(example_losses) / self.experiment.batch_size
        variables = self.network.trainable_variables
        grads = tape.gradient(loss, [v.value for v in variables])
        return grads, tf.stack([loss, *results])

    def _with_decay(self, grad, variable):
        """Adds the gradient of the L2 penalty on kernels (C10).

        The optimizer sums over devices, so each adds its part.
        """
        if not variable.name.endswith("kernel"):
            return grad
        decay = self.experiment.weight_decay
        share = decay / self.strategy.num_replicas_in_sync
        return grad + share * tf.cast(variable.value, grad.dtype)


def _learning_rate(experiment):
    """Divided by 10 at each of `learning_rate_steps`; else constant (C11)."""
    drops = sorted(experiment.learning_rate_steps)
    if not drops:
        return experiment.learning_rate
    rates = [experiment.learning_rate / 10**k for k in range(len(drops) + 1)]
    # Keras keeps a rate up to and including its boundary; steps count from 0.
    return keras.optimizers.schedules.PiecewiseConstantDecay(
        [drop - 1 for drop in drops], rates
    )
