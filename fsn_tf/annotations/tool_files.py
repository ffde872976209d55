"""Files of labeling tools, read and written by the name of their format."""

from collections.abc import Callable
from collections.abc import Mapping
import pathlib

from fsn_tf import errors
from fsn_tf import files
from fsn_tf.annotations import activitynet
from fsn_tf.annotations import audacity
from fsn_tf.annotations import boris
from fsn_tf.annotations import boris_tables
from fsn_tf.annotations import csv_files
from fsn_tf.annotations import cues
from fsn_tf.annotations import cvat
from fsn_tf.annotations import elan
from fsn_tf.annotations import elan_writing
from fsn_tf.annotations import fiftyone
from fsn_tf.annotations import labelings
from fsn_tf.annotations import labelstudio
from fsn_tf.annotations import mstcn_folders
from fsn_tf.annotations import recognition
from fsn_tf.annotations import srt
from fsn_tf.annotations import text_files
from fsn_tf.annotations import thumos14
from fsn_tf.annotations import via
from fsn_tf.annotations import webvtt

_WITH_RATES = {
    "cvat": cvat.read,
    "fiftyone": fiftyone.read,
    "labelstudio": labelstudio.read,
    "mstcn": mstcn_folders.read,
}
_IN_SECONDS = {
    "audacity": audacity.read,
    "elan": elan.read,
    "srt": srt.read,
    "via": via.read,
    "webvtt": webvtt.read,
}
# Formats of data sets, and CSV: not of a tool.
OWN = {"activitynet": activitynet, "csv": csv_files, "thumos14": thumos14}
_WRITERS = {
    "boris": boris.write,
    "fiftyone": fiftyone.write,
    "labelstudio": labelstudio.write,
    "mstcn": mstcn_folders.write,
}
# No video is longer; files of frames would have no end.
_MOST_SECONDS = 10**7
_TEXTS: dict[str, tuple[str, Callable]] = {
    "elan": (".eaf", elan_writing.text),
    "srt": (
        ".srt",
        lambda found, _, placed, __: srt.text(cues.of_video(found, placed)),
    ),
    "webvtt": (
        ".vtt",
        lambda found, _, placed, __: webvtt.text(cues.of_video(found, placed)),
    ),
}
# Formats that convert writes.
WRITTEN = sorted([*OWN, *_WRITERS, *_TEXTS])


def read(
    path: pathlib.Path, format_name: str, rates: labelings.Rates
) -> labelings.Labeling:
    """Reads a file or folder of a format; of THUMOS'14's kit and CSV, too.

    Raises:
        InputError: It is damaged, or counts frames at no known rate.
    """
    if format_name in OWN:
        return _read_own(path, format_name)
    if path.is_dir() and format_name in recognition.PER_VIDEO:
        paths = recognition.per_video(path, format_name)
        if not paths:
            raise errors.InputError(
                f"{path}: expected files of the format {format_name}, got none"
            )
        parts = [_IN_SECONDS[format_name](one) for one in paths]
        return labelings.joined(path, parts)
    if path.is_dir() != (format_name == "mstcn") and format_name != "fiftyone":
        kind = "folder" if format_name == "mstcn" else "file"
        raise errors.InputError(f"{path}: expected a {kind} of {format_name}")
    if format_name in _WITH_RATES:
        return _WITH_RATES[format_name](path, rates)
    if format_name == "boris":
        return _read_boris(path)
    return _IN_SECONDS[format_name](path)


def _read_own(path, format_name):
    is_results = False
    if format_name == "activitynet":
        content = text_files.json_value(path)
        is_results = isinstance(content, dict) and "database" not in content
        is_results = is_results and "results" in content
    elif format_name == "csv":
        is_results = "score" in csv_files.header(path)
    module = OWN[format_name]
    if is_results:
        found = module.read_detections(path, classes=None)
        return labelings.of_detections(path, found)
    return labelings.of_annotations(path, module.read(path))


def _read_boris(path):
    is_project = recognition.start(path).startswith("{")
    return boris.read(path) if is_project else boris_tables.read(path)


def write(
    path: pathlib.Path,
    format_name: str,
    labeling: labelings.Labeling,
    *,
    rates: labelings.Rates,
    media: Mapping[str, pathlib.Path],
) -> None:
    """Writes a Labeling, whole or not at all; losses are counted in it.

    Args:
        path: File, or folder for the formats that are one. Of formats of a
            file for each video it is a folder, or a file by its ending.
        format_name: One of WRITTEN.
        labeling: What is written; detections if all have scores.
        rates: Frames per second, for formats that count frames.
        media: {video: its file}, for formats that name it.

    Raises:
        InputError: The format has no place for a name, or needs a rate.
    """
    if not path.name:
        raise errors.InputError(f"{path}: expected a name for what is written")
    for where, one in zip(labeling.places, labeling.instances, strict=True):
        if one.end_seconds > _MOST_SECONDS:
            expected = f"times up to {_MOST_SECONDS} seconds"
            raise text_files.mistake(where, expected, one.end_seconds)
    if format_name in OWN:
        _write_own(path, format_name, labeling)
    elif format_name in _TEXTS:
        _write_texts(path, format_name, labeling, media)
    else:
        _WRITERS[format_name](path, labeling, rates=rates, media=media)


def _write_own(path, format_name, labeling):
    module = OWN[format_name]
    if not labeling.are_detections:
        if any(score is not None for score in labeling.scores):
            labeling.notes.append(f"{path}: scores of some instances left out")
        module.write(path, labeling.annotations())
    elif format_name == "thumos14":
        raise errors.InputError(
            f"{path}: detections are not written in the format thumos14; "
            "expected --to=activitynet or csv"
        )
    else:
        if format_name == "csv" and len(
            {one.video for one in labeling.instances}
        ) < len(labeling.videos):
            labeling.notes.append(f"{path}: videos without detections left out")
        module.write_detections(path, labeling.detections())


def _write_texts(path, format_name, labeling, media):
    ending, text = _TEXTS[format_name]
    names = list(labeling.videos)
    for name in names:
        if "/" in name or name.startswith("."):
            raise text_files.mistake(path, "videos named as files", name)
    texts = {
        name: text(labeling, name, placed, media)
        for name, placed in labeling.by_video().items()
    }
    if format_name != "elan" and any(x is not None for x in labeling.scores):
        labeling.notes.append(f"{path}: scores are cut to whole percent")
    if path.suffix.lower() == ending:
        if len(names) != 1:
            raise errors.InputError(
                f"{path}: expected a folder for the files of {len(names)} "
                "videos, got the name of one"
            )
        if names[0] != path.stem:
            labeling.notes.append(f"{path}: was the video {names[0]}")
        files.write_text(path, texts[names[0]])
        return
    with files.folder_written_whole(path) as partial:
        for name, content in texts.items():
            files.write_text(partial / f"{name}{ending}", content)
