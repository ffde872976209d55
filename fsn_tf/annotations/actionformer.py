"""ActionFormer's pickle of detections, read without being run.

It is what `eval.py --saveonly` leaves, in ActionFormer and what was made of
it: {"video-id", "t-start", "t-end", "label", "score": a column each}. Labels
are ids, counted from 0.
"""

from collections.abc import Sequence
import pathlib

import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.annotations import array_pickles
from fsn_tf.annotations import class_lists
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

COLUMNS = ("video-id", "t-start", "t-end", "label", "score")


def read_detections(
    path: pathlib.Path | str,
    *,
    classes: Sequence[str],
    sources: class_lists.Sources,
) -> segments.Detections:
    """Reads detections.

    Args:
        path: Pickle file.
        classes: K names.
        sources: Where the ids of the classes stand.

    Returns:
        segments.Detections in the order of the file; its videos are in order
        of first appearance.

    Raises:
        InputError: It holds anything but these columns, or is damaged.
    """
    video, start, end, label, score = _columns(path)
    notes: tuple[str, ...] = ()
    if label and not isinstance(label[0], str):
        numbering = sources.numbering(classes)
        label = _named(path, label, numbering)
        notes = (numbering.note(path),)
    placed = (
        (f"{path}: detection {row}", *values)
        for row, values in enumerate(
            zip(video, label, start, end, score, strict=True)
        )
    )
    return rows.detections(placed, classes, notes=notes)


def _columns(path):
    """A list for each of COLUMNS, all of one length."""
    value = array_pickles.load(path)
    if not isinstance(value, dict) or not {*COLUMNS} <= value.keys():
        came = list(value) if isinstance(value, dict) else value
        raise text_files.mistake(path, f"a dict of {', '.join(COLUMNS)}", came)
    columns = [_column(f"{path}: {name}", value[name]) for name in COLUMNS]
    sizes = [len(column) for column in columns]
    if len(set(sizes)) > 1:
        raise text_files.mistake(path, "columns of one length", sizes)
    if not sizes[0]:
        raise errors.InputError(f"{path}: expected a detection, got none")
    return columns


def _column(where, column):
    """The column as a list."""
    if isinstance(column, np.ndarray) and column.ndim == 1:
        return column.tolist()
    if not isinstance(column, list):
        raise text_files.mistake(where, "a list, or an array (D,)", column)
    return column


def _named(path, label, numbering):
    """The names of ids."""
    names = []
    for row, number in enumerate(label):
        where = f"{path}: detection {row}"
        if type(number) is not int:
            raise text_files.mistake(where, "label to be a class id", number)
        names.append(numbering.name(where, number))
    return names
