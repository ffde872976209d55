"""FiftyOne's temporal detections: labels.json, frames from 1 or seconds."""

from collections.abc import Mapping
import pathlib

from fsn_tf import files
from fsn_tf.annotations import frame_ranges
from fsn_tf.annotations import json_values
from fsn_tf.annotations import labelings
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

LABELS, MEDIA = "labels.json", "data.json"


def is_one(content: object) -> bool:
    """Whether a JSON value is what labels.json holds."""
    if not isinstance(content, dict):
        return False
    labels = content.get("labels")
    return isinstance(labels, dict) and all(
        one is None or isinstance(one, list) for one in labels.values()
    )


def read(path: pathlib.Path, rates: labelings.Rates) -> labelings.Labeling:
    """Reads labels.json, or the folder that holds it.

    The video of a sample is that of data.json, or else its key. Samples
    without labels are left out; attributes too.
    """
    path = path / LABELS if path.is_dir() else path
    content = text_files.json_value(path)
    labels = json_values.member(path, content, "labels", dict)
    classes = content.get("classes")
    found = labelings.Labeling(path)
    if classes is not None:
        listed = json_values.member(path, content, "classes", list)
        found.classes = [rows.name(path, "class", name) for name in listed]
    names = _names(path)
    for key, entries in labels.items():
        where = f"{path}: {text_files.shown(key)}"
        video = rows.video_name(where, names.get(key, key))
        if entries is None:
            found.losses["samples without labels left out"] += 1
            continue
        found.videos[video] = None
        for index, one in enumerate(json_values.objects(where, entries)):
            place = f"{where}: [{index}]"
            label = _label(place, one.get("label"), found.classes)
            times = _times(found, place, video, one, rates)
            score = one.get("confidence")
            if score is not None:
                score = json_values.number(place, "confidence", score)
            if one.get("attributes"):
                found.losses["labels whose attributes are ignored"] += 1
            found.add(place, video, label, *times, score=score)
    return found


def _names(path):
    """{key of a sample: name of its file}."""
    beside = path.with_name(MEDIA)
    if not beside.exists():
        return {}
    content = text_files.json_value(beside)
    if not isinstance(content, dict):
        raise text_files.mistake(beside, "an object", content)
    return {
        key: json_values.file_name(rows.name(beside, "file", value))
        for key, value in content.items()
    }


def _label(where, label, classes):
    """The name of a label: itself, or its place among the classes."""
    if isinstance(label, int) and not isinstance(label, bool):
        if classes is None or not 0 <= label < len(classes):
            raise text_files.mistake(where, "label to be a class", label)
        return classes[label]
    return label


def _times(found, where, video, one, rates):
    """(start, end) in seconds."""
    key = "support" if one.get("timestamps") is None else "timestamps"
    ends = json_values.member(where, one, key, list)
    if len(ends) != 2:
        raise text_files.mistake(where, f"{key} to be two numbers", ends)
    start, end = (json_values.number(where, key, value) for value in ends)
    if key == "timestamps":
        return start, end
    rate = rates.of(where, video)
    found.stated[video] = labelings.Stated(fps=rate, in_frames=True)
    return frame_ranges.seconds(where, start, end, rate)


def write(
    path: pathlib.Path,
    labeling: labelings.Labeling,
    *,
    rates: labelings.Rates,
    media: Mapping[str, pathlib.Path],
) -> None:
    """Writes a folder of labels.json and, where videos are known, data.json.

    Labels are frames where a rate is known, or else seconds. Losses are
    counted in the labeling.
    """
    names = labeling.all_names()
    labels: dict[str, list] = {video: [] for video in labeling.videos}
    for video, placed in labeling.by_video().items():
        rate = rates.every or rates.videos.get(video)
        for one, score in placed:
            times = {"timestamps": [one.start_seconds, one.end_seconds]}
            if rate is not None:
                span = frame_ranges.frames(labeling, one, rate)
                if span is None:
                    continue
                times = {"support": list(span)}
            entry = {"label": names.index(one.label), **times}
            if score is not None:
                entry["confidence"] = score
            labels[video].append(entry)
    with files.folder_written_whole(path) as partial:
        content = {"classes": names, "labels": labels}
        files.write_json(partial / LABELS, content)
        known = {x: str(media[x].absolute()) for x in labels if x in media}
        if known:
            files.write_json(partial / MEDIA, known)
