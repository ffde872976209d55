"""CSV tables with the columns video, start, end, label; times in seconds."""

from collections.abc import Sequence
import csv
import io
import pathlib

from fsn_tf import errors
from fsn_tf import files
from fsn_tf import segments
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

COLUMNS = ("video", "start", "end", "label")


def read(
    path: pathlib.Path | str, *, classes: Sequence[str] | None = None
) -> segments.Annotations:
    """Reads ground truth.

    The first row may be a header, with the columns in any order; without
    one they are in the order of COLUMNS.

    Args:
        path: CSV file.
        classes: K names; None takes those that occur, in name order.

    Returns:
        segments.Annotations in the order of the rows.
    """
    table, notes = _table(path, COLUMNS)
    placed = [
        (where, rows.instance(where, video, label, start, end))
        for where, (video, start, end, label) in table
    ]
    return rows.annotations(path, placed, classes, notes=notes)


def write(path: pathlib.Path | str, annotations: segments.Annotations) -> None:
    """Writes ground truth.

    Classes and videos without a row, and durations, have no place in this
    format. The ambiguous instances follow the others.
    """
    table = (
        (each.video, each.start_seconds, each.end_seconds, each.label)
        for each in (*annotations.instances, *annotations.ambiguous)
    )
    _write(path, COLUMNS, table)


def read_detections(
    path: pathlib.Path | str, *, classes: Sequence[str]
) -> segments.Detections:
    """Reads detections: as ground truth, with a fifth column, score.

    Returns:
        segments.Detections in the order of the rows; its videos are in order
        of first appearance.
    """
    table, notes = _table(path, (*COLUMNS, "score"))
    placed = (
        (where, video, label, start, end, score)
        for where, (video, start, end, label, score) in table
    )
    return rows.detections(placed, classes, notes=notes)


def write_detections(
    path: pathlib.Path | str, detections: segments.Detections
) -> None:
    """Writes detections, in their order."""
    table = (
        (video, start, end, label, score)
        for video, label, start, end, score in detections.rows()
    )
    _write(path, (*COLUMNS, "score"), table)


def _write(path, columns, table):
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(table)
    files.write_text(path, content.getvalue())


def _table(path, columns):
    """([(where, fields in the order of `columns`)], notes)."""
    table = list(_records(path))
    header = []
    if table:
        where, fields = table[0]
        header = _header(where, fields, columns)
    table, header = (table[1:], header) if header else (table, columns)
    if not table:
        expected = f"rows {','.join(columns)}"
        raise errors.InputError(f"{path}: expected {expected}, got none")
    for where, fields in table:
        if len(fields) != len(header):
            expected = f"{len(header)} columns {','.join(header)}"
            raise text_files.mistake(where, expected, fields)
    order = [header.index(name) for name in columns]
    table = [(where, [fields[i] for i in order]) for where, fields in table]
    unused = [name for name in header if name not in columns]
    return table, tuple(f"{path}: column {x!r} is not used" for x in unused)


def _records(path):
    """Yields (where, fields) of every row that is not blank."""
    lines = (line for _, line in text_files.lines(path))
    reader = csv.reader(lines, strict=True, skipinitialspace=True)
    try:
        for fields in reader:
            fields = [field.strip() for field in fields]
            if any(fields):
                yield f"{path}:{reader.line_num}", fields
    except csv.Error as error:
        raise errors.InputError(
            f"{path}:{reader.line_num}: expected CSV, got a mistake: {error}"
        ) from error


def _header(where, fields, columns):
    """The names of the columns, or [] if the first row is not a header."""
    if any(_is_number(field) for field in fields):
        return []
    header = [field.lower() for field in fields]
    for name in columns:
        if header.count(name) != 1:
            expected = f"one column {name} in a header, or a row with numbers"
            raise text_files.mistake(where, expected, fields)
    return header


def _is_number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True
