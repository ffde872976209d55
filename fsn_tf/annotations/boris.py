"""BORIS projects: events in seconds, the states in pairs of start and stop."""

import bisect
import collections
from collections.abc import Mapping
import itertools
import pathlib
import re

from fsn_tf import files
from fsn_tf.annotations import json_values
from fsn_tf.annotations import labelings
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

_VERSION = "7.0"
_STATE, _POINT = "State event", "Point event"
_SCORE = re.compile(r"score (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)")


def is_one(content: object) -> bool:
    """Whether a JSON value is a project."""
    return isinstance(content, dict) and all(
        isinstance(content.get(x), dict)
        for x in ("behaviors_conf", "observations")
    )


def read(path: pathlib.Path) -> labelings.Labeling:
    """Reads a project: the behaviors of its observations of videos.

    A state starts and stops by turns, for each subject, behavior and
    modifier. Files of one player run on; an action that goes past the end of
    one is in the next, too. Subjects, modifiers and comments are left out,
    and so are points and states that never stop.
    """
    content = text_files.json_value(path)
    found = labelings.Labeling(path)
    kinds = _kinds(path, content)
    observations = json_values.member(path, content, "observations", dict)
    for name, one in observations.items():
        where = f"{path}: observation {text_files.shown(name)}"
        if not isinstance(one, dict) or one.get("type", "MEDIA") != "MEDIA":
            found.losses["observations without a video left out"] += 1
        else:
            _add(found, where, one, kinds)
    return found


def _kinds(path, content):
    """{code of a behavior: its type}."""
    listed = json_values.member(path, content, "behaviors_conf", dict)
    kinds = {}
    for key, one in listed.items():
        where = f"{path}: behaviors_conf {text_files.shown(key)}"
        code = json_values.member(where, one, "code", str)
        kinds[code] = json_values.member(where, one, "type", str)
    return kinds


def _add(found, where, one, kinds):
    """Adds the events of one observation."""
    parts = _parts(found, where, one)
    started: dict[tuple, tuple] = {}
    for place, time, subject, code, modifier, comment in _events(where, one):
        if code not in kinds:
            raise text_files.mistake(place, "one of its behaviors", code)
        if subject or modifier:
            found.losses["events whose subject or modifier is ignored"] += 1
        if kinds[code].startswith("Point"):
            found.losses["points left out"] += 1
            continue
        key = subject, code, modifier
        if key not in started:
            started[key] = place, time, comment
            continue
        start_place, start, comment = started.pop(key)
        match = _SCORE.fullmatch(comment)
        score = float(match[1]) if match else None
        if comment and not match:
            found.losses["comments ignored"] += 1
        for video, first, last in _cut(parts, start, time):
            found.add(start_place, video, code, first, last, score=score)
    for place, *_ in started.values():
        found.notes.append(f"{place}: never stops; left out")


def _parts(found, where, one):
    """[(video, when it starts)] of the files of the first player."""
    players = json_values.member(where, one, "file", dict)
    paths = players.get("1") or []
    if not isinstance(paths, list) or not paths:
        raise text_files.mistake(where, "a file in player 1", players)
    if any(player for key, player in players.items() if key != "1"):
        found.notes.append(f"{where}: the files of player 1 count")
    fps, lengths = (_media_info(one, key) for key in ("fps", "length"))
    parts, start = [], 0.0
    for path in paths:
        name = rows.name(where, "file", path)
        video = rows.video_name(where, json_values.file_name(name))
        length = json_values.positive(lengths.get(path))
        found.videos[video] = None
        found.stated[video] = labelings.Stated(
            fps=json_values.positive(fps.get(path)), seconds=length
        )
        parts.append((video, start))
        if length is None and path != paths[-1]:
            raise text_files.mistake(where, "the length of each file", path)
        start += length or 0.0
    return parts


def _media_info(one, key):
    """{path of a file: a figure of it}, where the observation has them."""
    info = one.get("media_info")
    known = info.get(key) if isinstance(info, dict) else None
    return known if isinstance(known, dict) else {}


