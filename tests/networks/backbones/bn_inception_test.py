"""BN-Inception against the released graph and a NumPy formulation of it."""

import functools
import json

from absl.testing import absltest
from absl.testing import parameterized
import keras
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.networks import backbones
from fsn_tf.networks.backbones import padded
from tests.kit import made_up_weights
from tests.kit import numpy_layers
from tests.kit import shared_data


@functools.cache
def _graph():
    """The layers of the released model up to the global pool, in order."""
    path = shared_data.path("bn_inception/graph.json")
    head = ("Dropout", "InnerProduct")
    layers = json.loads(path.read_text())
    return [layer for layer in layers if layer["type"] not in head]


def _name(layer):
    return layer["name"].replace("/", "_")


def _forward(pixels, values):
    """{layer: output} of the released graph for one image, in NumPy."""
    tops = {"data": pixels}
    outputs = {}
    for layer in _graph():
        name = _name(layer)
        inputs = [tops[bottom] for bottom in layer["bottom"]]
        output = _apply(layer, name, inputs, values)
        outputs[name] = tops[layer["top"][0]] = output
    return outputs


def _apply(layer, name, inputs, values):
    image = inputs[0]
    if layer["type"] == "Convolution":
        kernel, bias = values[f"{name}.weight"], values[f"{name}.bias"]
        return numpy_layers.convolution(
            image, kernel, bias, layer["stride"], layer["pad"]
        )
    if layer["type"] == "BN":
        kinds = ("weight", "bias", "running_mean", "running_var")
        return numpy_layers.batch_norm(
            image, *(values[f"{name}.{kind}"] for kind in kinds)
        )
    if layer["type"] == "ReLU":
        return np.maximum(image, 0)
    if layer["type"] == "Concat":
        return np.concatenate(inputs, axis=-1)
    if name == "global_pool":
        return image.mean((0, 1))
    if layer["pool"] == "AVE":
        return numpy_layers.average_pool(image)
    kernel, stride, pad = layer["kernel"], layer["stride"], layer["pad"]
    count = numpy_layers.ceil_mode_count(image.shape[0], kernel, stride, pad)
    if name in ("inception_3c_pool", "inception_4e_pool"):
        # As many as the convolutions beside it have; where Caffe takes the
        # size at all, that is its own number.
        count = (image.shape[0] + 1) // 2
    return numpy_layers.max_pool(image, kernel, stride, pad, count)


class GraphTest(parameterized.TestCase):
    @parameterized.parameters((3, 10_250_208), (10, 10_272_160))
    def test_has_the_layers_of_the_released_model(self, channels, parameters):
        graph = _graph()
        model = backbones.build(
            "BNInception", image_size=224, channels=channels
        )
        for layer in graph:
            depth, height, width = layer["out_shape_chw"]
            shape = (None, height, width, depth)
            if layer["name"] == "global_pool":
                shape = (None, depth)
            output = model.get_layer(_name(layer)).output
            self.assertEqual(output.shape, shape, layer["name"])
        kernels = [
            layer
            for layer in model.layers
            if isinstance(layer, keras.layers.Conv2D)
        ]
        self.assertLen(kernels, 69)
        self.assertEqual(
            sum(layer.count_params() for layer in kernels), parameters
        )
        norms = [
            layer
            for layer in model.layers
            if isinstance(layer, keras.layers.BatchNormalization)
        ]
        self.assertLen(norms, 69)
        self.assertEqual({norm.epsilon for norm in norms}, {1e-5})

    def test_partial_batch_norm_learns_the_first_alone(self):
        model = backbones.build("BNInception", image_size=64)
        learning = [
            variable.path
            for variable in model.trainable_variables
            if variable.name in ("gamma", "beta")
        ]
        name = "conv1_7x7_s2_bn"
        self.assertEqual(learning, [f"{name}/gamma", f"{name}/beta"])


class ForwardTest(parameterized.TestCase):
    # At 69 the pools of Caffe's ceil mode meet odd sizes; at 75 inception_3c
    # and 4e do.
    @parameterized.parameters((64, 10), (69, 3), (75, 3))
    def test_equals_the_numpy_formulation(self, size, channels):
        _graph()
        model = backbones.build(
            "BNInception", image_size=size, channels=channels
        )
        values = made_up_weights.values(model)
        made_up_weights.assign(model, values)
        rng = np.random.default_rng(0)
        images = rng.integers(0, 256, (1, size, size, channels), np.uint8)
        pixels = images[0].astype(np.float64)
        if channels == 3:
            pixels = pixels[..., ::-1] - (104, 117, 123)
        else:
            pixels = pixels - 128
        expected = _forward(pixels, values)

        outputs = [model.get_layer(name).output for name in expected]
        found = keras.Model(model.input, outputs)(images, training=False)

        for name, output in zip(expected, found, strict=True):
            largest = np.abs(expected[name]).max()
            self.assertGreater(largest, 0.01)
            np.testing.assert_allclose(
                output[0], expected[name], atol=1e-5 * largest, err_msg=name
            )

    def test_too_small_an_image_is_an_error(self):
        with self.assertRaisesRegex(InputError, "7 or more for BNInception"):
            backbones.build("BNInception", image_size=6)


class PaddedTest(absltest.TestCase):
    def test_average_pool_counts_the_padding(self):
        ones = np.ones((1, 5, 5, 1), "float32")
        pooled = np.asarray(padded.average_pool(ones, "pool"))[0, ..., 0]
        np.testing.assert_allclose(pooled[0, 0], 4 / 9, rtol=1e-6)
        np.testing.assert_allclose(pooled[0, 2], 6 / 9, rtol=1e-6)
        np.testing.assert_allclose(pooled[2, 2], 1, rtol=1e-6)

    def test_strided_convolution_starts_one_pixel_before_the_edge(self):
        image = np.arange(36, dtype="float32").reshape(1, 6, 6, 1)
        inputs = keras.Input((6, 6, 1))
        outputs = padded.convolution(inputs, "conv", 1, 3, strides=2)
        model = keras.Model(inputs, outputs)
        center = np.zeros((3, 3, 1, 1))
        center[1, 1] = 1
        model.set_weights([center, np.zeros(1)])
        # The centers of the windows are pixels 0, 2 and 4.
        np.testing.assert_array_equal(
            model(image)[0, ..., 0], image[0, ::2, ::2, 0]
        )

    def test_max_pool_reaches_over_the_edge(self):
        row = np.arange(1, 7, dtype="float32")
        image = np.broadcast_to(row[None, None, :, None], (1, 6, 6, 1))
        pooled = padded.max_pool(image, "pool", windows=3, strides=2)
        np.testing.assert_array_equal(pooled[0, 0, :, 0], [3, 5, 6])


if __name__ == "__main__":
    absltest.main()
