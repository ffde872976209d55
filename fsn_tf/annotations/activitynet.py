"""ActivityNet's JSON files: ground truth and results."""

from collections.abc import Collection
from collections.abc import Sequence
import dataclasses
import json
import pathlib

import numpy as np

from fsn_tf import files
from fsn_tf import segments
from fsn_tf.annotations import class_lists
from fsn_tf.annotations import json_values
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files
from fsn_tf.segments import names

# ActivityNet's own evaluation refuses a file that names no version.
VERSION = "VERSION 1.3"


def read(
    path: pathlib.Path | str,
    *,
    classes: Sequence[str] | None = None,
    subset: str | None = None,
) -> segments.Annotations:
    """Reads ground truth, `database`.

    Args:
        path: JSON file.
        classes: K names; None takes those of the whole file in name order,
            so that all its subsets number them alike.
        subset: Which videos to keep, such as "validation"; None keeps all.

    Returns:
        segments.Annotations in the order of the file, with durations.
    """
    videos = _videos(path)
    placed = {
        video: _instances(f"{path}: {text_files.shown(video)}", video, entry)
        for video, entry in videos.items()
        if _is_annotated(entry)
    }
    if classes is None:
        classes = rows.labels([x for found in placed.values() for x in found])
    asked = _of_subset(path, videos, subset)
    kept = {x: asked[x] for x in asked if x in placed}
    return rows.annotations(
        path,
        [pair for video in kept for pair in placed[video]],
        classes,
        videos=kept,
        durations_seconds=_durations(path, kept),
        notes=_unannotated(path, [x for x in asked if x not in placed]),
    )


def _videos(path):
    """{video: its entry} of all subsets."""
    database = json_values.member(
        path, text_files.json_value(path), "database", dict
    )
    videos = {}
    for key, entry in database.items():
        where = f"{path}: {text_files.shown(key)}"
        video = rows.video_name(where, key)
        if video in videos:
            raise text_files.mistake(where, "every video once", key)
        videos[video] = entry
    return videos


def _is_annotated(entry):
    """False for videos of a test set whose annotations are kept back."""
    is_entry = isinstance(entry, dict) and "subset" in entry
    return not is_entry or entry.get("annotations") is not None


def _unannotated(path, videos):
    if not videos:
        return ()
    return (
        f"{path}: {len(videos)} videos without `annotations` left out, such "
        f"as {videos[0]}",
    )


def _instances(where, video, entry):
    """(where, Instance) of every annotation of one video."""
    found = []
    for index, each in enumerate(
        json_values.member(where, entry, "annotations", list)
    ):
        place = f"{where}: annotations[{index}]"
        label = json_values.member(place, each, "label", str)
        # What is a name already may end as a file does.
        file = names.written(video)
        row = rows.instance(place, file, label, *_segment(place, each))
        found.append((place, row))
    return found


def _durations(path, videos):
    """{video: seconds} of the videos whose duration is known."""
    durations = {}
    for video, entry in videos.items():
        if entry.get("duration") is not None:
            where = f"{path}: {text_files.shown(video)}"
            number = json_values.number(where, "duration", entry["duration"])
            durations[video] = rows.seconds(where, "duration", number)
    return durations


def _of_subset(path, videos, subset):
    """The entries whose `subset` is the one asked for."""
    if subset is None:
        return videos
    found = {
        video: json_values.member(
            f"{path}: {text_files.shown(video)}", entry, "subset", str
        )
        for video, entry in videos.items()
    }
    if subset not in found.values():
        expected = f"a video of the subset {subset!r}"
        raise text_files.mistake(path, expected, sorted(set(found.values())))
    return {x: entry for x, entry in videos.items() if found[x] == subset}


