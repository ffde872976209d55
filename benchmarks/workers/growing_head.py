"""A head on snippet features: growing_head.py SNIPPETS CLASSES

The temporal CNN, upsampling and softmax of one clip, as a graph.
"""

import sys

import answering


def make():
    import tensorflow as tf

    from fsn_tf.experiment import Experiment
    from fsn_tf.networks import fsn

    snippets, classes = map(int, sys.argv[1:])
    experiment = Experiment(stream="features")
    head = fsn.head(fsn.build(experiment, classes, feature_size=1024))
    features = tf.random.stateless_normal((1, snippets, 1024), [0, 0])
    once = tf.function(lambda x: fsn.probabilities(head(x, training=False)))
    return lambda: once(features).numpy()


answering.answer(make)
