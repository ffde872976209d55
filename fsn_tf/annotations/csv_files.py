"""CSV tables with the columns video, start, end, label; times in seconds."""

from collections.abc import Collection
from collections.abc import Sequence
import csv
import io
import pathlib
import re

from fsn_tf import errors
from fsn_tf import files
from fsn_tf import segments
from fsn_tf.annotations import clock_times
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files
from fsn_tf.segments import names

COLUMNS = ("video", "start", "end", "label")
_TIMES = ("start", "end")

# A row of another separator is one field, but not the name of a video.
_SEPARATOR = re.compile(r"[;\t|]")


def read(
    path: pathlib.Path | str, *, classes: Sequence[str] | None = None
) -> segments.Annotations:
    """Reads ground truth.

    The first row may be a header, with the columns in any order; without
    one they are in the order of COLUMNS. A row of a name alone, `v` or
    `v,,,`, says that a video is annotated and shows no action. Times are as
    in clock_times; in columns start_frame, end_frame and fps, frames.

    Args:
        path: CSV file.
        classes: K names; None takes those that occur, in name order.

    Returns:
        segments.Annotations in the order of the rows.
    """
    table, notes = _table(path, COLUMNS, names_alone=True)
    placed, quiet = [], []
    for where, (video, start, end, label) in table:
        if start or end or label:
            row = rows.instance(where, video, label, start, end)
            placed.append((where, row))
        else:
            quiet.append(rows.video_name(where, video))
    return rows.annotations(path, placed, classes, videos=quiet, notes=notes)


def write(path: pathlib.Path | str, annotations: segments.Annotations) -> None:
    """Writes ground truth.

    Classes without an instance, and durations, have no place in this format.
    The ambiguous instances follow the others, then come the videos without
    any.
    """
    everything = (*annotations.instances, *annotations.ambiguous)
    table = [
        (
            names.written(each.video),
            each.start_seconds,
            each.end_seconds,
            each.label,
        )
        for each in everything
    ]
    shown = {each.video for each in everything}
    quiet = [
        (names.written(video), "", "", "")
        for video in annotations.videos
        if video not in shown
    ]
    _write(path, COLUMNS, [*table, *quiet])


def write_videos(
    path: pathlib.Path | str,
    source: pathlib.Path | str,
    videos: Collection[str],
) -> None:
    """Writes the rows of a file of ground truth that are of these videos.

    All columns, and the order of the rows, stay.
    """
    is_headed, header, table = _parted(source, COLUMNS, names_alone=True)
    place = header.index("video")
    kept = [
        fields
        for where, fields in table
        if rows.video_name(where, fields[place]) in videos
    ]
    _write(path, header if is_headed else [], kept)


def column(path: pathlib.Path | str, name: str) -> dict[str, str]:
    """{video: what stands in one column of its rows}.

    Raises:
        InputError: There is no such column, or rows of a video differ.
    """
    is_headed, header, table = _parted(path, COLUMNS, names_alone=True)
    if not is_headed or name.lower() not in header:
        found = ",".join(header) if is_headed else "no header"
        raise errors.InputError(
            f"{path}: expected a column {name}, got {found}"
        )
    values: dict[str, str] = {}
    for where, fields in table:
        row = dict(zip(header, fields, strict=True))
        video, value = rows.video_name(where, row["video"]), row[name.lower()]
        if values.setdefault(video, value) != value:
            expected = f"{name} of {video} to be {values[video]!r}, as before"
            raise text_files.mistake(where, expected, value)
    return values


def header(path: pathlib.Path | str) -> list[str]:
    """The names of the columns, in small letters; [] without a header."""
    first = next(_records(path), None)
    if first is None or any(map(_is_number, first[1])):
        return []
    return [field.lower() for field in first[1]]


def read_detections(
    path: pathlib.Path | str, *, classes: Sequence[str] | None
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
        (names.written(video), start, end, label, score)
        for video, label, start, end, score in detections.rows()
    )
    _write(path, (*COLUMNS, "score"), table)


def _write(path, columns, table):
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerows([columns] if columns else [])
    writer.writerows(table)
    files.write_text(path, content.getvalue())


def _table(path, columns, *, names_alone=False):
    """([(where, fields in the order of `columns`)], notes)."""
    _, header, table = _parted(path, columns, names_alone=names_alone)
    used = _wanted(header, columns)
    placed = []
    for where, fields in table:
        row = dict(zip(header, fields, strict=True))
        row |= _times(where, row)
        placed.append((where, [row[name] for name in columns]))
    unused = [name for name in header if name not in used]
    return placed, tuple(f"{path}: column {x!r} is not used" for x in unused)


def _wanted(header, columns):
    """The columns that are needed, which may give the times as frames."""
    if "start" in header or "start_frame" not in header:
        return columns
    return (*(f"{x}_frame" if x in _TIMES else x for x in columns), "fps")


def _times(where, row):
    """{"start": seconds, "end": seconds} of a row; text if not understood."""
    if "start" in row:
        return {x: clock_times.of_cell(where, x, row[x]) for x in _TIMES}
    return {x: clock_times.of_frame(where, f"{x}_frame", row) for x in _TIMES}


def _parted(path, columns, *, names_alone):
    """(whether there is a header, names of the columns, [(where, fields)]).

    Where `names_alone`, a row may be a name and nothing else.
    """
    table = list(_records(path))
    header = []
    if table and not (names_alone and _is_name(table[0][1])):
        where, fields = table[0]
        header = _header(where, fields, columns)
    is_headed = bool(header)
    table, header = (table[1:], header) if header else (table, list(columns))
    if not table:
        expected = f"rows {','.join(columns)}"
        raise errors.InputError(f"{path}: expected {expected}, got none")
    for where, fields in table:
        if names_alone and header[0] == "video" and _is_name(fields):
            fields += [""] * (len(header) - len(fields))
        if len(fields) != len(header):
            expected = f"{len(header)} columns {','.join(header)}"
            raise text_files.mistake(where, expected, fields)
    return is_headed, header, table


def _is_name(fields):
    """Whether a row is the name of a video and nothing else."""
    name, *rest = fields
    if not name or any(rest) or name.lower() == "video":
        return False
    return _SEPARATOR.search(name) is None


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
    for name in _wanted(header, columns):
        if header.count(name) != 1:
            expected = f"one column {name} in a header, or a row with numbers"
            if name == "fps":
                expected = "a column fps, for frames are no times without it"
            raise text_files.mistake(where, expected, fields)
    return header


def _is_number(field):
    try:
        float(field)
    except ValueError:
        return clock_times.is_one(field)
    return True
