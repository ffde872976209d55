"""CVAT for video 1.1: tracks over the frames of a task, counted from 0."""

import pathlib
import re
from xml.etree import ElementTree

from fsn_tf import errors
from fsn_tf.annotations import json_values
from fsn_tf.annotations import labelings
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files
from fsn_tf.annotations import xml_files

ROOT = "annotations"

_STEP = re.compile(r"\s*step\s*=\s*(\d+)\s*")


def read(path: pathlib.Path, rates: labelings.Rates) -> labelings.Labeling:
    """Reads annotations.xml of one task.

    An action lasts from a shape that is not outside until the next that is,
    or until the end of the task. Shapes and their attributes are left out.
    """
    root = xml_files.root(path)
    if root.tag != ROOT:
        raise text_files.mistake(path, f"<{ROOT}>", root.tag)
    if root.find("image") is not None:
        raise errors.InputError(
            f"{path}: is CVAT for images; export the task as CVAT for video"
        )
    task = root.find("meta/task")
    task = root.find("meta/job") if task is None else task
    if task is None:
        raise errors.InputError(
            f"{path}: expected meta of one task, got none; export each task "
            "of a project on its own"
        )
    video = _video(path, root, task)
    found = labelings.Labeling(path, videos={video: None})
    rate = rates.of(path, video)
    size, first, step = _frames(path, task)
    found.stated[video] = labelings.Stated(fps=rate, in_frames=True)
    if first == 0 and step == 1:
        found.stated[video] = labelings.Stated(rate, size, in_frames=True)
    for index, track in enumerate(root.iter("track")):
        where = f"{path}: track {track.get('id', index)}"
        label = xml_files.attribute(where, track, "label")
        if any(shape.find("attribute") is not None for shape in track):
            found.losses["tracks whose attributes are ignored"] += 1
        for start, stop in _spans(where, track, size):
            times = ((first + step * x) / rate for x in (start, stop))
            found.add(where, video, label, *times)
    return found


def _video(path, root, task):
    """The name of the video of a task; that of the task where none is named."""
    for source in (task.find("source"), root.find("meta/source")):
        if source is not None and (source.text or "").strip():
            return rows.video_name(path, json_values.file_name(source.text))
    return rows.video_name(path, task.findtext("name"))


def _frames(path, task: ElementTree.Element):
    """(number of frames of the task, the first one in the video, step)."""
    size = _whole(path, task, "size")
    first = _whole(path, task, "start_frame", "0")
    text = (task.findtext("frame_filter") or "").strip()
    match = _STEP.fullmatch(text)
    if text and (match is None or int(match[1]) < 1):
        raise text_files.mistake(path, "frame_filter such as step=5", text)
    return size, first, int(match[1]) if match else 1


def _whole(path, task, name, default=None):
    text = (task.findtext(name) or default or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise text_files.mistake(path, f"{name} to be a whole number", text)
    return int(text)


def _spans(where, track, size):
    """[(first, stop)] frames of the task in which a track is seen."""
    outside = {}
    for shape in track:
        if shape.get("frame") is not None:
            frame = xml_files.whole(where, shape, "frame")
            outside[frame] = shape.get("outside", "0") == "1"
    spans, start = [], None
    for frame in sorted(outside):
        if start is None and not outside[frame]:
            start = frame
        elif start is not None and outside[frame]:
            spans.append((start, frame))
            start = None
    if start is not None:
        spans.append((start, max(size, start + 1)))
    return spans
