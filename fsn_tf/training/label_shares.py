"""What is drawn of each class in training, and what follows from it."""

import numpy as np

from fsn_tf.experiment import Experiment
from fsn_tf.training.examples import TrainingSet


def balanced_weights(
    data: TrainingSet, experiment: Experiment
) -> np.ndarray | None:
    """The weight of every class in the loss, if the experiment has any.

    Args:
        data: examples.TrainingSet.
        experiment: Experiment; `class_weights` says whether.

    Returns:
        (C,) float32, the inverse of how often a class is drawn, with a mean
        of 1 over what is drawn; 0 for a class that never is. None where all
        weigh the same.
    """
    if experiment.class_weights == "none":
        return None
    shares = _shares(data.drawn_labels(experiment.balance))
    occurs = shares > 0
    inverse = np.divide(1, shares, out=np.zeros_like(shares), where=occurs)
    return (inverse / occurs.sum()).astype(np.float32)


def loss_of_guessing(data: TrainingSet, experiment: Experiment) -> float:
    """The loss of the network that knows the classes' shares and no more.

    That is their entropy; for FSN times the frames of a clip that count,
    unless the loss is their mean, and times the stages.

    Args:
        data: examples.TrainingSet.
        experiment: Experiment.
    """
    drawn = data.drawn_labels(experiment.balance)
    examples, shares = drawn.sum(), _shares(drawn)
    weights = balanced_weights(data, experiment)
    if weights is not None:
        shares = shares * weights
    smoothing = experiment.label_smoothing
    shares = (1 - smoothing) * shares + smoothing / len(shares)
    if experiment.network == "fsn" and experiment.loss_reduction == "mean":
        examples /= experiment.clip_frames
    # Each stage has a loss of its own.
    examples = examples * (1 + experiment.refinement_stages)
    shares = shares[shares > 0]
    return float(-examples * np.sum(shares * np.log(shares)))


def _shares(drawn):
    return drawn / drawn.sum()
