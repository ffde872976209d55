"""A small 2D CNN that trains from nothing in seconds."""

import keras

# (filters, kernel, stride) of each convolution.
_CONVOLUTIONS = ((16, 5, 2), (32, 3, 2), (48, 3, 2), (64, 3, 2), (64, 3, 1))


def build(image_size: int, channels: int = 3) -> keras.Model:
    """Five convolutions and a global average pool; 64 features.

    Made to be trained with `batch_norm="all"`; its statistics follow the
    batches quickly, as short runs need.
    """
    images = keras.Input((image_size, image_size, channels), dtype="uint8")
    x = keras.layers.Rescaling(1 / 64, offset=-2, name="normalize")(images)
    for depth, (filters, kernel, stride) in enumerate(_CONVOLUTIONS, 1):
        x = keras.layers.Conv2D(
            filters,
            kernel,
            strides=stride,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
            name=f"conv{depth}",
        )(x)
        x = keras.layers.BatchNormalization(momentum=0.9, name=f"norm{depth}")(
            x
        )
        x = keras.layers.ReLU(name=f"relu{depth}")(x)
    features = keras.layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(images, features, name="tiny")
