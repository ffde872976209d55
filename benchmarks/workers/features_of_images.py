"""What localizing needs of a SavedModel: features of images, in batches.

features_of_images.py MODEL IMAGES

The images are made up, of the frame size; they come in batches as localizing
gives them.
"""

import sys

import answering
import numpy as np
import shapes

_AT_ONCE = 64


def make():
    import tensorflow as tf

    loaded = tf.saved_model.load(sys.argv[1])
    count = int(sys.argv[2])
    width, height = shapes.FRAME_SIZE
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (_AT_ONCE, height, width, 3), np.uint8)

    def turn():
        for first in range(0, count, _AT_ONCE):
            batch = images[: min(_AT_ONCE, count - first)]
            loaded.features(tf.constant(batch))["features"].numpy()

    return turn


answering.answer(make)
