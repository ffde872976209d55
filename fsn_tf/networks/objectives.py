"""What each network learns to get right."""

from collections.abc import Mapping

import keras
from keras import ops

from fsn_tf.experiment import Experiment
from fsn_tf.networks import losses


def compared(
    logits: keras.KerasTensor,
    batch: Mapping[str, keras.KerasTensor],
    experiment: Experiment,
    class_weights: keras.KerasTensor | None = None,
) -> tuple[keras.KerasTensor, tuple[keras.KerasTensor, keras.KerasTensor]]:
    """Scores of a batch against its labels.

    Args:
        logits: What learners.of gives: those of every stage, the last one's
            last, where the experiment refines them.
        batch: What the pipeline gives: labels and weights of frames for FSN,
            targets of videos for TSN.
        experiment: Experiment.
        class_weights: (C,) weight of every class in the loss, or None.

    Returns:
        ((B,) loss of every example, (labels that are right, labels)).
    """
    beyond = {
        "label_smoothing": experiment.label_smoothing,
        "class_weights": class_weights,
    }
    if experiment.network == "fsn":
        stages = logits if experiment.refinement_stages else [logits]
        return _frames(stages, batch, experiment, beyond)
    return _videos(logits, batch, beyond)


def _frames(stages, batch, experiment, beyond):
    labels, weights = batch["labels"], batch["weights"]
    example_losses = sum(
        _stage_losses(logits, labels, weights, experiment, beyond)
        for logits in stages
    )
    # (B, T), the weight of a frame that is right, else 0.
    hits = ops.cast(_guesses(stages[-1]) == labels, weights.dtype) * weights
    return example_losses, (ops.sum(hits), ops.sum(weights))


def _stage_losses(logits, labels, weights, experiment, beyond):
    reduction = experiment.loss_reduction
    cross_entropy = losses.frame_cross_entropy(
        logits, labels, weights, reduction=reduction, **beyond
    )
    if not experiment.smoothing_weight:
        return cross_entropy
    change = losses.change_of_scores(logits, weights, reduction=reduction)
    return cross_entropy + experiment.smoothing_weight * change


def _videos(logits, batch, beyond):
    example_losses = losses.video_cross_entropy(
        logits, batch["targets"], **beyond
    )
    # A video of several classes is right by any of them. (B, 1) each:
    guesses = ops.expand_dims(_guesses(logits), axis=1)
    shares = ops.take_along_axis(batch["targets"], guesses, axis=1)
    hits = ops.cast(shares > 0, "float32")
    return example_losses, (ops.sum(hits), ops.sum(ops.ones_like(hits)))


def _guesses(logits):
    return ops.cast(ops.argmax(logits, axis=-1), "int32")
