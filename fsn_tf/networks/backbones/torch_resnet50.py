"""ResNet-50 as torchvision and mmaction2 have it.

Keras's own ResNet50 is another function: it strides in the first 1x1 of a
block instead of the 3x3, its convolutions have biases, its eps is 1.001e-5
and its input is BGR. Weights of one do not fit the other.
"""

import keras

from fsn_tf.networks.backbones import padded

# Of red, green and blue.
_MEAN = (123.675, 116.28, 103.53)
_STANDARD_DEVIATION = (58.395, 57.12, 57.375)
# mmaction2 divides flow by this after subtracting it.
_FLOW_ZERO = 128

# Filters of the 3x3, and how many blocks; all but the first stage halve.
_STAGES = {
    "layer1": (64, 3),
    "layer2": (128, 4),
    "layer3": (256, 6),
    "layer4": (512, 3),
}


def build(image_size: int, channels: int = 3) -> keras.Model:
    """ResNet-50 up to its global average pool; 2048 features.

    Args:
        image_size: Side of the square input, pixels.
        channels: C of the input; 3 is RGB, any other number flow.

    Returns:
        keras.Model from (H, W, C) uint8 images to (2048,) features. Layers
        are called as in torchvision, with _ for its dots.
    """
    images = keras.Input((image_size, image_size, channels), dtype="uint8")
    x = _normalized(images, channels)
    x = _convolution(x, "conv1", "bn1", 64, 7, strides=2)
    x = keras.layers.ReLU(name="relu")(x)
    windows = -(-x.shape[1] // 2)
    x = padded.max_pool(x, "maxpool", windows=windows, strides=2, before=1)
    for stage, (filters, blocks) in _STAGES.items():
        for index in range(blocks):
            halves = index == 0 and stage != "layer1"
            strides = 2 if halves else 1
            x = _bottleneck(x, f"{stage}_{index}", filters, strides, index)
    features = keras.layers.GlobalAveragePooling2D(name="avgpool")(x)
    return keras.Model(images, features, name="TorchResNet50")


def _normalized(images, channels):
    if channels == 3:
        scale = [1 / deviation for deviation in _STANDARD_DEVIATION]
        offset = [
            -mean * factor for mean, factor in zip(_MEAN, scale, strict=True)
        ]
    else:
        scale, offset = 1 / _FLOW_ZERO, -1.0
    return keras.layers.Rescaling(scale, offset, name="normalize")(images)


def _bottleneck(x, block, filters, strides, index):
    shortcut = x
    if index == 0:
        shortcut = _convolution(
            x,
            f"{block}_downsample_0",
            f"{block}_downsample_1",
            4 * filters,
            1,
            strides=strides,
        )
    widths = ((filters, 1, 1), (filters, 3, strides), (4 * filters, 1, 1))
    for place, (width, kernel, step) in enumerate(widths, 1):
        names = f"{block}_conv{place}", f"{block}_bn{place}"
        x = _convolution(x, *names, width, kernel, strides=step)
        if place < len(widths):
            x = keras.layers.ReLU(name=f"{block}_relu{place}")(x)
    x = keras.layers.Add(name=f"{block}_add")([x, shortcut])
    return keras.layers.ReLU(name=f"{block}_relu3")(x)


def _convolution(x, name, norm, filters, kernel, *, strides=1):
    x = padded.convolution(
        x, name, filters, kernel, strides=strides, use_bias=False
    )
    return padded.batch_norm(x, norm)
