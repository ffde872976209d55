"""Section 3's networks: shapes, sharing over time, frozen statistics."""

import tempfile

from absl.testing import absltest
from absl.testing import parameterized
import keras
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.networks import backbones
from fsn_tf.networks import fsn
from fsn_tf.networks import time_distributed

_TINY = Experiment(backbone="tiny", image_size=32, temporal_filters=8)


def _images(*shape):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (*shape, 32, 32, 3)).astype(np.uint8)


class TimeDistributedTest(absltest.TestCase):
    def test_equals_the_layer_on_every_step(self):
        layer = keras.layers.Dense(4)
        inputs = np.random.default_rng(0).normal(size=(3, 5, 6))
        outputs = time_distributed.TimeDistributed(layer)(inputs)
        for step in range(5):
            np.testing.assert_allclose(
                outputs[:, step], layer(inputs[:, step]), rtol=1e-5
            )

    def test_loses_no_step_when_their_number_is_unknown(self):
        layer = time_distributed.TimeDistributed(keras.layers.Dense(4))
        layer.build((None, None, 6))
        signature = [tf.TensorSpec((None, None, 6))]
        graph = tf.function(layer, input_signature=signature)
        for batch, steps in ((1, 1), (2, 7), (7, 2), (3, 8)):
            inputs = np.random.default_rng(1).normal(size=(batch, steps, 6))
            inputs = inputs.astype("float32")
            np.testing.assert_allclose(
                graph(inputs), layer(inputs), rtol=1e-5, atol=1e-6
            )
            self.assertEqual(graph(inputs).shape, (batch, steps, 4))

    def test_batch_norm_sees_all_steps_at_once(self):
        norm = keras.layers.BatchNormalization(center=False, scale=False)
        inputs = np.random.default_rng(0).normal(size=(3, 5, 2))
        outputs = time_distributed.TimeDistributed(norm)(inputs, training=True)
        flat = inputs.reshape(15, 2)
        expected = (flat - flat.mean(0)) / np.sqrt(flat.var(0) + norm.epsilon)
        np.testing.assert_allclose(
            outputs, expected.reshape(3, 5, 2), rtol=1e-4, atol=1e-5
        )


class FsnTest(parameterized.TestCase):
    @parameterized.parameters(1, 7, 8, 20)
    def test_scores_every_frame_of_any_number_of_snippets(self, snippets):
        network = fsn.build(_TINY, 3)
        scores = network(_images(2, snippets))
        self.assertEqual(scores.shape, (2, 5 * snippets, 4))

    def test_probabilities_are_equation_1(self):
        scores = np.random.default_rng(0).normal(size=(2, 5, 4))
        expected = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
        np.testing.assert_allclose(
            fsn.probabilities(scores), expected, rtol=1e-6
        )

    def test_parts_make_the_whole(self):
        network = fsn.build(_TINY, 3)
        images = _images(2, 6)
        features = fsn.spatial_cnn(network)(images)
        np.testing.assert_allclose(
            fsn.head(network)(features), network(images), rtol=1e-5
        )

    def test_what_goes_beyond_the_paper_is_off(self):
        paths = [x.path for x in fsn.head(fsn.build(_TINY, 3)).weights]
        layers = [*(f"temporal_conv{x}" for x in (1, 2, 3)), "scores"]
        parts = ("kernel", "bias")
        expected = [f"{layer}/{part}" for layer in layers for part in parts]
        self.assertEqual(paths, expected)

    def test_mixed_precision_scores_in_float32(self):
        network = fsn.build(
            Experiment(backbone="tiny", image_size=32, mixed_precision=True),
            3,
        )
        self.assertEqual(network(_images(1, 7)).dtype, tf.float32)
        kinds = {variable.dtype for variable in network.trainable_variables}
        self.assertEqual(kinds, {"float32"})
        self.assertEqual(keras.config.dtype_policy().name, "float32")


class BackbonesTest(absltest.TestCase):
    def test_normalizes_inside(self):
        model = backbones.build("MobileNetV2", image_size=32)
        images = _images(2)
        cnn = next(layer for layer in model.layers if hasattr(layer, "layers"))
        expected = cnn(images.astype("float32") / 127.5 - 1, training=False)
        np.testing.assert_allclose(
            model(images, training=False), expected, rtol=1e-4, atol=1e-5
        )

    def test_partial_batch_norm_leaves_the_first_alone_to_learn(self):
        for learning, count in (("first", 1), ("none", 0), ("all", 52)):
            model = backbones.build(
                "MobileNetV2", image_size=32, batch_norm=learning
            )
            names = [v.path for v in model.trainable_variables]
            gammas = [name for name in names if name.endswith("gamma")]
            self.assertLen(gammas, count)
            if learning == "first":
                self.assertIn("bn_Conv1/gamma", gammas)

    def test_loads_keras_weights_by_path(self):
        source = keras.applications.MobileNetV2(
            include_top=False, weights=None, input_shape=(32, 32, 3)
        )
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/mobilenet.weights.h5"
            source.save_weights(path)
            model = backbones.build("MobileNetV2", image_size=32, weights=path)
        kernel = source.get_layer("Conv1").kernel
        cnn = next(layer for layer in model.layers if hasattr(layer, "layers"))
        np.testing.assert_array_equal(cnn.get_layer("Conv1").kernel, kernel)

    @pytest.mark.slow
    def test_efficientnet_sees_the_same_when_it_is_built_again(self):
        theirs = keras.applications.EfficientNetB0(
            weights=None,
            include_top=False,
            pooling="avg",
            input_shape=(32, 32, 3),
        )
        mean, deviation = np.array([[485, 456, 406], [229, 224, 225]]) / 1000
        (normalization,) = (
            layer
            for layer in theirs.layers
            if isinstance(layer, keras.layers.Normalization)
        )
        normalization.set_weights([mean, deviation**2, np.array(0)])
        normalization.finalize_state()
        images = _images(2)
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/efficientnet.weights.h5"
            theirs.save_weights(path)
            ours = backbones.build(
                "EfficientNetB0", image_size=32, weights=path
            )
        again = backbones.build("EfficientNetB0", image_size=32)
        backbones.copy_weights(ours, again)
        expected = theirs(images.astype(np.float32))
        # Features of random weights are small.
        bound = 1e-4 * np.abs(expected).max()
        for model in (ours, again):
            np.testing.assert_allclose(model(images), expected, atol=bound)

    def test_unknown_names_and_files_are_errors_of_one_line(self):
        for name, weights, words in (
            ("NoSuchNet", "", "expected one of .*MobileNetV2"),
            ("MobileNetV2", "/no/such.weights.h5", "no such file"),
            ("tiny", "/no/such.weights.h5", "no such file"),
            ("tiny", "imagenet", "no ImageNet weights"),
        ):
            with self.assertRaisesRegex(InputError, words) as caught:
                backbones.build(name, image_size=32, weights=weights)
            self.assertNotIn("\n", str(caught.exception))


if __name__ == "__main__":
    absltest.main()
