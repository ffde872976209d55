"""Times in the cells of a table: seconds, clock times, frames at a rate."""

from collections.abc import Mapping
import pathlib
import re

from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

# mm:ss.f, where minutes may pass 59, or hh:mm:ss.f.
_CLOCK = re.compile(
    r"(?:([0-9]{1,6}):([0-5]?[0-9])|([0-9]{1,6})):([0-5]?[0-9](?:\.[0-9]*)?)",
    re.ASCII,
)
_WHOLE = re.compile(r"[0-9]{1,12}", re.ASCII)


def is_one(cell: str) -> bool:
    """Whether a cell is a time as a clock shows it."""
    return _CLOCK.fullmatch(cell) is not None


def of_cell(where: pathlib.Path | str, what: str, cell: str) -> str | float:
    """Seconds of a cell with a clock time; any other cell as it is.

    Raises:
        InputError: It has a colon, or a comma for the decimal point, and is
            none.
    """
    match = _CLOCK.fullmatch(cell)
    if match is not None:
        hours, of_hour, minutes, seconds = match.groups()
        whole = int(minutes or 0) + 60 * int(hours or 0) + int(of_hour or 0)
        return 60 * whole + float(seconds)
    if ":" in cell or re.fullmatch(r"[0-9]+,[0-9]+", cell):
        expected = (
            f"{what} to be seconds, mm:ss.f or hh:mm:ss.f, with a decimal point"
        )
        raise text_files.mistake(where, expected, cell)
    return cell


def of_frame(
    where: pathlib.Path | str, what: str, row: Mapping[str, str]
) -> str | float:
    """Seconds at which a row's frame appears by its `fps`; "" if it has none.

    The first frame is 0.

    Raises:
        InputError: It is no whole number, or `fps` no rate.
    """
    cell = row[what]
    if not cell:
        return cell
    if not _WHOLE.fullmatch(cell):
        raise text_files.mistake(where, f"{what} to be a frame from 0 on", cell)
    fps = rows.finite(where, "fps", row["fps"])
    if fps <= 0:
        raise text_files.mistake(where, "fps to be over 0", row["fps"])
    return int(cell) / fps
