"""Networks as they are trained, against the networks that they are."""

import dataclasses

from absl.testing import absltest
from absl.testing import parameterized
import keras
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.networks import backbones
from fsn_tf.networks import fsn
from fsn_tf.networks import learners

_TINY = Experiment(backbone="tiny", image_size=32, temporal_filters=8)


def _images(*shape):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (*shape, 32, 32, 3)).astype(np.uint8)


class LearnersTest(parameterized.TestCase):
    def test_dropout_drops_where_the_noise_is_low(self):
        network = fsn.build(_TINY, 3)
        images = _images(2, 6)
        features = fsn.spatial_cnn(network)(images)
        noise = np.random.default_rng(1).random(features.shape)
        learned = learners.with_dropout(network, 0.75)

        scores = learned({"frames": images, "noise": noise})

        dropped = features * (noise >= 0.75) / 0.25
        np.testing.assert_allclose(
            scores, fsn.head(network)(dropped), rtol=1e-4, atol=1e-5
        )

    def test_is_the_network_itself_where_there_is_nothing_to_change(self):
        experiment = dataclasses.replace(_TINY, dropout=0.0, batch_norm="all")
        network = fsn.build(experiment, 3)
        self.assertIs(learners.of(network, experiment), network)

    @parameterized.parameters(0.0, 0.5)
    def test_learns_from_every_stage_and_scores_by_the_last(self, dropout):
        experiment = dataclasses.replace(
            _TINY, refinement_stages=2, temporal_residual=True, dropout=dropout
        )
        network, images = fsn.build(experiment, 3), _images(2, 6)
        rng = np.random.default_rng(1)
        head = fsn.head(network)
        head.set_weights([rng.normal(0, 0.5, x.shape) for x in head.weights])
        learned = learners.of(network, experiment)
        inputs = images
        if dropout:
            features = fsn.spatial_cnn(network)(images)
            # Noise that drops nothing leaves the features, but doubled.
            noise = np.ones(features.shape, np.float32)
            inputs = {"frames": images, "noise": noise}

        stages = learned(inputs)

        self.assertLen(stages, 3)
        self.assertLen(
            learned.trainable_weights, len(network.trainable_weights)
        )
        expected = network(images)
        if dropout:
            expected = fsn.head(network)(2 * features)
        np.testing.assert_allclose(stages[-1], expected, rtol=1e-4, atol=1e-4)
        for stage in stages:
            self.assertEqual(stage.shape, (2, 30, 4))
        self.assertGreater(np.abs(stages[0] - stages[1]).max(), 0.1)


def _in_float64(name, **options):
    """A 2D CNN whose variables all differ from what they start with."""
    previous = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    try:
        model = backbones.build(name, image_size=32, **options)
    finally:
        keras.config.set_dtype_policy(previous)
    rng = np.random.default_rng(0)
    for variable in model.variables:
        if "variance" in variable.path or "gamma" in variable.path:
            variable.assign(rng.uniform(0.5, 1.5, variable.shape))
        elif len(variable.shape) == 1:
            variable.assign(rng.normal(0.3, 0.3, variable.shape))
    return model


def _learned(network, called, frames):
    """Gradients of one step, and the statistics after it."""
    before = network.get_weights()
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.sin(called(frames, training=True)))
    variables = [variable.value for variable in network.trainable_variables]
    grads = tape.gradient(loss, variables)
    after = [np.array(v) for v in network.non_trainable_variables]
    network.set_weights(before)
    return [np.array(grad) for grad in grads], after


@pytest.mark.slow
class FoldedTest(parameterized.TestCase):
    @parameterized.product(
        name=(
            "BNInception",
            "TorchResNet50",
            "MobileNetV2",
            "EfficientNetLite0",
            "tiny",
        ),
        batch_norm=("first", "all", "none"),
    )
    def test_learns_what_it_learns_with_its_batch_norms(self, name, batch_norm):
        self._compare(name, batch_norm=batch_norm)

    def test_learns_the_same_where_half_of_it_is_frozen(self):
        self._compare("BNInception", freeze_through="inception_3c")

    def _compare(self, name, **options):
        experiment = dataclasses.replace(_TINY, dropout=0.0)
        network = fsn.fsn(_in_float64(name, **options), 3, experiment)
        learner = learners.of(network, experiment)
        if options.get("batch_norm") != "all":
            self.assertIsNot(learner, network)
        frames = _images(2, 3)

        mine, statistics = _learned(network, learner, frames)
        expected, plain_statistics = _learned(network, network, frames)

        largest = max(np.abs(grad).max() for grad in expected)
        self.assertGreater(largest, 0.01)
        for ours, theirs in zip(mine, expected, strict=True):
            # Heads are float32. A bias before a norm that learns has a
            # gradient of 0, but for rounding.
            within = 1e-5 * np.abs(theirs).max() + 1e-12 * largest
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=within)
        for ours, theirs in zip(statistics, plain_statistics, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9)


if __name__ == "__main__":
    absltest.main()
