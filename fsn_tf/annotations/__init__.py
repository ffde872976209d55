"""Ground truth and detections in the formats of THUMOS'14 and its like.

Reading checks everything: what is wrong raises an InputError of one line that
names the file and the line, and what is odd but legal becomes a note.
"""

import collections
from collections.abc import Mapping
from collections.abc import Sequence
import dataclasses
import pathlib

import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.annotations import actionformer
from fsn_tf.annotations import activitynet
from fsn_tf.annotations import class_lists
from fsn_tf.annotations import csv_files
from fsn_tf.annotations import detection_formats
from fsn_tf.annotations import labelings
from fsn_tf.annotations import recognition
from fsn_tf.annotations import text_files
from fsn_tf.annotations import thumos14
from fsn_tf.annotations import tool_files
from fsn_tf.segments import names


def read(
    path: pathlib.Path | str,
    *,
    classes: Sequence[str] | None = None,
    subset: str | None = None,
) -> segments.Annotations:
    """Reads ground truth.

    Examples:
        >>> truth = fsn_tf.read_annotations("test.csv")
        >>> truth.classes
        ('Diving', 'Jump')
        >>> truth.instances[0].label, truth.instances[0].end_seconds
        ('Diving', 2.5)

    Args:
        path: A file or folder of one of recognition.FORMATS, known by its
            content; or FORMAT:PATH, FORMAT@RATE:PATH, which say the format
            and the frames per second of one that counts frames.
        classes: The K names that a network was trained on; another label is
            an error. None takes the classes of the source.
        subset: Which videos of an ActivityNet JSON to keep.

    Returns:
        segments.Annotations.
    """
    source = recognition.source(path)
    format_name = source.format_name or recognition.of(source.path)
    if format_name == "activitynet":
        return activitynet.read(source.path, classes=classes, subset=subset)
    if subset is not None:
        raise errors.UsageError(
            f"{path}: expected an ActivityNet JSON to take the subset "
            f"{subset!r} from, got another format"
        )
    if format_name == "thumos14":
        return thumos14.read(source.path, classes=classes)
    if format_name == "csv":
        return csv_files.read(source.path, classes=classes)
    rates = labelings.Rates(source.rate)
    return tool_files.read(source.path, format_name, rates).annotations(classes)


def stated(path: pathlib.Path | str) -> dict[str, labelings.Stated]:
    """{video: what a labeling tool says of it}, of what `read` takes."""
    source = recognition.source(path)
    format_name = source.format_name or recognition.of(source.path)
    if format_name in tool_files.OWN:
        return {}
    rates = labelings.Rates(source.rate)
    return tool_files.read(source.path, format_name, rates).stated


def location(path: pathlib.Path | str) -> pathlib.Path:
    """Where a source lies, which `read` takes with its format before it."""
    return recognition.source(path).path


def read_detections(
    path: pathlib.Path | str,
    *,
    classes: Sequence[str],
    videos: Sequence[str] | None = None,
    class_ids: Mapping[str, int] | None = None,
    numbered_in: class_lists.Sources = class_lists.ORDER,
) -> segments.Detections:
    """Reads detections; the order of the rows matters where scores tie.

    Examples:
        >>> found = fsn_tf.read_detections(
        ...     "found.csv", classes=["Diving", "Jump"]
        ... )
        >>> found.rows()
        [('game', 'Diving', 1.0, 2.5, 0.9)]

    Args:
        path: JSON as of ActivityNet, OpenTAD or MMAction2, a CSV with the
            columns video, start, end, label, score, the THUMOS'14 kit's text,
            or ActionFormer's pickle, which is not run; known by its content.
        classes: K names.
        videos: Names of the videos to evaluate. Rows of others are left out,
            with a note. None takes all videos that the file names.
        class_ids: {class: id} of the kit's class list, if there is one.
        numbered_in: Where it stands what class ids mean, of files that name
            no class.

    Returns:
        segments.Detections with notes. Its videos are `videos`, or else in
        order of first appearance.
    """
    format_name = detection_formats.of(path)
    if format_name == detection_formats.JSON:
        found = activitynet.read_detections(
            path, classes=classes, sources=numbered_in
        )
    elif format_name == detection_formats.PICKLE:
        found = actionformer.read_detections(
            path, classes=classes, sources=numbered_in
        )
    elif format_name == detection_formats.CSV:
        found = csv_files.read_detections(path, classes=classes)
    else:
        found = thumos14.read_detections(
            path,
            classes=classes,
            class_ids=class_ids,
            numbered=numbered_in.given(classes),
        )
    return found if videos is None else _of_videos(path, found, tuple(videos))


def _of_videos(path, detections, videos):
    """The detections in these videos, with a note where there are others."""
    indices = segments.index_of(videos)
    called = names.known_as(detections.videos, indices)
    others = [x for x, name in called.items() if name not in indices]
    # (V,) place among the videos asked for of each that the file names.
    index = np.array([indices.get(x, -1) for x in called.values()], int)
    kept = detections.take(index[detections.video] >= 0)
    notes = detections.notes
    if len(detections) and not len(kept):
        expected = f"detections in videos such as {text_files.shown(videos[0])}"
        raise text_files.mistake(path, expected, others[0])
    if len(kept) < len(detections):
        left_out = len(detections) - len(kept)
        notes += (
            f"{path}: {left_out} detections left out, in {len(others)} videos "
            f"that are not evaluated such as {others[0]}",
        )
    return dataclasses.replace(
        kept, videos=videos, video=index[kept.video], notes=notes
    )


def check(
    annotations: segments.Annotations,
    durations_seconds: Mapping[str, float] | None = None,
) -> tuple[str, ...]:
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
