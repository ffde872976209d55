"""Batch norms computed into convolutions, against the layers they were."""

from absl.testing import absltest
from absl.testing import parameterized
import keras
import numpy as np

from fsn_tf.networks import backbones
from fsn_tf.networks import folding
from fsn_tf.networks import merging
from tests.kit import small_networks

_MERGED = (folding.FoldedConvolution, keras.layers.BatchNormalization)


def _images(side=64, count=2):
    rng = np.random.default_rng(1)
    return rng.integers(0, 256, (count, side, side, 3)).astype(np.uint8)


class MergedTest(parameterized.TestCase):
    def test_a_convolution_holds_both(self):
        inputs = keras.Input((4, 4, 1))
        convolution = keras.layers.Conv2D(1, 1, name="seen")
        norm = keras.layers.BatchNormalization(epsilon=0)
        model = keras.Model(inputs, norm(convolution(inputs)))
        # 2 x + 1, minus 3, by the root of 4, times 5, plus 7
        convolution.set_weights([np.full((1, 1, 1, 1), 2.0), np.ones(1)])
        norm.set_weights([np.array([value]) for value in (5.0, 7.0, 3.0, 4.0)])

        merged = merging.merged(model)

        kernel, bias = merged.get_layer("seen").get_weights()
        self.assertLen(merged.weights, 2)
        np.testing.assert_allclose(kernel.item(), 2 / 2 * 5, rtol=1e-6)
        np.testing.assert_allclose(bias, [(1 - 3) / 2 * 5 + 7], rtol=1e-6)

    @parameterized.parameters(
        "BNInception", "tiny", "EfficientNetLite0", "MobileNetV2", "ResNet50"
    )
    def test_every_kind_of_network_computes_the_same(self, name):
        model = backbones.build(name, image_size=64)
        small_networks.set_apart(model)
        expected = model(_images(), training=False).numpy()

        merged = merging.merged(model)
        # It has the weights as they were.
        small_networks.set_apart(model, seed=1)

        self.assertGreater(np.ptp(expected), 0.1)
        np.testing.assert_allclose(
            merged(_images(), training=False),
            expected,
            atol=1e-5 * np.abs(expected).max(),
        )
        for layer in merged._flatten_layers():
            self.assertNotIsInstance(layer, _MERGED)

    def test_holds_what_it_multiplies_by(self):
        previous = keras.config.dtype_policy()
        try:
            keras.config.set_dtype_policy("mixed_bfloat16")
            model = backbones.build("tiny", image_size=32)
        finally:
            keras.config.set_dtype_policy(previous)
        small_networks.set_apart(model)

        merged = merging.merged(model)

        images = _images(32)
        self.assertEqual({x.dtype for x in merged.weights}, {"bfloat16"})
        expected = np.float32(folding.folded(model, learning=False)(images))
        # bfloat16 has eight binary digits, and each layer rounds.
        np.testing.assert_allclose(
            np.float32(merged(images)), expected, atol=expected.max() / 2**6
        )


if __name__ == "__main__":
    absltest.main()
