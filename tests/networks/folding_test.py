"""Convolution and batch norm as one, against both one after the other."""

from absl.testing import absltest
from absl.testing import parameterized
import keras
import numpy as np
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.networks import backbones
from fsn_tf.networks import folding
from fsn_tf.networks import fsn
from tests.kit import small_networks

_EPSILON = 1e-3


def _images(side=64, count=2, seed=1):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (count, side, side, 3)).astype(np.uint8)


def _folded_layers(model):
    return [
        layer
        for layer in model._flatten_layers()
        if isinstance(layer, folding.FoldedConvolution)
    ]


def _gradients(called, images, variables):
    with tf.GradientTape() as tape:
        outputs = called(images, training=True)
        loss = tf.reduce_sum(tf.sin(outputs))
    grads = tape.gradient(loss, [variable.value for variable in variables])
    return [grad.numpy() for grad in grads]


def _small(layers, dtype="float64"):
    """A model of layers one after the other, from (8, 8, 3)."""
    inputs = x = keras.Input((8, 8, 3), dtype=dtype)
    for layer in layers:
        x = layer(x)
    model = keras.Model(inputs, x)
    small_networks.set_apart(model)
    return model


def _norm(**options):
    layer = keras.layers.BatchNormalization(
        epsilon=_EPSILON, dtype="float64", **options
    )
    layer.trainable = False
    return layer


