"""Label Studio's timelines: frames counted from 1, the last one included."""

from collections.abc import Mapping
import pathlib
import re

from fsn_tf import files
from fsn_tf.annotations import frame_ranges
from fsn_tf.annotations import json_values
from fsn_tf.annotations import labelings
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

_TIMELINE = "timelinelabels"
_AUDIO = "labels"

# What it puts before the name of a file that was uploaded.
_UPLOADED = re.compile(r"/data/upload/(?:\d+/)?[0-9a-f]{8}-(.+)")


def is_one(content: object) -> bool:
    """Whether a JSON value is an export, whole or JSON-MIN."""
    return (
        isinstance(content, list)
        and bool(content)
        and all(isinstance(task, dict) for task in content)
        and all("data" in task or _controls(task) for task in content)
    )


def read(path: pathlib.Path, rates: labelings.Rates) -> labelings.Labeling:
    """Reads an export: tasks with annotations, or JSON-MIN.

    Of several annotations of a task, the one marked as ground truth counts,
    or else the first; canceled ones do not. Predictions count where no task
    is annotated.
    """
    found = labelings.Labeling(path)
    content = text_files.json_value(path)
    if not isinstance(content, list):
        raise text_files.mistake(path, "a list of tasks", content)
    tasks = json_values.objects(path, content)
    key = _which(tasks)
    if key == "predictions":
        found.notes.append(f"{path}: has no annotations; predictions are read")
    for index, task in enumerate(tasks):
        where = f"{path}: [{index}]"
        video = _video(where, task)
        results = _results(found, where, task, key)
        if results is None:
            found.losses["tasks without an annotation left out"] += 1
        elif video in found.videos:
            found.losses["further annotations of a video left out"] += 1
        else:
            found.videos[video] = None
            _add(found, where, video, results, rates)
    return found


def _which(tasks):
    """Which of the two lists of a task is read."""
    annotated = any(task.get("annotations") for task in tasks)
    predicted = any(task.get("predictions") for task in tasks)
    return "predictions" if predicted and not annotated else "annotations"


def _video(where, task):
    """The name of a task's video."""
    data = task.get("data", task)
    if not isinstance(data, dict):
        raise text_files.mistake(where, "data to be an object", data)
    for text in (data.get("video"), *data.values()):
        if isinstance(text, str):
            uploaded = _UPLOADED.fullmatch(text)
            name = uploaded[1] if uploaded else json_values.file_name(text)
            ending = pathlib.PurePath(name).suffix.lower()
            if ending in files.VIDEO_ENDINGS or text == data.get("video"):
                return rows.video_name(where, name)
    raise text_files.mistake(where, "data with a video", data)


def _results(found, where, task, key):
    """The regions of the annotation that counts; None where none does."""
    if "data" not in task:
        return [region for value in _controls(task) for region in value]
    given = json_values.objects(f"{where}: {key}", task.get(key) or [])
    others = "predictions" if key == "annotations" else "annotations"
    if task.get(others):
        found.losses[f"{others} ignored"] += len(task[others])
    kept = [one for one in given if not one.get("was_cancelled")]
    if len(kept) < len(given):
        found.losses["canceled annotations left out"] += len(given) - len(kept)
    if not kept:
        return None
    if len(kept) > 1:
        found.losses["annotations by others left out"] += len(kept) - 1
    chosen = next((one for one in kept if one.get("ground_truth")), kept[0])
    return json_values.member(where, chosen, "result", list)


def _controls(task):
    """The lists of regions of a task in JSON-MIN."""
    return [
        value
        for value in task.values()
        if isinstance(value, list)
        and value
        and all(isinstance(x, dict) and _is_region(x) for x in value)
    ]


def _is_region(region):
    return "ranges" in region or (_AUDIO in region and "start" in region)


def _add(found, where, video, results, rates):
    """Adds the regions of one video."""
    for index, region in enumerate(json_values.objects(where, results)):
        place = f"{where}: result[{index}]"
        value = region.get("value", region)
        if not isinstance(value, dict):
            raise text_files.mistake(place, "value to be an object", value)
        kind = region.get("type", _TIMELINE if "ranges" in value else _AUDIO)
        score = json_values.positive(region.get("score"))
        if kind == _TIMELINE:
            rate = rates.of(place, video)
            found.stated[video] = labelings.Stated(fps=rate, in_frames=True)
            times = _ranges(place, value, rate)
        elif kind == _AUDIO and "start" in value:
            start = json_values.number(place, "start", value["start"])
            end = json_values.number(place, "end", value.get("end"))
            times = [(start, end)]
        else:
            found.losses["regions that are not of a timeline ignored"] += 1
            continue
        labels = json_values.member(place, value, kind, list)
        if not labels:
            found.losses["regions without a label left out"] += 1
        for label in labels:
            for start, end in times:
                found.add(place, video, label, start, end, score=score)


def _ranges(where, value, rate):
    """(start, end) in seconds of each range of a region."""
    times = []
    ranges = json_values.member(where, value, "ranges", list)
    for one in json_values.objects(f"{where}: ranges", ranges):
        start, end = (
            json_values.number(where, name, one.get(name))
            for name in ("start", "end")
        )
        times.append(frame_ranges.seconds(where, start, end, rate))
    return times


def write(
    path: pathlib.Path,
    labeling: labelings.Labeling,
    *,
    rates: labelings.Rates,
    media: Mapping[str, pathlib.Path],
) -> None:
    """Writes tasks: annotations, or predictions where there are scores.

    Losses are counted in the labeling.
    """
    tasks, number = [], 0
    for video, placed in labeling.by_video().items():
        result = []
        for one, score in placed:
            rate = rates.of(path, video)
            span = frame_ranges.frames(labeling, one, rate)
            if span is not None:
                number += 1
                result.append(_region(number, one.label, span, score))
        name = media[video].name if video in media else video
        tasks.append({"data": {"video": name}, **_judged(labeling, result)})
    files.write_json(path, tasks)


def _region(number, label, span, score):
    region = {
        "id": f"r{number}",
        "from_name": "videoLabels",
        "to_name": "video",
        "type": _TIMELINE,
        "value": {
            "ranges": [{"start": span[0], "end": span[1]}],
            _TIMELINE: [label],
        },
    }
    return region if score is None else {**region, "score": score}


def _judged(labeling, result):
    """A task's annotation, or its prediction."""
    if not labeling.are_detections:
        return {"annotations": [{"result": result}]}
    scores = [region["score"] for region in result]
    mean = sum(scores) / len(scores) if scores else 0.0
    prediction = {"model_version": "fsn_tf", "score": mean, "result": result}
    return {"annotations": [], "predictions": [prediction]}
