"""What each network learns to get right."""

from fsn_tf import losses
from fsn_tf import quietly

tf = quietly.imported("tensorflow")


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
    hits = tf.cast(_guesses(scores) == labels, weights.dtype) * weights
    return example_losses, (tf.reduce_sum(hits), tf.reduce_sum(weights))


def _videos(scores, batch):
    example_losses = losses.video_cross_entropy(scores, batch["targets"])
    # A video of several classes is right by any of them.
    shares = tf.gather(batch["targets"], _guesses(scores), batch_dims=1)
    hits = tf.cast(shares > 0, tf.float32)
    videos = tf.cast(tf.size(hits), tf.float32)
    return example_losses, (tf.reduce_sum(hits), videos)


def _guesses(scores):
    return tf.argmax(scores, axis=-1, output_type=tf.int32)
