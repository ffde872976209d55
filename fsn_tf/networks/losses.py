"""Cross-entropy of frames (Equation 4) and of whole videos."""

import keras
from keras import ops


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
