"""Constants where weights stand still, variables where they do not."""

from unittest import mock

from absl.testing import absltest
import keras
import numpy as np
import tensorflow as tf

from fsn_tf.networks import fsn
from fsn_tf.prediction import frame_prediction
from fsn_tf.prediction import frozen
from tests.kit import small_networks


def _doubling():
    """A model that gives 2 x, and what it takes."""
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    model = keras.Sequential([keras.Input((1,)), layer])
    layer.kernel.assign([[2.0]])
    return model, tf.TensorSpec((None, 1))


class FunctionTest(absltest.TestCase):
    def test_keeps_the_weights_that_it_was_made_with(self):
        model, takes = _doubling()
        function = frozen.function(model, model, takes)
        model.weights[0].assign([[3.0]])
        self.assertEqual(function(tf.constant([[5.0]])).numpy(), 10)
        self.assertEmpty(function.get_concrete_function().variables)

    def test_follows_the_weights_while_they_learn(self):
        model, takes = _doubling()
        function = frozen.function(model, model, takes, learning=True)
        function(tf.constant([[5.0]]))
        model.weights[0].assign([[3.0]])
        self.assertEqual(function(tf.constant([[5.0]])).numpy(), 15)

    def test_weights_too_large_for_a_graph_stay_variables(self):
        model, takes = _doubling()
        with mock.patch.object(frozen, "_MOST_BYTES", 3):
            function = frozen.function(model, model, takes)
        self.assertLen(function.get_concrete_function().variables, 1)


class PredictorTest(absltest.TestCase):
    def test_scores_of_weights_that_learn_are_those_of_now(self):
        experiment = small_networks.experiment(batch_norm="all")
        network = fsn.build(experiment, 2)
        predictors = [
            frame_prediction.KerasPredictor(
                network, experiment, (32, 32), learning=learning
            )
            for learning in (False, True)
        ]
        images = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3))
        images = images.astype(np.uint8)
        before, *_ = (one.features(images) for one in predictors)

        small_networks.set_apart(network)

        standing, learning = (one.features(images) for one in predictors)
        np.testing.assert_array_equal(standing, before)
        self.assertGreater(np.abs(learning - before).max(), 0.1)
        now = frame_prediction.KerasPredictor(network, experiment, (32, 32))
        np.testing.assert_allclose(
            learning, now.features(images), rtol=1e-5, atol=1e-5
        )


if __name__ == "__main__":
    absltest.main()
