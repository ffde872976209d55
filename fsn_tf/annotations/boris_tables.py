"""BORIS's tables: aggregated events, and events one by one; CSV or TSV."""

import csv
import pathlib

from fsn_tf import errors
from fsn_tf.annotations import json_values
from fsn_tf.annotations import labelings
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

# Older files say much about the observation before the table begins.
_HEADER_LINES = 100
_AGGREGATED = {"behavior", "start (s)", "stop (s)"}
_EVENTS = {"behavior", "time"}
_KINDS = ("behavior type", "status")
_MEDIA = ("media file name", "media file path", "media file", "source")


def is_one(path: pathlib.Path | str) -> bool:
    """Whether one of the first lines of a file is the head of such a table."""
    return _head(path)[0] is not None


def read(path: pathlib.Path) -> labelings.Labeling:
    """Reads a table; points, subjects, modifiers and others are left out."""
    head, delimiter, number = _head(path)
    if head is None:
        raise errors.InputError(
            f"{path}: expected a header with Behavior, Start (s) and Stop (s), "
            "or Time, Behavior and Behavior type, got none"
        )
    found = labelings.Labeling(path)
    table = list(_rows(path, head, delimiter, number))
    if set(head) >= _AGGREGATED:
        _add_aggregated(found, table)
    else:
        _add_events(found, table)
    return found


def _head(path):
    """([names of the columns] or None, delimiter, number of the line)."""
    for number, (_, line) in enumerate(text_files.lines(path), start=1):
        for delimiter in ("\t", ",", ";"):
            # Names of columns have neither separators nor line ends.
            head = [
                name.strip().strip('"').lower()
                for name in line.split(delimiter)
            ]
            is_events = set(head) >= _EVENTS and any(x in head for x in _KINDS)
            if set(head) >= _AGGREGATED or is_events:
                return head, delimiter, number
        if number == _HEADER_LINES:
            break
    return None, "", 0


def _rows(path, head, delimiter, number):
    """Yields (where, {column: field}) of every row below the head."""
    lines = (line for _, line in text_files.lines(path))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for fields in reader:
            where = f"{path}:{reader.line_num}"
            if reader.line_num <= number or not any(map(str.strip, fields)):
                continue
            if len(fields) > len(head):
                expected = f"{len(head)} columns at most"
                raise text_files.mistake(where, expected, fields)
            row = dict.fromkeys(head, "")
            row |= dict(zip(head, map(str.strip, fields), strict=False))
            yield where, row
    except csv.Error as error:
        raise errors.InputError(
            f"{path}:{reader.line_num}: expected CSV, got a mistake: {error}"
        ) from error


def _add_aggregated(found, table):
    for where, row in table:
        video = _video(found, where, row)
        kind = row.get("behavior type", "").upper()
        offset = _offset(where, row)
        if kind.startswith("POINT"):
            found.losses["points left out"] += 1
            continue
        start, end = (
            rows.finite(where, key, row[key]) - offset
            for key in ("start (s)", "stop (s)")
        )
        _count_details(found, row)
        found.add(where, video, row["behavior"], start, end)


def _add_events(found, table):
    started: dict[tuple, tuple] = {}
    for where, row in table:
        video = _video(found, where, row)
        kind = next(row[key] for key in _KINDS if key in row).upper()
        time = rows.finite(where, "time", row["time"]) - _offset(where, row)
        details = tuple(y for x, y in row.items() if x.startswith("modifier"))
        observation = row.get("observation id", "")
        subject = row.get("subject", "")
        key = (observation, video, subject, row["behavior"], details)
        if kind.startswith("POINT"):
            found.losses["points left out"] += 1
        elif kind.startswith("START") and key not in started:
            started[key] = where, time
        elif kind.startswith("STOP") and key in started:
            place, start = started.pop(key)
            _count_details(found, row)
            found.add(place, video, row["behavior"], start, time)
        else:
            expected = "START, STOP or POINT, by turns"
            raise text_files.mistake(where, expected, kind)
    for place, _ in started.values():
        found.notes.append(f"{place}: never stops; left out")


def _count_details(found, row):
    details = (y for x, y in row.items() if x.startswith("modifier"))
    subject = row.get("subject", "")
    if any(details) or subject not in ("", "No focal subject"):
        found.losses["events whose subject or modifier is ignored"] += 1


def _offset(where, row):
    text = row.get("time offset (s)", "")
    return rows.finite(where, "time offset", text) if text else 0.0


def _video(found, where, row):
    """The name of a row's video, and what is said of it."""
    names = [row[key] for key in _MEDIA if row.get(key)]
    name = names[0] if names else row.get("observation id", "")
    # It lists its player, or several files, before the name.
    if ";" in name:
        raise text_files.mistake(where, "one file a row", name)
    name = name.removeprefix("player #1:").strip()
    video = rows.video_name(where, json_values.file_name(name))
    found.videos[video] = None
    numbers = []
    for key in ("fps (frame/s)", "fps", "media duration (s)"):
        try:
            numbers.append(json_values.positive(float(row.get(key, ""))))
        except ValueError:
            numbers.append(None)
    fps, other, seconds = numbers
    found.stated[video] = labelings.Stated(fps=fps or other, seconds=seconds)
    return video
