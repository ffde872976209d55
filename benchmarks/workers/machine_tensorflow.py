"""A product or a convolution by TensorFlow.

machine_tensorflow.py product|convolution float32|bfloat16
"""

import sys

import answering
import shapes


def make():
    import tensorflow as tf

    what, dtype = sys.argv[1:]

    def given(shape):
        return tf.cast(tf.random.stateless_normal(shape, [1, 2]), dtype)

    if what == "product":
        side = shapes.PRODUCT
        left, right = given((side, side)), given((side, side))
        once = tf.function(lambda x: tf.matmul(x, right))
        return lambda: once(left).numpy()
    batch, side, channels = shapes.CONVOLUTION
    images = given((batch, side, side, channels))
    kernel = given((3, 3, channels, channels))
    # A kernel that is a constant of the graph is packed once.
    kernel = tf.constant(kernel.numpy())
    once = tf.function(lambda x: tf.nn.conv2d(x, kernel, 1, "SAME"))
    return lambda: once(images).numpy()


answering.answer(make)
