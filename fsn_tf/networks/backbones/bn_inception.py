"""BN-Inception as TSN released it (Section 3.2).

Layers are called as in the PyTorch files: what Caffe calls conv1/7x7_s2 is
conv1_7x7_s2 here. For weights of either kind see fsn import-weights.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.networks.backbones import padded

# Of blue, green and red; tsn-pytorch's models were trained with another.
_MEAN = (104.0, 117.0, 123.0)
_TORCH_MEAN = (104.0, 117.0, 128.0)

# Filters of each block; 0 leaves a branch out.
# 1x1; 3x3: reduce, 3x3; double 3x3: reduce, 1, 2; pool, pool_proj.
_BLOCKS = {
    "inception_3a": (64, (64, 64), (64, 96, 96), "average", 32),
    "inception_3b": (64, (64, 96), (64, 96, 96), "average", 64),
    "inception_3c": (0, (128, 160), (64, 96, 96), "halving", 0),
    "inception_4a": (224, (64, 96), (96, 128, 128), "average", 128),
    "inception_4b": (192, (96, 128), (96, 128, 128), "average", 128),
    "inception_4c": (160, (128, 160), (128, 160, 160), "average", 128),
    "inception_4d": (96, (128, 192), (160, 192, 192), "average", 128),
    "inception_4e": (0, (128, 192), (192, 256, 256), "halving", 0),
    "inception_5a": (352, (192, 320), (160, 224, 224), "average", 128),
    "inception_5b": (352, (192, 320), (192, 224, 224), "max", 128),
}
_SMALLEST = 7


def build_torch(image_size: int, channels: int = 3) -> keras.Model:
    """As `build`, with the mean that PyTorch's models subtract from RGB."""
    return _built("TorchBNInception", image_size, channels, _TORCH_MEAN)


def build(image_size: int, channels: int = 3) -> keras.Model:
    """BN-Inception up to its global average pool; 1024 features.

    Args:
        image_size: Side of the square input, pixels, 7 or more. Caffe takes
            those whose halves stay even, such as 224, 256 or 96; at others
            the pools of inception_3c and 4e get the window that they lack
            beside the convolutions.
        channels: C of the input; 3 is RGB, any other number flow.

    Returns:
        keras.Model from (H, W, C) uint8 images to (1024,) features.

    Raises:
        InputError: The image is too small.
    """
    return _built("BNInception", image_size, channels, _MEAN)


def _built(name, image_size, channels, mean):
    if image_size < _SMALLEST:
        raise InputError(
            f"image_size: expected {_SMALLEST} or more for {name}, "
            f"got {image_size}"
        )
    images = keras.Input((image_size, image_size, channels), dtype="uint8")
    x = _normalized(images, channels, mean)
    x = _convolution(x, "conv1", "7x7_s2", 64, 7, strides=2)
    x = _ceil_mode_pool(x, "pool1_3x3_s2")
    x = _convolution(x, "conv2", "3x3_reduce", 64, 1)
    x = _convolution(x, "conv2", "3x3", 192, 3)
    x = _ceil_mode_pool(x, "pool2_3x3_s2")
    for block, row in _BLOCKS.items():
        x = _inception(x, block, *row)
    features = keras.layers.GlobalAveragePooling2D(name="global_pool")(x)
    return keras.Model(images, features, name=name)


def _normalized(images, channels, mean):
    if channels == 3:
        return BlueGreenRed(mean, name="normalize")(images)
    return keras.layers.Rescaling(1.0, offset=-128.0, name="normalize")(images)


def _inception(x, block, single, triple, double, pool, projection):
    strides = 2 if pool == "halving" else 1
    branches = []
    if single:
        branches.append(_convolution(x, block, "1x1", single, 1))
    y = _convolution(x, block, "3x3_reduce", triple[0], 1)
    branches.append(
        _convolution(y, block, "3x3", triple[1], 3, strides=strides)
    )
    y = _convolution(x, block, "double_3x3_reduce", double[0], 1)
    y = _convolution(y, block, "double_3x3_1", double[1], 3)
    branches.append(
        _convolution(y, block, "double_3x3_2", double[2], 3, strides=strides)
    )
    y = _pool(x, f"{block}_pool", pool)
    if projection:
        y = _convolution(y, block, "pool_proj", projection, 1)
    branches.append(y)
    return keras.layers.Concatenate(name=f"{block}_output")(branches)


def _convolution(x, block, name, filters, kernel, *, strides=1):
    """Convolution, batch norm and ReLU, named as in the released models."""
    layer = f"{block}_{name}"
    x = padded.convolution(x, layer, filters, kernel, strides=strides)
    x = padded.batch_norm(x, f"{layer}_bn")
    relu = f"{block}_relu_{name.removesuffix('_s2')}"
    return keras.layers.ReLU(name=relu)(x)


def _pool(x, name, kind):
    size = x.shape[1]
    if kind == "average":
        return padded.average_pool(x, name)
    if kind == "max":
        return padded.max_pool(x, name, windows=size, strides=1, before=1)
    # As many windows as the strided convolutions have; Caffe's rule agrees
    # where the size is even, and joins no branches where it is odd.
    return padded.max_pool(x, name, windows=-(-size // 2), strides=2)


def _ceil_mode_pool(x, name):
    """Caffe's max pool: the last window may reach over the edge."""
    windows = -(-(x.shape[1] - 3) // 2) + 1
    return padded.max_pool(x, name, windows=windows, strides=2)


@keras.saving.register_keras_serializable(package="fsn_tf")
class BlueGreenRed(keras.layers.Layer):
    """Turns RGB into what Caffe's image networks take: BGR minus its mean.

    Args:
        mean: Of blue, green and red.

    Call arguments:
        inputs: (B, H, W, 3) uint8 or float RGB, 0 to 255.

    Returns:
        (B, H, W, 3) in the compute dtype.
    """

    def __init__(self, mean: Sequence[float] = _MEAN, **kwargs: Any):
        super().__init__(**kwargs)
        self.mean = tuple(mean)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "mean": self.mean}

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        pixels = keras.ops.cast(inputs, self.compute_dtype)
        mean = keras.ops.convert_to_tensor(self.mean, self.compute_dtype)
        # Turning channels round by [..., ::-1] takes eight times as long.
        turned = np.eye(3)[::-1].reshape(1, 1, 3, 3)
        turned = keras.ops.convert_to_tensor(turned, self.compute_dtype)
        return keras.ops.add(keras.ops.conv(pixels, turned), -mean)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape
