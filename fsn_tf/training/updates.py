"""One update of a network on one of any number of devices (Section 3.5)."""

import keras
import numpy as np
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.networks import learners
from fsn_tf.networks import objectives
from fsn_tf.training import averages
from fsn_tf.training import optimizers
from fsn_tf.training import strategies


class Update:
    """A step of learning as a graph function of a batch and the step's number.

    Args:
        experiment: Experiment.
        network: keras.Model that learns; its dropout, where the experiment
            has one, is added here.
        optimizer: keras.optimizers.Optimizer.
        strategy: tf.distribute strategy, in whose scope this is made.
        class_weights: (C,) weight of every class in the loss; None for 1.
        means: Moving averages that follow the weights, or None.
    """

    def __init__(
        self,
        experiment: Experiment,
        network: keras.Model,
        optimizer: keras.optimizers.Optimizer,
        strategy: tf.distribute.Strategy,
        class_weights: np.ndarray | None = None,
        means: averages.Averages | None = None,
    ):
        self._experiment = experiment
        self._network = network
        self._learner = learners.of(network, experiment)
        self._optimizer = optimizer
        self._strategy = strategy
        self._class_weights = class_weights
        self._means = means
        self._found, self._learned = self._gradients, self._learn
        if strategies.compiles(experiment):
            # What devices exchange cannot be compiled: of several, each
            # compiles what it finds out by itself.
            if tf.distribute.has_strategy():
                self._found = self._compiled(self._gradients)
            else:
                self._learned = self._compiled(self._learn)

    def __call__(
        self, batch: dict[str, tf.Tensor], step: tf.Tensor
    ) -> tf.Tensor:
        """Updates the weights once.

        Args:
            batch: This device's part, see pipeline.training_batches.
            step: () int64 tensor.

        Returns:
            (3,) float32: loss, correct labels, labels.
        """
        # XLA would draw other noise than TensorFlow does.
        return self._learned(batch, self._noise(batch["row"], step), step)

    def forward(
        self, batch: dict[str, tf.Tensor], step: tf.Tensor
    ) -> tf.Tensor:
        """What __call__ returns, without learning from it; see step_profile."""
        noise = self._noise(batch["row"], step)
        return self._compiled(self._results)(batch, noise)[1]

    def gradients(
        self, batch: dict[str, tf.Tensor], step: tf.Tensor
    ) -> tuple[list[tf.Tensor], tf.Tensor]:
        """(gradient of every weight, what __call__ returns), for the same."""
        noise = self._noise(batch["row"], step)
        return self._compiled(self._gradients)(batch, noise)

    def _compiled(self, function):
        """By XLA, where __call__ is."""
        if strategies.compiles(self._experiment):
            return tf.function(function, jit_compile=True)
        return function

    def _learn(self, batch, noise, step):
        grads, results = self._found(batch, noise)
        variables = self._network.trainable_variables
        if self._experiment.gradient_clip:
            grads = self._clipped(grads)
        if self._experiment.optimizer == "sgd":
            grads = [
                self._with_decay(grad, variable)
                for grad, variable in zip(grads, variables, strict=True)
            ]
        self._optimizer.apply(grads, variables)
        if self._means is not None:
            self._means.update(step)
        return results

    def _clipped(self, grads):
        """Limits the norm of the gradient of all devices together.

        Done before the weight decay is added, as in Caffe and in TSN.
        """
        context = tf.distribute.get_replica_context()
        grads = context.all_reduce(tf.distribute.ReduceOp.SUM, grads)
        grads, _ = tf.clip_by_global_norm(grads, self._experiment.gradient_clip)
        # The optimizer sums over devices, which now all hold the same.
        return [grad / self._strategy.num_replicas_in_sync for grad in grads]

    def _noise(self, row, step):
        """Uniform noise of this device's rows of the batch (C5)."""
        if not self._experiment.dropout:
            return None
        features = self._network.get_layer(fsn.SPATIAL_CNN).output
        shape = (
            self._experiment.batch_size,
            self._experiment.example_snippets,
            features.shape[-1],
        )
        seed = tf.stack([tf.cast(self._experiment.seed, tf.int64), -1 - step])
        noise = tf.random.stateless_uniform(shape, seed, alg="philox")
        return tf.gather(noise, row)

    def _results(self, batch, noise):
        """(loss, all that __call__ returns)."""
        inputs = batch["frames"]
        if noise is not None:
            inputs = {"frames": inputs, "noise": noise}
        logits = self._learner(inputs, training=True)
        example_losses, results = objectives.compared(
            logits, batch, self._experiment, self._class_weights
        )
        loss = tf.reduce_sum(example_losses) / self._experiment.batch_size
        return loss, tf.stack([loss, *results])

    def _gradients(self, batch, noise):
        with tf.GradientTape() as tape:
            loss, results = self._results(batch, noise)
        variables = self._network.trainable_variables
        grads = tape.gradient(loss, [v.value for v in variables])
        return grads, results

    def _with_decay(self, grad, variable):
        """Adds the gradient of the L2 penalty on kernels (C10).

        The optimizer sums over devices, so each adds its part.
        """
        if not optimizers.decays(variable):
            return grad
        decay = self._experiment.weight_decay
        share = decay / self._strategy.num_replicas_in_sync
        return grad + share * tf.cast(variable.value, grad.dtype)
