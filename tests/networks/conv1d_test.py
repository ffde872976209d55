"""Convolutions as products of matrices, against Keras's own."""

from absl.testing import absltest
from absl.testing import parameterized
import keras
import numpy as np
import tensorflow as tf

from fsn_tf.networks import conv1d
from tests.kit import temporary_files


def _model(kind, dtype=None, steps=None):
    """A wide layer, one with a dilation, and a classifier."""
    inputs = x = keras.Input((steps, 3))
    options = {"padding": "same", "activation": "relu", "dtype": dtype}
    x = kind(4, 3, name="first", **options)(x)
    x = kind(5, 5, dilation_rate=2, name="second", **options)(x)
    outputs = kind(2, 1, name="scores", dtype=dtype)(x)
    return keras.Model(inputs, outputs)


def _randomized(model):
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(size=w.shape) for w in model.weights])
    return model


def _gradients(layer, inputs):
    """Of a curved function of what comes out, by inputs and variables."""
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        loss = tf.reduce_sum(tf.sin(layer(inputs)))
    sources = [inputs, *(variable.value for variable in layer.variables)]
    return tape.gradient(loss, sources)


class Conv1DTest(parameterized.TestCase):
    def test_weighs_neighbors_and_zeros_beyond_the_ends(self):
        layer = conv1d.Conv1D(1, 3, padding="same", use_bias=False)
        layer.build((None, None, 1))
        layer.set_weights([np.reshape([1.0, 10.0, 100.0], (3, 1, 1))])

        outputs = layer(np.reshape([1.0, 2.0, 3.0], (1, 3, 1)))

        np.testing.assert_array_equal(outputs[0, :, 0], [210, 321, 32])

    @parameterized.product(
        size=(1, 3, 5),
        rate=(1, 2, 7, 20),
        batch=(2, 300),
        snippets=(1, 9),
        use_bias=(True, False),
    )
    def test_values_and_gradients_are_those_of_keras(
        self, size, rate, batch, snippets, use_bias
    ):
        options = {
            "dilation_rate": rate,
            "padding": "same",
            "activation": "relu",
            "use_bias": use_bias,
            "dtype": "float64",
        }
        layer = conv1d.Conv1D(4, size, **options)
        expected = keras.layers.Conv1D(4, size, **options)
        rng = np.random.default_rng(1)
        inputs = tf.constant(rng.normal(size=(batch, snippets, 3)))
        for each in (layer, expected):
            each.build(inputs.shape)
        weights = [rng.normal(size=w.shape) for w in layer.weights]
        for each in (layer, expected):
            each.set_weights(weights)

        np.testing.assert_allclose(layer(inputs), expected(inputs), rtol=1e-9)
        for mine, theirs in zip(
            _gradients(layer, inputs), _gradients(expected, inputs), strict=True
        ):
            np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-12)

    @parameterized.parameters(False, True)
    def test_takes_any_number_of_snippets_in_a_graph(self, jit_compile):
        model = _randomized(_model(conv1d.Conv1D))
        graph = tf.function(
            model,
            input_signature=[tf.TensorSpec((None, None, 3))],
            jit_compile=jit_compile,
        )
        expected = _model(keras.layers.Conv1D)
        expected.set_weights(model.get_weights())
        for count in (1, 2, 30):
            inputs = np.random.default_rng(2).normal(size=(2, count, 3))
            inputs = inputs.astype(np.float32)
            np.testing.assert_allclose(
                graph(inputs), expected(inputs), rtol=1e-4, atol=1e-4
            )

    @parameterized.parameters((1, 21), (2, 17), (4, 13))
    def test_many_clips_multiply_few_rows_of_zeros(self, rate, rows):
        layer = conv1d.Conv1D(1, 3, dilation_rate=rate, padding="same")
        layer.build((None, 7, 1))
        graph = tf.function(layer).get_concrete_function(
            tf.TensorSpec((100, 7, 1))
        )
        products = [
            operation.inputs[0].shape
            for operation in graph.graph.get_operations()
            if operation.type == "MatMul"
        ]
        numbers = sum(shape.num_elements() for shape in products)
        self.assertEqual(numbers, 100 * rows)

    def test_half_precision_stays_half(self):
        model = _model(conv1d.Conv1D, dtype="mixed_bfloat16")
        self.assertEqual(model(np.ones((1, 4, 3))).dtype, "bfloat16")

    def test_knows_its_shape(self):
        self.assertEqual(_model(conv1d.Conv1D).output_shape, (None, None, 2))
        model = _model(conv1d.Conv1D, steps=6)
        self.assertEqual(model.output_shape, (None, 6, 2))

    @parameterized.parameters(
        ({"kernel_size": 2, "padding": "same"}, "odd kernel_size"),
        ({"kernel_size": 3, "padding": "causal"}, "causal"),
        ({"kernel_size": 3}, "valid"),
        ({"kernel_size": 1, "strides": 2}, "got 2 and 1"),
    )
    def test_refuses_what_it_cannot_compute(self, options, message):
        with self.assertRaisesRegex(ValueError, message):
            conv1d.Conv1D(4, **options)


class FilesTest(temporary_files.TestCase):
    def test_weights_go_both_ways_between_it_and_keras(self):
        ours = _randomized(_model(conv1d.Conv1D))
        theirs = _model(keras.layers.Conv1D)
        path = self.folder / "first.weights.h5"
        ours.save_weights(path)
        theirs.load_weights(path)
        for mine, other in zip(ours.weights, theirs.weights, strict=True):
            self.assertEqual(mine.path, other.path)
            np.testing.assert_array_equal(mine, other)

        back = _model(conv1d.Conv1D)
        theirs.save_weights(self.folder / "second.weights.h5")
        back.load_weights(self.folder / "second.weights.h5")
        np.testing.assert_array_equal(back.weights[2], ours.weights[2])

    def test_a_saved_model_comes_back(self):
        model = _randomized(_model(conv1d.Conv1D))
        model.save(self.folder / "model.keras")
        loaded = keras.models.load_model(self.folder / "model.keras")
        inputs = np.random.default_rng(3).normal(size=(1, 8, 3))
        self.assertIsInstance(loaded.get_layer("second"), conv1d.Conv1D)
        np.testing.assert_array_equal(loaded(inputs), model(inputs))


if __name__ == "__main__":
    absltest.main()
