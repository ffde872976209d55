"""Detections thinned by NMS video by video, so that few are held.

What NMS leaves of a video does not depend on any other. What it leaves at one
tIoU or another is all that an evaluation needs, and of noisy scores a small
part of what was found.
"""

from collections import abc
import dataclasses

import numpy as np

from fsn_tf import segments
from fsn_tf.evaluation import cdc
from fsn_tf.evaluation import settings as evaluation_settings
from fsn_tf.evaluation import waiting
from fsn_tf.grouping import suppression

# NMS tIoU is that much lower than the evaluation's (Section 4.2).
_NMS_MARGIN = 0.1


@dataclasses.dataclass(frozen=True)
class Thinned:
    """What is left of detections for the evaluation at N tIoU.

    Attributes:
        detections: The D that are left at one tIoU or another.
        kept: (N, D) bool, which of them at each.
        row: (D,) int, rising, the place of each among all that there were.
        num_found: How many there were, but for copies.
        num_copied: How many copies stood behind them (C22).
    """

    detections: segments.Detections
    kept: np.ndarray
    row: np.ndarray
    num_found: int
    num_copied: int


def thinned(
    found: segments.Detections, settings: evaluation_settings.Detection
) -> Thinned:
    """Thins detections of any number of videos.

    Args:
        found: Detections.
        settings: Says at which tIoU, and whether to suppress or copy.
    """
    everything = found
    if settings.copy_cliff_diving:
        everything = cdc.with_copied_detections(found)
    size, tious = len(everything), settings.tious
    kept, row = np.ones((len(tious), size), bool), np.arange(size)
    if settings.nms:
        masks = suppression.each_survivors(
            everything, [round(max(x - _NMS_MARGIN, 0), 9) for x in tious]
        )
        for mask, place in zip(
            waiting.followed(masks, len(tious), "tIoU of NMS"),
            kept,
            strict=True,
        ):
            place[:] = mask
        row = np.flatnonzero(kept.any(axis=0))
        kept, everything = kept[:, row], everything.take(row)
    return Thinned(everything, kept, row, len(found), size - len(found))


def joined(parts: abc.Sequence[Thinned]) -> Thinned:
    """What `thinned` gives of the detections of all parts together.

    Args:
        parts: One or more, of different videos.
    """
    found = np.array([one.num_found for one in parts])
    copied = np.array([one.num_copied for one in parts])
    before = np.cumsum(found) - found
    # Copies come behind all that was found, of whatever part.
    copies_before = found.sum() + np.cumsum(copied) - copied - found
    row = np.concatenate(
        [
            one.row + np.where(one.row < one.num_found, first, first_copy)
            for one, first, first_copy in zip(
                parts, before, copies_before, strict=True
            )
        ]
    )
    order = np.argsort(row)
    return Thinned(
        segments.join([one.detections for one in parts]).take(order),
        np.concatenate([one.kept for one in parts], axis=1)[:, order],
        row[order],
        int(found.sum()),
        int(copied.sum()),
    )