class FoldedTest(parameterized.TestCase):
    def test_multiplies_the_kernel_and_shifts_the_bias(self):
        convolution = keras.layers.Conv2D(1, 1, dtype="float64")
        norm = _norm()
        model = _small([convolution, norm])
        # 2 x + 1, minus 3, by the root of 4, times 5, plus 7
        convolution.set_weights([np.full((1, 1, 3, 1), 2.0), np.ones(1)])
        values = [5.0, 7.0, 3.0, 4 - _EPSILON]
        norm.set_weights([np.array([value]) for value in values])

        outputs = folding.folded(model, learning=True)(np.ones((1, 8, 8, 3)))

        # three channels: (2 * 3 + 1 - 3) / 2 * 5 + 7
        np.testing.assert_allclose(outputs, np.full((1, 8, 8, 1), 17.0))

    @parameterized.parameters(
        (lambda: keras.layers.Conv2D(4, 3, strides=2, dtype="float64"),),
        (lambda: keras.layers.Conv2D(6, 3, groups=3, dtype="float64"),),
        (lambda: keras.layers.Conv2D(6, 1, groups=3, dtype="float64"),),
        (lambda: keras.layers.Conv2D(4, 1, strides=2, dtype="float64"),),
        (lambda: keras.layers.Conv2D(4, 1, dtype="float64"),),
        (
            lambda: keras.layers.Conv2D(
                4, 3, padding="same", use_bias=False, dtype="float64"
            ),
        ),
        (
            lambda: keras.layers.DepthwiseConv2D(
                3, depth_multiplier=2, padding="same", dtype="float64"
            ),
        ),
    )
    def test_outputs_and_gradients_are_those_of_both_layers(self, make):
        after = keras.layers.Conv2D(2, 1, dtype="float64")
        model = _small([make(), _norm(), after, _norm(scale=False)])
        images = np.random.default_rng(3).normal(size=(2, 8, 8, 3))

        faster = folding.folded(model, learning=True)

        self.assertLen(_folded_layers(faster), 2)
        variables = model.trainable_variables
        np.testing.assert_allclose(faster(images), model(images), rtol=1e-9)
        for mine, expected in zip(
            _gradients(faster, images, variables),
            _gradients(model, images, variables),
            strict=True,
        ):
            np.testing.assert_allclose(mine, expected, rtol=1e-9, atol=1e-12)

    def test_a_norm_that_learns_stays(self):
        norm = _norm()
        norm.trainable = True
        model = _small([keras.layers.Conv2D(4, 3, dtype="float64"), norm])

        self.assertIs(folding.folded(model, learning=True), model)
        faster = folding.folded(model, learning=False)
        self.assertLen(_folded_layers(faster), 1)

    def test_a_convolution_that_others_look_at_stays(self):
        inputs = keras.Input((8, 8, 3))
        seen = keras.layers.Conv2D(4, 3)(inputs)
        normed = keras.layers.BatchNormalization()(seen)
        model = keras.Model(inputs, keras.layers.Add()([seen, normed]))

        self.assertIs(folding.folded(model, learning=False), model)

    def test_a_convolution_that_the_model_gives_stays(self):
        inputs = keras.Input((8, 8, 3))
        seen = keras.layers.Conv2D(4, 3)(inputs)
        normed = keras.layers.BatchNormalization()(seen)
        model = keras.Model(inputs, [seen, normed])

        self.assertIs(folding.folded(model, learning=False), model)
        outer = keras.Model(inputs, model(inputs))
        self.assertIs(folding.folded(outer, learning=False), outer)

    def test_a_convolution_that_is_called_twice_stays(self):
        inputs = keras.Input((8, 8, 3))
        convolution = keras.layers.Conv2D(4, 3)
        normed = [
            keras.layers.BatchNormalization()(convolution(inputs))
            for _ in range(2)
        ]
        model = keras.Model(inputs, keras.layers.Add()(normed))

        self.assertIs(folding.folded(model, learning=False), model)

    def test_one_with_an_activation_stays(self):
        model = _small(
            [keras.layers.Conv2D(4, 3, activation="relu", dtype="float64")]
            + [_norm()]
        )
        self.assertIs(folding.folded(model, learning=False), model)

    @parameterized.parameters(
        "BNInception", "tiny", "EfficientNetLite0", "MobileNetV2", "ResNet50"
    )
    def test_every_kind_of_network_computes_the_same(self, name):
        model = backbones.build(name, image_size=64)
        small_networks.set_apart(model)
        images = _images()

        faster = folding.folded(model, learning=False)

        expected = model(images, training=False).numpy()
        self.assertGreater(np.ptp(expected), 0.1)
        np.testing.assert_allclose(
            faster(images, training=False),
            expected,
            atol=1e-5 * np.abs(expected).max(),
        )
        # What cannot be folded is what follows no convolution.
        norms = [
            layer
            for layer in model._flatten_layers()
            if isinstance(layer, keras.layers.BatchNormalization)
        ]
        self.assertLen(_folded_layers(faster), len(norms))

    def test_has_the_same_variables(self):
        model = backbones.build("BNInception", image_size=64)

        faster = folding.folded(model, learning=True)

        self.assertLen(_folded_layers(faster), 68)
        self.assertCountEqual(
            map(id, faster.variables), map(id, model.variables)
        )
        self.assertCountEqual(
            map(id, faster.trainable_variables),
            map(id, model.trainable_variables),
        )

    def test_half_precision_stays_as_close_as_without_it(self):
        previous = keras.config.dtype_policy()
        exact = backbones.build("BNInception", image_size=64)
        try:
            keras.config.set_dtype_policy("mixed_bfloat16")
            model = backbones.build("BNInception", image_size=64)
        finally:
            keras.config.set_dtype_policy(previous)
        model.set_weights(exact.get_weights())
        images = _images()
        expected = exact(images).numpy()

        faster = folding.folded(model, learning=True)

        self.assertEqual(faster(images).dtype, "bfloat16")
        error = np.abs(np.float32(faster(images)) - expected).max()
        before = np.abs(np.float32(model(images)) - expected).max()
        self.assertGreater(error, 0)
        self.assertLess(error, 1.5 * before)


class NetworkTest(absltest.TestCase):
    def test_keeps_the_parts_that_others_ask_for(self):
        experiment = Experiment(backbone="tiny", image_size=32)
        network = fsn.build(experiment, 3)
        small_networks.set_apart(network)
        frames = _images(32, 10)[None]

        faster = fsn.folded(network, learning=True)

        self.assertIsNot(faster, network)
        np.testing.assert_allclose(
            faster(frames), network(frames), rtol=1e-5, atol=1e-6
        )
        np.testing.assert_allclose(
            fsn.head(faster)(fsn.spatial_cnn(faster)(frames)),
            network(frames),
            rtol=1e-5,
            atol=1e-6,
        )

    def test_features_have_nothing_to_fold(self):
        network = fsn.build(Experiment(stream="features"), 3, feature_size=8)
        self.assertIs(fsn.folded(network, learning=False), network)


if __name__ == "__main__":
    absltest.main()
