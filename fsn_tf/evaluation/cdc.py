"""Two optional steps of CDC's evaluation, off by default (C22 and C23)."""

from collections import abc
import dataclasses

import numpy as np

from fsn_tf import errors
from fsn_tf import segments

# THUMOS'14 labels every cliff dive as Diving too.
_FROM, _TO = "CliffDiving", "Diving"

SMOOTHINGS = ("none", "max5")
_FRAMES_EACH_WAY = 2


def max5(probabilities: np.ndarray) -> np.ndarray:
    """Maximum over five frames: a frame and two on either side (C23).

    Args:
        probabilities: (T, K); frames beyond either end do not count.

    Returns:
        (T, K) of the type that was given.
    """
    result = probabilities.copy()
    for shift in range(1, _FRAMES_EACH_WAY + 1):
        for one, other in (
            (result[shift:], probabilities[:-shift]),
            (result[:-shift], probabilities[shift:]),
        ):
            np.maximum(one, other, out=one)
    return result


def with_copied_scores(
    probabilities: np.ndarray, classes: abc.Sequence[str]
) -> np.ndarray:
    """Diving scores at least what CliffDiving does in every frame (C22).

    Args:
        probabilities: (T, K).
        classes: K action names.

    Returns:
        (T, K), a copy.
    """
    source, target = _columns(classes)
    result = probabilities.copy()
    np.maximum(
        result[:, target], probabilities[:, source], out=result[:, target]
    )
    return result


def with_copied_detections(
    detections: segments.Detections,
) -> segments.Detections:
    """Every CliffDiving detection once more, as Diving, after all (C22)."""
    source, target = _columns(detections.classes)
    rows = np.arange(len(detections))
    copied = np.flatnonzero(detections.label == source)
    both = detections.take(np.concatenate([rows, copied]))
    label = both.label.copy()
    label[len(rows) :] = target
    return dataclasses.replace(both, label=label)


def _columns(classes):
    for name in (_FROM, _TO):
        if name not in classes:
            raise errors.InputError(
                f"copying {_FROM} into {_TO} needs both classes; there is no "
                f"{name} among the {len(classes)} of the annotations"
            )
    return classes.index(_FROM), classes.index(_TO)
