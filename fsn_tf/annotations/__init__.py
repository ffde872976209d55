"""Ground truth and detections in the formats of THUMOS'14 and its like.

Reading checks everything: what is wrong raises an InputError of one line that
names the file and the line, and what is odd but legal becomes a note.
"""

import collections
import dataclasses
import pathlib

import numpy as np

from fsn_tf import errors
from fsn_tf.annotations import activitynet
from fsn_tf.annotations import csv_files
from fsn_tf.annotations import text_files
from fsn_tf.annotations import thumos14


def read(path, *, classes=None, subset=None):
    """Reads ground truth.

    Args:
        path: A THUMOS'14 kit folder, an ActivityNet JSON, or a CSV with the
            columns video, start, end, label.
        classes: The K names that a network was trained on; another label is
            an error. None takes the classes of the source.
        subset: Which videos of an ActivityNet JSON to keep.

    Returns:
        segments.Annotations.
    """
    path = pathlib.Path(path)
    suffix = path.suffix.lower()
    if not path.exists():
        raise errors.InputError(f"{path}: no such file or folder")
    if suffix == ".json":
        return activitynet.read(path, classes=classes, subset=subset)
    if subset is not None:
        raise errors.UsageError(
            f"{path}: expected an ActivityNet JSON to take the subset "
            f"{subset!r} from, got another format"
        )
    if path.is_dir():
        return thumos14.read(path, classes=classes)
    if suffix == ".csv":
        return csv_files.read(path, classes=classes)
    raise errors.InputError(
        f"{path}: expected a kit folder, a .json or a .csv file, got neither"
    )


def read_detections(path, *, classes, videos=None, class_ids=None):
    """Reads detections; the order of the rows matters where scores tie.

    Args:
        path: .json as ActivityNet's results, .csv with the columns video,
            start, end, label, score, or else the THUMOS'14 kit's text.
        classes: K names.
        videos: Names of the videos to evaluate. Rows of others are left out,
            with a note. None takes all videos that the file names.
        class_ids: {class: id} of the kit's class list, if there is one.

    Returns:
        (segments.Detections, notes). Its videos are `videos`, or else in
        order of first appearance.
    """
    suffix = pathlib.Path(path).suffix.lower()
    if suffix == ".json":
        found, notes = activitynet.read_detections(path, classes=classes)
    elif suffix == ".csv":
        found, notes = csv_files.read_detections(path, classes=classes)
    else:
        found, notes = thumos14.read_detections(
            path, classes=classes, class_ids=class_ids
        )
    if videos is None:
        return found, notes
    kept, more_notes = _of_videos(path, found, tuple(videos))
    return kept, notes + more_notes


def _of_videos(path, detections, videos):
    """(the detections in these videos, notes)."""
    indices = {name: index for index, name in enumerate(videos)}
    others = [name for name in detections.videos if name not in indices]
    index = np.array([indices.get(x, -1) for x in detections.videos], int)
    moved = dataclasses.replace(
        detections, videos=videos, video=index[detections.video]
    )
    kept = moved.take(moved.video >= 0)
    if len(detections) and not len(kept):
        expected = f"detections in videos such as {text_files.shown(videos[0])}"
        raise text_files.mistake(path, expected, others[0])
    if len(kept) == len(detections):
        return kept, ()
    return kept, (
        f"{path}: {len(detections) - len(kept)} detections left out, in "
        f"{len(others)} videos that are not evaluated such as {others[0]}",
    )


def check(annotations, durations_seconds=None):
    """Notes on what is legal but odd; all of it is kept.

    Args:
        annotations: segments.Annotations.
        durations_seconds: {video: length}; None takes the annotations' own.
            Videos of unknown length are not compared with it.

    Returns:
        Notes: an instance past the end of its video, without length, or
        listed more than once.
    """
    if durations_seconds is None:
        durations_seconds = annotations.durations_seconds
    counts = collections.Counter(annotations.instances)
    counts.update(annotations.ambiguous)
    notes = []
    for each, count in counts.items():
        start, end = each.start_seconds, each.end_seconds
        row = f"{each.video}: {each.label} from {start:g} to {end:g} s"
        duration = durations_seconds.get(each.video, float("inf"))
        if start > duration:
            notes.append(f"{row} starts after the video, {duration:g} s")
        elif end > duration:
            notes.append(f"{row} ends after the video, {duration:g} s")
        if start == end:
            notes.append(f"{row} has no length")
        if count > 1:
            notes.append(f"{row} is listed {count} times")
    return tuple(notes)
