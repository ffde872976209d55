"""TSN's test of whole videos: 25 snippets, 10 crops of each."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.prediction import frozen
from fsn_tf.prediction import views
from fsn_tf.snippets import streams
from fsn_tf.snippets.prepared_folders import PreparedVideo
from fsn_tf.training import loading

SNIPPETS = 25
CROPS = 10


def inference(experiment: Experiment) -> str:
    """What `fsn predict` notes of it."""
    if experiment.stream == streams.FEATURES:
        return f"{SNIPPETS} snippets"
    return f"{SNIPPETS} snippets, {CROPS} crops"


def scorer(
    network: keras.Model, experiment: Experiment, *, learning: bool = False
) -> Callable[[PreparedVideo], np.ndarray]:
    """A function from a prepared video to (1, K) probabilities of the video.

    The scores of 25 evenly spaced snippets, five crops and their mirror
    images of each, are averaged before the softmax, as in training. Features
    are of one crop, which is all there is.

    Args:
        network: keras.Model, as fsn.tsn returns.
        experiment: Experiment.
        learning: Whether its weights will change, see frozen.function.
    """
    cnn = frozen.spatial_cnn(network, learning=learning)
    probabilities = _probabilities(network, experiment, learning)

    def of_crops(images):
        seen = views.ten_crops(images, experiment.image_size)
        return tf.cast(cnn(seen, training=False), tf.float32)

    of_crops = frozen.function(cnn, of_crops, learning=learning)

    def score(video):
        positions = _evenly(video.num_snippets, SNIPPETS)
        # (25 V, D) -> (1, K)
        return probabilities(video.features_at(positions, of_crops)).numpy()

    return score


def pooled(
    network: keras.Model, experiment: Experiment, *, learning: bool = False
) -> Callable[[np.ndarray], np.ndarray]:
    """WFSN's score of a video, by as many snippets as it is trained on.

    Args:
        network: keras.Model, as fsn.wfsn returns.
        experiment: Experiment.
        learning: Whether its weights will change, see frozen.function.

    Returns:
        A function from the (N, D) features of all snippets of a video to
        (1, K) probabilities.
    """
    probabilities = _probabilities(network, experiment, learning)

    def score(features):
        positions = _evenly(len(features), experiment.segments)
        return probabilities(features[positions.numpy()]).numpy()

    return score


def _probabilities(network, experiment, learning):
    """A graph function from (N, D) features to (1, K)."""
    head = fsn.video_head(network, experiment)

    def probabilities(features):
        return fsn.probabilities(head(features[None], training=False))

    return frozen.function(head, probabilities, learning=learning)


def _evenly(num_snippets, count):
    """(count,) int32 positions, in the middle of equal parts of a video."""
    middles = np.full(count, 0.5, np.float32)
    return loading.segment_positions(num_snippets, count, middles)
