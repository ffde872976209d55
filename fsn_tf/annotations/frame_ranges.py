"""Frames counted from 1, the last one included, as labeling tools show them."""

import pathlib

from fsn_tf import segments
from fsn_tf.annotations import labelings
from fsn_tf.annotations import text_files


def seconds(
    where: pathlib.Path | str, first: float, last: float, rate: float
) -> tuple[float, float]:
    """(start, end) in seconds of the frames first..last, both shown.

    Raises:
        InputError: They are not such frames.
    """
    if not (first >= 1 and last >= first):
        expected = "frames from 1 on, the last not before the first"
        raise text_files.mistake(where, expected, [first, last])
    if first % 1 or last % 1:
        raise text_files.mistake(where, "whole numbers", [first, last])
    return (first - 1) / rate, last / rate


def frames(
    labeling: labelings.Labeling, one: segments.Instance, rate: float
) -> tuple[int, int] | None:
    """(first, last) of an instance, each end on the nearest edge of a frame.

    Returns:
        Frames counted from 1; None where no frame is left, which is counted
        among the losses.
    """
    span = edges(labeling, one, rate)
    return None if span is None else (span[0] + 1, span[1])


def edges(
    labeling: labelings.Labeling, one: segments.Instance, rate: float
) -> tuple[int, int] | None:
    """(first, stop) of an instance, from 0, half open; see frames."""
    first, stop = round(one.start_seconds * rate), round(one.end_seconds * rate)
    if stop > first:
        return first, stop
    labeling.losses["instances of less than a frame left out"] += 1
    return None
