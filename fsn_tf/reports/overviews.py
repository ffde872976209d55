"""Lists of segments at a glance: a table, and a picture of many videos."""

from collections.abc import Collection
from collections.abc import Mapping
import pathlib

from fsn_tf import files
from fsn_tf import segments
from fsn_tf.reports import ethogram
from fsn_tf.reports import time_budget

SUMMARY, ETHOGRAM = "summary", "ethogram"
_FILES = {SUMMARY: time_budget.NAME, ETHOGRAM: ethogram.NAME}


def write(
    folder: pathlib.Path | str,
    found: segments.Detections,
    wanted: Collection[str],
    seconds: Mapping[str, float] | None = None,
) -> tuple[str, ...]:
    """Writes those that are wanted, and removes what is left of the others.

    Args:
        folder: To write to.
        found: The segments.
        wanted: Some of SUMMARY and ETHOGRAM.
        seconds: Length of each video, where it is known.

    Returns:
        Names of the files.
    """
    folder = pathlib.Path(folder)
    for kind, name in _FILES.items():
        if kind not in wanted:
            (folder / name).unlink(missing_ok=True)
            continue
        is_table = kind == SUMMARY
        text = (
            time_budget.text(found)
            if is_table
            else ethogram.svg(found, seconds)
        )
        files.write_text(folder / name, text)
    return tuple(name for kind, name in _FILES.items() if kind in wanted)
