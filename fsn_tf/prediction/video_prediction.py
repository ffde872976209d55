"""TSN's test of whole videos: 25 snippets, 10 crops of each."""

import numpy as np
import tensorflow as tf

from fsn_tf.errors import InputError
from fsn_tf.networks import fsn
from fsn_tf.prediction import views
from fsn_tf.snippets import feature_files
from fsn_tf.snippets import snippet_files
from fsn_tf.training import pipeline

SNIPPETS = 25
CROPS = 10


def inference(experiment):
    """What `fsn predict` notes of it."""
    if experiment.stream == feature_files.STREAM:
        return f"{SNIPPETS} snippets"
    return f"{SNIPPETS} snippets, {CROPS} crops"


def scorer(network, experiment):
    """A function from a prepared video to (1, K) probabilities of the video.

    The scores of 25 evenly spaced snippets, five crops and their mirror
    images of each, are averaged before the softmax, as in training. Features
    are of one crop, which is all there is.

    Args:
        network: keras.Model, as fsn.tsn returns.
        experiment: Experiment.
    """
    head = fsn.head(network)
    features = (
        _stored_features
        if experiment.stream == feature_files.STREAM
        else _crop_features(network, experiment)
    )

    @tf.function(reduce_retracing=True)
    def probabilities(of_crops):
        return fsn.probabilities(head(of_crops[None], training=False))

    def score(video):
        middles = np.full(SNIPPETS, 0.5, np.float32)
        positions = pipeline.segment_positions(
            video.num_snippets, SNIPPETS, middles
        )
        return probabilities(features(video, positions)).numpy()

    return score


def _stored_features(video, positions):
    return tf.constant(feature_files.load(video)[positions.numpy()])


def _crop_features(network, experiment):
    """A function from a video and positions to features of all their crops."""
    spatial_cnn = fsn.spatial_cnn(network)

    @tf.function(reduce_retracing=True)
    def features(images):
        seen = views.ten_crops(images, experiment.image_size)
        return spatial_cnn(seen[None], training=False)[0]

    def of_video(video, positions):
        try:
            images = views.chosen_snippets(video, positions)
        except tf.errors.OpError as error:
            raise InputError(snippet_files.unreadable(video, error)) from error
        # One snippet's ten crops at a time bound the memory.
        return tf.concat([features(one[None]) for one in images], axis=0)

    return of_video
