"""The network as stock Keras makes it, by its own TimeDistributed.

stock_inference.py FRAMES.npy
"""

import sys

import answering
import numpy as np
import shapes


def make():
    import stock_network
    import tensorflow as tf

    network = stock_network.build()
    images = shapes.seen(np.load(sys.argv[1]))
    clips = images.reshape(shapes.CLIPS, shapes.SNIPPETS, *images.shape[1:])
    # As a graph, without XLA, which makes convolutions slower on a CPU.
    once = tf.function(lambda x: network(x, training=False))
    return lambda: once(tf.constant(clips)).numpy()


answering.answer(make)
