"""EfficientNet-Lite 0, 1 and 2 as TensorFlow released them.

Next to EfficientNet they lack squeeze-and-excitation, have ReLU6 for swish,
and neither stem nor head grow. Weights come as PyTorch files of the same
layers (see fsn import-weights); their names are kept, without the leading
underscores that TensorFlow takes no name with.
"""

import functools
import math

import keras

# Of both images and flow, whose zero motion is 128.
_SCALE = 128
_RGB_ZERO, _FLOW_ZERO = 127, 128

_STEM_FILTERS = 32
_HEAD_FILTERS = 1280
# (repeats, kernel, strides, expansion, filters) of each stage.
_STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
# (width, depth) that a model multiplies filters and repeats by.
_COEFFICIENTS = {
    "EfficientNetLite0": (1.0, 1.0),
    "EfficientNetLite1": (1.0, 1.1),
    "EfficientNetLite2": (1.1, 1.2),
}


def build(name, image_size, channels=3):
    """EfficientNet-Lite up to its global average pool; 1280 features.

    Args:
        name: "EfficientNetLite0", "EfficientNetLite1" or "EfficientNetLite2";
            trained at 224, 240 and 260 pixels.
        image_size: Side of the square input, pixels.
        channels: C of the input; 3 is RGB, any other number flow.

    Returns:
        keras.Model from (H, W, C) uint8 images to (1280,) features. Blocks
        are called blocks_0, blocks_1 and so on.
    """
    images = keras.Input((image_size, image_size, channels), dtype="uint8")
    zero = _RGB_ZERO if channels == 3 else _FLOW_ZERO
    x = keras.layers.Rescaling(1 / _SCALE, -zero / _SCALE, name="normalize")(
        images
    )
    x = _convolution(x, "conv_stem", _STEM_FILTERS, 3, strides=2)
    x = _batch_norm(x, "bn0", activation="stem_relu")
    for index, row in enumerate(blocks(name)):
        x = _block(x, f"blocks_{index}", *row)
    x = _convolution(x, "conv_head", _HEAD_FILTERS, 1)
    x = _batch_norm(x, "bn1", activation="head_relu")
    features = keras.layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(images, features, name=name)


BUILD = {name: functools.partial(build, name) for name in _COEFFICIENTS}


def blocks(name):
    """(kernel, strides, expansion, filters) of every block of a model."""
    width, depth = _COEFFICIENTS[name]
    rows = []
    for place, (repeats, *row, filters) in enumerate(_STAGES):
        if 0 < place < len(_STAGES) - 1:
            repeats = math.ceil(depth * repeats)
        kernel, strides, expansion = row
        filters = _rounded(width * filters)
        rows.append((kernel, strides, expansion, filters))
        rows += [(kernel, 1, expansion, filters)] * (repeats - 1)
    return rows


def _rounded(filters):
    """The nearest multiple of 8 that is not below nine tenths."""
    nearest = max(8, int(filters + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * filters else nearest


def _block(x, block, kernel, strides, expansion, filters):
    """An inverted residual block: wide, depthwise, narrow."""
    inputs = x
    if expansion > 1:
        width = expansion * x.shape[-1]
        x = _convolution(x, f"{block}_expand_conv", width, 1)
        x = _batch_norm(x, f"{block}_bn0", activation=f"{block}_expand_relu")
    x = keras.layers.DepthwiseConv2D(
        kernel,
        strides,
        padding="same",
        use_bias=False,
        depthwise_initializer="he_normal",
        name=f"{block}_depthwise_conv",
    )(x)
    x = _batch_norm(x, f"{block}_bn1", activation=f"{block}_depthwise_relu")
    x = _convolution(x, f"{block}_project_conv", filters, 1)
    x = _batch_norm(x, f"{block}_bn2")
    if strides == 1 and filters == inputs.shape[-1]:
        x = keras.layers.Add(name=f"{block}_add")([x, inputs])
    return x


def _convolution(x, name, filters, kernel, *, strides=1):
    return keras.layers.Conv2D(
        filters,
        kernel,
        strides,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
        name=name,
    )(x)


def _batch_norm(x, name, *, activation=""):
    x = keras.layers.BatchNormalization(epsilon=1e-3, momentum=0.9, name=name)(
        x
    )
    if activation:
        x = keras.layers.ReLU(max_value=6, name=activation)(x)
    return x
