"""What is right and wrong in each video among the surest detections."""

import numpy as np

from fsn_tf.evaluation import ranking


def counts(
    ranked: ranking.Ranking, instance_counts: np.ndarray
) -> dict[str, np.ndarray]:
    """What is right and wrong in each video, among the surest detections.

    Of each class as many of the most confident detections count as it has
    instances, which says what somebody would meet who asks for that many.

    Args:
        ranked: The detections that count at one tIoU, by class and score.
        instance_counts: (K, V) int, see ranking.instance_counts.

    Returns:
        {"instances", "right", "wrong", "missed": (V,) int}; what is missed
        was not found by any of the surest.
    """
    num_videos = instance_counts.shape[1]
    surest = (
        ranking.ranks(ranked.label) <= instance_counts.sum(axis=1)[ranked.label]
    )
    right, wrong = (
        np.bincount(ranked.video[surest & kind], minlength=num_videos)
        for kind in (ranked.right, ~ranked.right)
    )
    instances = instance_counts.sum(axis=0)
    return {
        "instances": instances,
        "right": right,
        "wrong": wrong,
        "missed": instances - right,
    }


def order(found: dict[str, np.ndarray]) -> np.ndarray:
    """(V,) int, the videos by errors, wrong and missed together; worst first.

    Of equals the one with fewer right comes first, then the earlier.

    Args:
        found: What `counts` returns.
    """
    return np.lexsort((found["right"], -(found["wrong"] + found["missed"])))
