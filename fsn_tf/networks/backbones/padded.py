"""Convolutions and pools that pad as Caffe and PyTorch do.

Keras's "same" takes another phase at stride 2 and leaves the padding out of
averages: weights trained elsewhere would give other features.
"""

import keras


def convolution(
    x: keras.KerasTensor,
    name: str,
    filters: int,
    kernel: int,
    *,
    strides: int = 1,
    use_bias: bool = True,
) -> keras.KerasTensor:
    """A convolution that pads `kernel // 2` zeros on every side.

    Args:
        x: (B, H, W, C).
        name: Of the layer; its padding is `{name}_pad`.
        filters, kernel, strides, use_bias: As in Keras.

    Returns:
        (B, ceil(H / strides), ceil(W / strides), filters).
    """
    if strides > 1 and kernel > 1:
        x = _pad(x, name, before=kernel // 2, after=kernel // 2)
    return keras.layers.Conv2D(
        filters,
        kernel,
        strides=strides,
        padding="same" if strides == 1 else "valid",
        use_bias=use_bias,
        kernel_initializer="he_normal",
        name=name,
    )(x)


def batch_norm(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """Batch norm with PyTorch's and TSN's eps."""
    return keras.layers.BatchNormalization(
        epsilon=1e-5, momentum=0.9, name=name
    )(x)


def max_pool(
    x: keras.KerasTensor,
    name: str,
    *,
    windows: int,
    strides: int,
    before: int = 0,
) -> keras.KerasTensor:
    """The maximum over 3x3 windows; those at the edges may reach over it.

    Args:
        x: (B, H, H, C) after a ReLU, so that a zero of the padding is never
            above the maximum of what a window covers.
        name: Of the layer; its padding is `{name}_pad`.
        windows: How many along each side.
        strides: Pixels from one to the next.
        before: How far the first one starts in front of the edge.

    Returns:
        (B, windows, windows, C).
    """
    size = x.shape[1]
    after = (windows - 1) * strides + 3 - size - before
    # Where Keras would pad alike, its pools need no copy that is padded.
    alike = windows == -(-size // strides) and before == (before + after) // 2
    if not alike:
        x = _pad(x, name, before=before, after=after)
    return keras.layers.MaxPooling2D(
        3, strides, padding="same" if alike else "valid", name=name
    )(x)


def average_pool(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """The average over 3x3 windows; zeros beyond the edges count (Caffe)."""
    x = _pad(x, name, before=1, after=1)
    return keras.layers.AveragePooling2D(3, 1, padding="valid", name=name)(x)


def _pad(x, name, *, before, after):
    if before == after == 0:
        return x
    sides = (before, after)
    return keras.layers.ZeroPadding2D((sides, sides), name=f"{name}_pad")(x)
