"""Cross-entropy of frames (Equation 4) and of whole videos."""

import keras
from keras import ops


def frame_cross_entropy(
    logits: keras.KerasTensor,
    labels: keras.KerasTensor,
    weights: keras.KerasTensor,
    *,
    reduction: str = "sum",
) -> keras.KerasTensor:
    """Equation 4 for each clip, before the mean over the batch.

    Args:
        logits: (B, T, K + 1) frame logits.
        labels: (B, T) int, index of the class of every frame.
        weights: (B, T) weight of every frame; 0 leaves it out (choice C15).
        reduction: Over the frames of a clip, "sum" as the equation has it,
            or "mean" as Keras would by default (choice C9).

    Returns:
        (B,) loss of every clip.
    """
    # (B, T)
    cross_entropy = keras.losses.sparse_categorical_crossentropy(
        labels, logits, from_logits=True
    )
    weighted = cross_entropy * ops.cast(weights, cross_entropy.dtype)
    if reduction == "mean":
        return ops.mean(weighted, axis=1)
    return ops.sum(weighted, axis=1)


def video_cross_entropy(
    logits: keras.KerasTensor, targets: keras.KerasTensor
) -> keras.KerasTensor:
    """Cross-entropy of each video, before the mean over the batch.

    Args:
        logits: (B, K) logits of whole videos.
        targets: (B, K) share of each class in the video's label; rows sum to
            1.

    Returns:
        (B,) loss of every video.
    """
    return keras.losses.categorical_crossentropy(
        targets, logits, from_logits=True
    )
