"""What each network learns to get right."""

from keras import ops

from fsn_tf.networks import losses


def compared(scores, batch, experiment):
    """Scores of a batch against its labels.

    Args:
        scores: What the network of the experiment gives.
        batch: What the pipeline gives: labels and weights of frames for FSN,
            targets of videos for TSN.
        experiment: Experiment.

    Returns:
        ((B,) loss of every example, (labels that are right, labels)).
    """
    if experiment.network == "fsn":
        return _frames(scores, batch, experiment.loss_reduction)
    return _videos(scores, batch)


def _frames(scores, batch, reduction):
    labels, weights = batch["labels"], batch["weights"]
    example_losses = losses.frame_cross_entropy(
        scores, labels, weights, reduction=reduction
    )
    hits = ops.cast(_guesses(scores) == labels, weights.dtype) * weights
    return example_losses, (ops.sum(hits), ops.sum(weights))


def _videos(scores, batch):
    example_losses = losses.video_cross_entropy(scores, batch["targets"])
    # A video of several classes is right by any of them.
    guesses = ops.expand_dims(_guesses(scores), axis=1)
    shares = ops.take_along_axis(batch["targets"], guesses, axis=1)
    hits = ops.cast(shares > 0, "float32")
    return example_losses, (ops.sum(hits), ops.sum(ops.ones_like(hits)))


def _guesses(scores):
    return ops.cast(ops.argmax(scores, axis=-1), "int32")
