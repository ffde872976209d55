"""TSN's test of whole videos: 25 snippets, 10 crops of each."""

import numpy as np

from fsn_tf import networks
from fsn_tf import pipeline
from fsn_tf import quietly
from fsn_tf import records
from fsn_tf import views
from fsn_tf.errors import InputError

tf = quietly.imported("tensorflow")

SNIPPETS = 25
CROPS = 10

# What `fsn predict` says of it.
INFERENCE = f"{SNIPPETS} snippets, {CROPS} crops"


def scorer(network, experiment):
    """A function from records.Snippets to (1, K) probabilities of the video.

    The scores of 25 evenly spaced snippets, five crops and their mirror
    images of each, are averaged before the softmax, as in training.

    Args:
        network: keras.Model, as networks.tsn returns.
        experiment: Experiment.
    """
    spatial_cnn, head = networks.spatial_cnn(network), networks.head(network)

    @tf.function(reduce_retracing=True)
    def features(images):
        seen = views.ten_crops(images, experiment.image_size)
        return spatial_cnn(seen[None], training=False)[0]

    @tf.function(reduce_retracing=True)
    def probabilities(of_crops):
        return networks.probabilities(head(of_crops[None], training=False))

    def score(video):
        middles = np.full(SNIPPETS, 0.5, np.float32)
        positions = pipeline.segment_positions(
            video.num_snippets, SNIPPETS, middles
        )
        try:
            images = views.chosen_snippets(video, positions)
        except tf.errors.OpError as error:
            raise InputError(records.unreadable(video, error)) from error
        # One snippet's ten crops at a time bound the memory.
        of_crops = [features(one[None]) for one in images]
        return probabilities(tf.concat(of_crops, axis=0)).numpy()

    return score
