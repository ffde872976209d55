"""Which format a file or folder has, by what is in it, never by a guess."""

import dataclasses
import itertools
import pathlib
import re

from fsn_tf import errors
from fsn_tf.annotations import audacity
from fsn_tf.annotations import boris
from fsn_tf.annotations import boris_tables
from fsn_tf.annotations import csv_files
from fsn_tf.annotations import cues
from fsn_tf.annotations import cvat
from fsn_tf.annotations import elan
from fsn_tf.annotations import fiftyone
from fsn_tf.annotations import labelstudio
from fsn_tf.annotations import mstcn_folders
from fsn_tf.annotations import text_files
from fsn_tf.annotations import thumos14
from fsn_tf.annotations import via
from fsn_tf.annotations import webvtt
from fsn_tf.annotations import xml_files

FORMATS = (
    "activitynet audacity boris csv cvat elan fiftyone labelstudio mstcn srt "
    "thumos14 via webvtt"
).split()
# One file a video: a folder of these is read as one.
PER_VIDEO = ("audacity", "elan", "srt", "webvtt")

_PREFIX = re.compile(rf"({'|'.join(FORMATS)})(?:@(\d+(?:\.\d+)?))?:(.+)")
_ENDINGS = {".vtt": "webvtt", ".srt": "srt", ".eaf": "elan", ".txt": "audacity"}
_FIRST_LINES = 20


@dataclasses.dataclass(frozen=True)
class Source:
    """A path, and what was said of it.

    Attributes:
        path: Of a file or folder.
        format_name: One of FORMATS; None leaves it to the content.
        rate: Frames per second, where it counts frames.
    """

    path: pathlib.Path
    format_name: str | None = None
    rate: float | None = None


def source(path: pathlib.Path | str) -> Source:
    """The Source of a path, or of FORMAT:PATH or FORMAT@RATE:PATH.

    Raises:
        InputError: There is no such file or folder.
    """
    match = _PREFIX.fullmatch(str(path))
    found = Source(pathlib.Path(path))
    if match is not None and not found.path.exists():
        rate = None if match[2] is None else float(match[2]) or None
        found = Source(pathlib.Path(match[3]), match[1], rate)
    if not found.path.exists():
        raise errors.InputError(f"{found.path}: no such file or folder")
    return found


def of(path: pathlib.Path) -> str:
    """The format of a file or folder, one of FORMATS.

    Raises:
        InputError: It is of none, or of several; the message says which.
    """
    found = _of_folder(path) if path.is_dir() else _of_file(path)
    if len(found) > 1:
        first, second = found[:2]
        raise errors.InputError(
            f"{path}: can be read as {first} and as {second}; say which, as "
            f"in {first}:{path}"
        )
    if not found:
        raise errors.InputError(
            f"{path}: expected annotations in one of the formats "
            f"{', '.join(FORMATS)}, got neither; see docs/formats.md"
        )
    return found[0]


def is_known(path: pathlib.Path | str) -> bool:
    """Whether a source has times, not labels of whole videos or of frames."""
    path = pathlib.Path(path)
    if not path.exists():
        return _PREFIX.fullmatch(str(path)) is not None
    return bool(_of_folder(path) if path.is_dir() else _of_file(path))


def _of_file(path):
    ending = path.suffix.lower()
    if ending == ".npz":
        return []
    first = start(path)[:1]
    # The name of a video in a CSV may start with any of these.
    if ending == ".csv" or first not in ("<", "{", "["):
        is_named = ending in (".json", ".boris")
        return _of_json(path) if is_named else _of_text(path, ending)
    return _of_xml(path) if first == "<" else _of_json(path)


def start(path):
    """The first characters of a file that are no blanks."""
    with open(path, "rb") as file:
        data = file.read(4096)
    return data.decode("utf-8-sig", errors="replace").lstrip()


def _of_json(path):
    content = text_files.json_value(path)
    if labelstudio.is_one(content):
        return ["labelstudio"]
    if not isinstance(content, dict):
        return []
    found = ["boris"] if boris.is_one(content) else []
    found += ["via"] if via.is_one(content) else []
    found += ["fiftyone"] if fiftyone.is_one(content) else []
    is_own = not found or isinstance(content.get("database"), dict)
    # What is wrong with it is best said by its own reader.
    return [*found, "activitynet"] if is_own else found


def _of_xml(path):
    roots = {cvat.ROOT: "cvat", elan.ROOT: "elan"}
    tag = xml_files.root_tag(path)
    return [roots[tag]] if tag in roots else []


def _of_text(path, ending):
    lines = _first_lines(path)
    if not lines:
        # Subtitles of a video without an action, or what its reader names.
        return {".srt": ["srt"], ".csv": ["csv"]}.get(ending, [])
    if lines[0].split()[0] == webvtt.HEAD:
        return ["webvtt"]
    times = [line for line in lines if cues.is_time(line)]
    if times:
        # A comma before milliseconds is SubRip's; a point is WebVTT's.
        has_comma = "," in times[0].partition("-->")[0]
        return ["srt"] if has_comma else ["srt", "webvtt"]
    if audacity.is_line(lines[0]):
        return ["audacity"]
    is_table = boris_tables.is_one(path)
    is_csv = {*csv_files.COLUMNS} <= _head(lines) or (
        ending == ".csv" and not is_table
    )
    return [*(["boris"] if is_table else []), *(["csv"] if is_csv else [])]


def _first_lines(path):
    """Lines that are not blank; none of a file that is no text."""
    lines = (line for _, line in text_files.lines(path))
    kept = (line.strip("\r\n") for line in lines if line.strip())
    return list(itertools.islice(kept, _FIRST_LINES))


def _head(lines):
    """The names of the columns of a table of commas, in small letters."""
    names = lines[0].split(",")
    return {name.strip().strip('"').lower() for name in names}


def _of_folder(folder):
    found = ["thumos14"] if thumos14.is_one(folder) else []
    if mstcn_folders.is_one(folder):
        found.append("mstcn")
    if (folder / fiftyone.LABELS).exists():
        found.append("fiftyone")
    if found:
        return found
    # A label track of a video without an action is empty.
    paths = [path for path in per_video(folder) if start(path)]
    kinds = {path: _of_file(path) for path in paths}
    for path, names in kinds.items():
        # One that is of several says so, and one that is of none of many.
        if len(names) > 1 or (not names and any(kinds.values())):
            of(path)
    return sorted({name for names in kinds.values() for name in names})


def per_video(
    folder: pathlib.Path, format_name: str | None = None
) -> list[pathlib.Path]:
    """The files of a folder that may each label one video, in name order.

    Args:
        folder: Path.
        format_name: One of PER_VIDEO, to take those that end so alone.
    """
    return [
        path
        for path in sorted(folder.glob("[!.]*"))
        if path.suffix.lower() in _ENDINGS
        and format_name in (None, _ENDINGS[path.suffix.lower()])
    ]