def _events(where, one):
    """[(place, time in the files, subject, code, modifier, comment)]."""
    offset = one.get("time offset") or 0
    offset = json_values.number(where, "time offset", offset)
    events = []
    for index, row in enumerate(json_values.member(where, one, "events", list)):
        place = f"{where}: events[{index}]"
        if not isinstance(row, list) or len(row) < 3:
            expected = "time, subject, code, modifier, comment"
            raise text_files.mistake(place, expected, row)
        time = json_values.number(place, "time", row[0])
        texts = ["" if x is None else str(x) for x in (*row[1:5], "", "")]
        subject, code, modifier, comment = texts[:4]
        # Its times are those of the video with the offset added.
        events.append((place, time - offset, subject, code, modifier, comment))
    return sorted(events, key=lambda event: event[1])


def _cut(parts, start, end):
    """(video, start, end) of an action in each file that it lies in."""
    starts = [begin for _, begin in parts]
    for index, (video, begin) in enumerate(parts):
        stop = starts[index + 1] if index + 1 < len(parts) else max(end, begin)
        first, last = max(start, begin), min(end, stop)
        if first < last or bisect.bisect_right(starts, start) - 1 == index:
            # Before its first file it is before the video: refused as such.
            first = start if index == 0 else first
            yield video, first - begin, max(last, first) - begin


def write(
    path: pathlib.Path,
    labeling: labelings.Labeling,
    *,
    rates: labelings.Rates,
    media: Mapping[str, pathlib.Path],
) -> None:
    """Writes a project of an observation for each video.

    Instances of one class that overlap become those of different subjects;
    a score is the comment at a start. Losses are counted in the labeling.
    """
    subjects = 0
    observations = {}
    for video, placed in labeling.by_video().items():
        events, lanes = _written_events(placed)
        subjects = max(subjects, lanes)
        file = str(media[video].absolute()) if video in media else video
        stated = labeling.stated.get(video, labelings.Stated())
        rate = rates.every or rates.videos.get(video) or stated.fps
        info = {"fps": rate, "length": stated.duration_seconds}
        observations[video] = {
            "file": {"1": [file]},
            "type": "MEDIA",
            "date": "2000-01-01T00:00:00",
            "description": "",
            "time offset": 0.0,
            "observation time interval": [0, 0],
            "events": events,
            "independent_variables": {},
            "media_info": {
                **{key: {file: x} if x else {} for key, x in info.items()},
                "hasVideo": {file: True},
                "hasAudio": {file: False},
                "offset": {"1": 0.0},
            },
        }
    files.write_json(path, _project(labeling, subjects, observations))


def _written_events(placed):
    """(events of a video by time, number of subjects)."""
    ends: dict[str, list[float]] = collections.defaultdict(list)
    events: list[tuple[float, int, list]] = []
    for one, score in placed:
        start, end = round(one.start_seconds, 3), round(one.end_seconds, 3)
        lanes = ends[one.label]
        lane = next((x for x, y in enumerate(lanes) if y <= start), len(lanes))
        lanes[lane : lane + 1] = [end]
        subject = str(lane + 1) if lane else ""
        comment = "" if score is None else f"score {score}"
        # A stop comes before the start of the next at the same time.
        number = len(events)
        events.append((start, number, [start, subject, one.label, "", comment]))
        events.append((end, number, [end, subject, one.label, "", ""]))
    most = max((len(lanes) for lanes in ends.values()), default=0)
    return [event for *_, event in sorted(events)], most


def _project(labeling, subjects, observations):
    names = labeling.all_names()
    empty = dict.fromkeys(
        ("description", "category", "modifiers", "excluded", "coding map"), ""
    )
    behaviors = {
        str(index): {"type": _STATE, "key": "", "code": name, **empty}
        for index, name in enumerate(names)
    }
    people = {
        str(index): {"key": "", "name": str(number), "description": ""}
        for index, number in zip(
            itertools.count(), range(2, subjects + 1), strict=False
        )
    }
    return {
        "time_format": "hh:mm:ss",
        "project_date": "2000-01-01T00:00:00",
        "project_name": "fsn_tf",
        "project_description": "",
        "project_format_version": _VERSION,
        "subjects_conf": people,
        "behaviors_conf": behaviors,
        "observations": observations,
        "behavioral_categories": [],
        "independent_variables": {},
        "coding_map": {},
        "behaviors_coding_map": [],
        "converters": {},
    }
