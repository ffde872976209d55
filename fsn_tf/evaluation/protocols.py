"""The protocols: what makes a detection right, and what sums it up (C28).

A protocol of segment mAP is one entry of PROTOCOLS and nothing else. None of
its parts has a default, so that forgetting one is an error.
"""

from collections import abc
import dataclasses

import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.evaluation import matching
from fsn_tf.evaluation import opentad
from fsn_tf.evaluation import precision


@dataclasses.dataclass(frozen=True)
class Protocol:
    """How segment mAP is computed, resampled and diagnosed.

    Attributes:
        name: What `--protocol` and results call it.
        counted: annotations -> those whose instances are to be found.
        reaches: (overlaps, tIoU) -> bool, which overlaps make a detection
            right: np.greater where the tIoU must be exceeded, and
            np.greater_equal where it is enough to reach it. It also says what
            the diagnosis takes for a double detection or a wrong label.
        match: Pairs detections with instances, see matching.Match.
        average_precision: (precision at each hit (H,), instances) -> AP.
        resampled_precision: AP of test sets whose videos were drawn again,
            (precision (B, H), copies (B, H), instances (B,)) -> (B,), see
            the module precision.
    """

    name: str
    counted: abc.Callable[[segments.Annotations], segments.Annotations]
    reaches: abc.Callable[[np.ndarray, float], np.ndarray]
    match: matching.Match
    average_precision: abc.Callable[[np.ndarray, int], float]
    resampled_precision: abc.Callable[
        [np.ndarray, np.ndarray, np.ndarray], np.ndarray
    ]


def _all(annotations):
    """Every instance counts."""
    return annotations


THUMOS14 = Protocol(
    name="thumos14",
    counted=_all,
    reaches=np.greater,
    match=matching.by_instance,
    average_precision=precision.mean,
    resampled_precision=precision.resampled_mean,
)
THUMOS14_2014 = Protocol(
    name="thumos14-2014",
    counted=_all,
    reaches=np.greater,
    match=matching.by_instance_right_first,
    average_precision=precision.eleven_points,
    resampled_precision=precision.resampled_eleven_points,
)
ACTIVITYNET = Protocol(
    name="activitynet",
    counted=_all,
    reaches=np.greater_equal,
    match=matching.by_score,
    average_precision=precision.envelope,
    resampled_precision=precision.resampled_envelope,
)
OPENTAD = dataclasses.replace(
    ACTIVITYNET,
    name="opentad",
    counted=opentad.without_doubles,
    match=opentad.by_sorted_score,
)
PROTOCOLS = {
    one.name: one for one in (THUMOS14, THUMOS14_2014, ACTIVITYNET, OPENTAD)
}

# Where every frame, or every video, has a class of its own, nothing is ranked
# or matched; each of these is computed by the module of its name.
SEGMENTATION = "segmentation"
CLASSIFICATION = "classification"
PHASES = "phases"
# What ranks frames alone, in frame_protocols, or moments.
MULTILABEL = "multilabel"
OAD = "oad"
SPOTTING = "spotting"
# Every value of --protocol.
NAMES = (
    *PROTOCOLS,
    MULTILABEL,
    OAD,
    SPOTTING,
    PHASES,
    SEGMENTATION,
    CLASSIFICATION,
)


def named(name: str) -> Protocol:
    """The protocol of segment mAP of this name.

    Raises:
        InputError: There is none.
    """
    if name not in PROTOCOLS:
        raise errors.InputError(
            f"protocol {name!r}: expected one of {', '.join(PROTOCOLS)}"
        )
    return PROTOCOLS[name]
