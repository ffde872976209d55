"""ResNet-50 of torchvision, against a NumPy formulation."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.networks import backbones
from tests.kit import made_up_weights
from tests.kit import numpy_layers


def _normed(image, values, convolution, norm, stride, pad):
    image = numpy_layers.convolution(
        image, values[f"{convolution}.weight"], 0, stride, pad
    )
    kinds = ("weight", "bias", "running_mean", "running_var")
    return numpy_layers.batch_norm(
        image, *(values[f"{norm}.{kind}"] for kind in kinds)
    )


def _features(pixels, values):
    """torchvision's resnet50 up to the pool, for one image."""
    x = np.maximum(_normed(pixels, values, "conv1", "bn1", 2, 3), 0)
    count = (x.shape[0] + 2 - 3) // 2 + 1
    x = numpy_layers.max_pool(x, 3, 2, 1, count)
    for stage, blocks in enumerate((3, 4, 6, 3), 1):
        for index in range(blocks):
            name = f"layer{stage}_{index}"
            stride = 2 if index == 0 and stage > 1 else 1
            shortcut = x
            if index == 0:
                convolution, norm = (
                    f"{name}_downsample_0",
                    f"{name}_downsample_1",
                )
                shortcut = _normed(x, values, convolution, norm, stride, 0)
            for place, step, pad in ((1, 1, 0), (2, stride, 1), (3, 1, 0)):
                convolution, norm = f"{name}_conv{place}", f"{name}_bn{place}"
                x = _normed(x, values, convolution, norm, step, pad)
                x = np.maximum(x, 0) if place < 3 else x
            x = np.maximum(x + shortcut, 0)
    return x.mean((0, 1))


class TorchResNet50Test(parameterized.TestCase):
    @parameterized.parameters((64, 3), (53, 10))
    def test_equals_the_numpy_formulation(self, size, channels):
        model = backbones.build(
            "TorchResNet50", image_size=size, channels=channels
        )
        values = made_up_weights.values(model)
        made_up_weights.assign(model, values)
        rng = np.random.default_rng(0)
        images = rng.integers(0, 256, (1, size, size, channels), np.uint8)
        if channels == 3:
            pixels = images[0] / 255 - (0.485, 0.456, 0.406)
            pixels = pixels / (0.229, 0.224, 0.225)
        else:
            pixels = (images[0] - 128.0) / 128

        features = model(images, training=False)[0]

        expected = _features(pixels, values)
        self.assertGreater(np.abs(expected).max(), 0.1)
        np.testing.assert_allclose(
            features, expected, atol=1e-5 * np.abs(expected).max()
        )

    def test_has_the_parameters_of_torchvisions_without_the_classifier(self):
        model = backbones.build(
            "TorchResNet50", image_size=64, batch_norm="all"
        )
        learning = sum(np.prod(v.shape) for v in model.trainable_variables)
        # 25,557,032 with the 2048 x 1000 classifier and its biases.
        self.assertEqual(learning, 25_557_032 - 2_049_000)


if __name__ == "__main__":
    absltest.main()