def write(
    path: pathlib.Path | str,
    annotations: segments.Annotations,
    *,
    subset: str = "testing",
) -> None:
    """Writes ground truth; the ambiguous instances follow the others."""
    database: dict[str, dict] = {}
    for video in annotations.videos:
        entry: dict = {"subset": subset, "annotations": []}
        if video in annotations.durations_seconds:
            entry["duration"] = annotations.durations_seconds[video]
        database[names.written(video)] = entry
    for each in (*annotations.instances, *annotations.ambiguous):
        segment = [each.start_seconds, each.end_seconds]
        database[names.written(each.video)]["annotations"].append(
            {"label": each.label, "segment": segment}
        )
    files.write_json(path, {"version": VERSION, "database": database})


def write_videos(
    path: pathlib.Path | str,
    source: pathlib.Path | str,
    videos: Collection[str],
) -> None:
    """Writes the entries of a file of ground truth that are of these videos.

    All that the file says of them, and of itself, stays.
    """
    content = text_files.json_value(source)
    database = {
        key: entry
        for key, entry in json_values.member(
            source, content, "database", dict
        ).items()
        if rows.video_name(source, key) in videos
    }
    text = json.dumps({**content, "database": database}, indent=2)
    files.write_text(path, text + "\n")


def read_detections(
    path: pathlib.Path | str,
    *,
    classes: Sequence[str] | None,
    sources: class_lists.Sources = class_lists.ORDER,
) -> segments.Detections:
    """Reads detections, `results`, also of OpenTAD and MMAction2.

    Args:
        path: JSON file.
        classes: K names, see rows.detections; labels, see class_lists.Labels.
        sources: What labels mean that are ids.

    Returns:
        segments.Detections in the order of the file; its videos are all that
        the file names, in its order.
    """
    content = text_files.json_value(path)
    results = json_values.member(path, content, "results", dict)
    videos = [rows.video_name(path, key) for key in results]
    labels = class_lists.Labels(path, classes, sources)
    placed = _scored(path, results, labels)
    found = rows.detections(placed, classes, videos=videos)
    none = () if any(results.values()) else (f"{path}: no detection",)
    notes = *none, *found.notes, *labels.notes
    return dataclasses.replace(found, notes=notes)


def _scored(path, results, labels):
    """Yields (where, video, label, start, end, score)."""
    for video in results:
        where = f"{path}: {text_files.shown(video)}"
        found = json_values.member(where, results, video, list)
        for index, each in enumerate(found):
            place = f"{where}: results[{index}]"
            label = labels.of(place, each)
            score = json_values.number(place, "score", each.get("score"))
            yield place, video, label, *_segment(place, each), score


def write_detections(
    path: pathlib.Path | str, detections: segments.Detections
) -> None:
    """Writes detections, gathered by video; each video keeps its order."""
    with (
        files.written_whole(path) as partial,
        open(partial, "w", encoding="utf-8") as file,
    ):
        file.writelines(_written(detections))


def _written(detections):
    """The text, a video at a time: of all there may be millions of rows."""
    yield f'{{\n  "version": {json.dumps(VERSION)},\n  "results": {{'
    order = np.argsort(detections.video, kind="stable")
    ends = np.searchsorted(
        detections.video[order], np.arange(len(detections.videos) + 1)
    )
    for index, video in enumerate(detections.videos):
        found = [
            {"label": label, "score": score, "segment": [start, end]}
            for _, label, start, end, score in detections.take(
                order[ends[index] : ends[index + 1]]
            ).rows()
        ]
        text = json.dumps({names.written(video): found}, indent=2)
        # Inside of its braces, two steps further to the right.
        yield "," * bool(index) + text[1:-2].replace("\n", "\n  ")
    yield "\n  " * bool(detections.videos) + '},\n  "external_data": {}\n}\n'


def _segment(where, entry):
    """[start, end]; whether they are times is checked with the row."""
    segment = json_values.member(where, entry, "segment", list)
    if len(segment) != 2:
        raise text_files.mistake(where, "segment to be two numbers", segment)
    return [json_values.number(where, "segment", value) for value in segment]
