"""Cross-entropy of frames (Equation 4) and of whole videos, and smoothness."""

import keras
from keras import ops

# MS-TCN's tau: where scores change by more, it is meant to be an edge.
_LARGEST_CHANGE = 4.0


def frame_cross_entropy(
    logits: keras.KerasTensor,
    labels: keras.KerasTensor,
    weights: keras.KerasTensor,
    *,
    reduction: str = "sum",
    label_smoothing: float = 0.0,
    class_weights: keras.KerasTensor | None = None,
) -> keras.KerasTensor:
    """Equation 4 for each clip, before the mean over the batch.

    Args:
        logits: (B, T, K + 1) frame logits.
        labels: (B, T) int, index of the class of every frame.
        weights: (B, T) weight of every frame; 0 leaves it out (choice C15).
        reduction: Over the frames of a clip, "sum" as the equation has it,
            or "mean" as Keras would by default (choice C9).
        label_smoothing: Share of a label that all K + 1 classes have alike.
        class_weights: (K + 1,) weight of every class, or None for 1.

    Returns:
        (B,) loss of every clip.
    """
    if label_smoothing:
        targets = ops.one_hot(labels, logits.shape[-1], dtype=logits.dtype)
        cross_entropy = keras.losses.categorical_crossentropy(
            targets, logits, from_logits=True, label_smoothing=label_smoothing
        )
    else:
        # (B, T)
        cross_entropy = keras.losses.sparse_categorical_crossentropy(
            labels, logits, from_logits=True
        )
    if class_weights is not None:
        cross_entropy *= ops.take(class_weights, labels)
    weighted = cross_entropy * ops.cast(weights, cross_entropy.dtype)
    if reduction == "mean":
        return ops.mean(weighted, axis=1)
    return ops.sum(weighted, axis=1)


def change_of_scores(
    logits: keras.KerasTensor,
    weights: keras.KerasTensor,
    *,
    reduction: str = "sum",
) -> keras.KerasTensor:
    """MS-TCN's truncated mean squared error of each clip (Farha, Gall 2019).

    Penalizes what the log-probabilities of a frame change against those of
    the frame before, which learns nothing from it.

    Args:
        logits: (B, T, K + 1) frame logits.
        weights: (B, T) weight of every frame; 0 leaves out the change that
            ends there.
        reduction: Over the T - 1 changes of a clip, "sum" or "mean"; over
            the classes always the mean.

    Returns:
        (B,) loss of every clip.
    """
    scores = ops.log_softmax(logits, axis=-1)
    change = scores[:, 1:] - ops.stop_gradient(scores[:, :-1])
    truncated = ops.minimum(ops.square(change), _LARGEST_CHANGE**2)
    of_frames = ops.mean(truncated, axis=-1)
    weighted = of_frames * ops.cast(weights[:, 1:], of_frames.dtype)
    if reduction == "mean":
        return ops.mean(weighted, axis=1)
    return ops.sum(weighted, axis=1)


def video_cross_entropy(
    logits: keras.KerasTensor,
    targets: keras.KerasTensor,
    *,
    label_smoothing: float = 0.0,
    class_weights: keras.KerasTensor | None = None,
) -> keras.KerasTensor:
    """Cross-entropy of each video, before the mean over the batch.

    Args:
        logits: (B, K) logits of whole videos.
        targets: (B, K) share of each class in the video's label; rows sum to
            1.
        label_smoothing: Share of a label that all K classes have alike.
        class_weights: (K,) weight of every class, or None for 1; that of a
            video is the mean over its classes.

    Returns:
        (B,) loss of every video.
    """
    cross_entropy = keras.losses.categorical_crossentropy(
        targets, logits, from_logits=True, label_smoothing=label_smoothing
    )
    if class_weights is None:
        return cross_entropy
    return cross_entropy * ops.sum(targets * class_weights, axis=-1)
