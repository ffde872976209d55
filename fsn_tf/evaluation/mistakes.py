"""Why a detection is wrong, after DETAD (Alwassel et al., ECCV 2018)."""

import dataclasses

import numpy as np

from fsn_tf import segments
from fsn_tf.evaluation import matching
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking

# Less overlap than this is none (DETAD).
_TOUCHES = 0.1

DOUBLE, WRONG_LABEL, LOCALIZATION, BACKGROUND = KINDS = (
    "double detection",
    "wrong label",
    "localization error",
    "background",
)
RIGHT = "right"


def labels(annotations: segments.Annotations) -> np.ndarray:
    """(I,) int, the class of every instance."""
    label = {name: index for index, name in enumerate(annotations.classes)}
    found = [label[one.label] for one in annotations.instances]
    return np.array(found, int)


def kinds_of(
    annotations: segments.Annotations,
    detections: segments.Detections,
    ranked: ranking.Ranking,
    tiou: float,
    protocol: protocols.Protocol,
) -> np.ndarray:
    """Why each detection is wrong.

    A double detection reaches the tIoU with an instance of its class, which
    another one found. Otherwise a wrong label reaches it with an instance of
    another class. Otherwise a localization error overlaps an instance of its
    class by 0.1 or more. What overlaps other classes only by that much is a
    wrong label too (DETAD's confusion error); the rest is background.

    Args:
        annotations: The instances to find.
        detections: Of the same classes.
        ranked: M detections that count, by class and score.
        tiou: The overlap that makes a detection right.
        protocol: Says whether the tIoU must be exceeded or reached.

    Returns:
        (M,) str, one of KINDS, or RIGHT.
    """
    wrong = np.flatnonzero(~ranked.right)
    same, other = _best_overlaps(
        annotations, detections, ranked.row[wrong], min(tiou, _TOUCHES)
    )
    kinds = np.full(len(ranked.row), RIGHT, object)
    kinds[wrong] = np.select(
        [
            protocol.reaches(same, tiou),
            protocol.reaches(other, tiou),
            same >= _TOUCHES,
            other >= _TOUCHES,
        ],
        [DOUBLE, WRONG_LABEL, LOCALIZATION, WRONG_LABEL],
        BACKGROUND,
    )
    return kinds


def _best_overlaps(annotations, detections, rows, least):
    """(same, other), each (N,): best tIoU with either kind of class.

    What is below `least` counts as none.
    """
    asked = detections.take(rows)
    # As if all were one class, so that every overlap is looked at.
    everything = dataclasses.replace(
        annotations,
        classes=("any",),
        instances=tuple(
            dataclasses.replace(one, label="any")
            for one in annotations.instances
        ),
        ambiguous=(),
    )
    given = matching.candidates(
        everything,
        dataclasses.replace(
            asked, classes=("any",), label=np.zeros(len(rows), int)
        ),
        least,
    )
    # (P,) of each overlapping pair its place among `rows`, its instance, and
    # whether their classes are one.
    row = given.found.row[given.found_index]
    instance = given.truth.row[given.truth_index]
    alike = asked.label[row] == labels(annotations)[instance]
    best = np.zeros((2, len(rows)))
    np.maximum.at(best, (np.where(alike, 0, 1), row), given.tiou)
    return best
