"""FSN made of stock Keras layers around the 2D CNN."""

import keras
import shapes

from fsn_tf.networks.backbones import bn_inception


def build(snippets=shapes.SNIPPETS) -> keras.Model:
    """(B, N, S, S, 3) uint8 -> (B, N * snippet_frames, C) probabilities."""
    cnn = bn_inception.build(shapes.IMAGE_SIZE)
    size = shapes.IMAGE_SIZE
    entry = keras.Input((snippets, size, size, 3), dtype="uint8")
    x = keras.layers.TimeDistributed(cnn)(entry)
    x = keras.layers.Dropout(0.8)(x)
    for rate in (1, 2, 4):
        x = keras.layers.Conv1D(
            512, 3, dilation_rate=rate, padding="same", activation="relu"
        )(x)
    x = keras.layers.Conv1D(shapes.CLASSES + 1, 1)(x)
    # Linear between centers, by the layer for images.
    x = keras.layers.Reshape((1, snippets, -1))(x)
    x = keras.layers.UpSampling2D(
        (1, shapes.SNIPPET_FRAMES), interpolation="bilinear"
    )(x)
    x = keras.layers.Reshape((snippets * shapes.SNIPPET_FRAMES, -1))(x)
    return keras.Model(entry, keras.layers.Softmax()(x))
