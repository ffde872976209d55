"""VIA 3 projects: segments in seconds, labeled by attributes."""

import pathlib

from fsn_tf import errors
from fsn_tf.annotations import json_values
from fsn_tf.annotations import labelings
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

# Attributes whose value is one of their options, or several; others are text.
_CHECKBOX = 2
_SEGMENT_ANCHOR = "FILE1_Z2_XY0"


def is_one(content: object) -> bool:
    """Whether a JSON value is a project."""
    return isinstance(content, dict) and all(
        isinstance(content.get(x), dict) for x in ("metadata", "view", "file")
    )


def read(path: pathlib.Path) -> labelings.Labeling:
    """Reads a project.

    The label is the option of the attribute of segments. Where there are
    several attributes with options, each gives an instance; text is a label
    only where none has options. What is deleted, a point in time, a region
    of the image or without a label is left out.
    """
    content = text_files.json_value(path)
    parts = {
        key: json_values.member(path, content, key, dict)
        for key in ("metadata", "view", "file", "attribute")
    }
    found = labelings.Labeling(path)
    names = {
        key: _name(
            found, f"{path}: view {text_files.shown(key)}", view, parts["file"]
        )
        for key, view in parts["view"].items()
    }
    found.videos = dict.fromkeys(names.values())
    attributes = _attributes(found, path, parts)
    for key, entry in parts["metadata"].items():
        where = f"{path}: metadata {text_files.shown(key)}"
        view = str(entry.get("vid")) if isinstance(entry, dict) else None
        if view not in names:
            raise text_files.mistake(where, "vid to be one of its views", view)
        times = _times(found, where, entry)
        if times is not None:
            labels = _labels(where, entry, attributes)
            if not labels:
                found.losses["segments without a label left out"] += 1
            for label in labels:
                found.add(where, names[view], label, *times)
    return found


def _name(found, where, view, files):
    """The name of the video of a view."""
    listed = json_values.member(where, view, "fid_list", list)
    entries = [files.get(str(one)) for one in listed]
    if not entries or not isinstance(entries[0], dict):
        raise text_files.mistake(where, "fid_list to name a file", listed)
    if len(entries) > 1:
        found.notes.append(f"{where}: shows several files; the first counts")
    name = json_values.member(where, entries[0], "fname", str)
    return rows.video_name(where, json_values.file_name(name))


def _times(found, where, entry):
    """[start, end], or None where it is no segment."""
    times = json_values.member(where, entry, "z", list)
    if entry.get("flg"):
        found.losses["deleted entries left out"] += 1
    elif entry.get("xy"):
        found.losses["regions of the image left out"] += 1
    elif len(times) == 2:
        return [json_values.number(where, "z", time) for time in times]
    elif len(times) == 1:
        found.losses["points in time left out"] += 1
    elif not times:
        found.losses["labels of whole files left out"] += 1
    else:
        raise text_files.mistake(where, "z to be two times at most", times)
    return None


def _attributes(found, path, parts):
    """{id: (its options, whether several are chosen)} of those that label."""
    used = {
        key
        for entry in parts["metadata"].values()
        if isinstance(entry, dict) and isinstance(entry.get("av"), dict)
        for key, value in entry["av"].items()
        if value not in ("", None)
    }
    kept = {}
    for key in sorted(used & parts["attribute"].keys()):
        where = f"{path}: attribute {text_files.shown(key)}"
        one = parts["attribute"][key]
        if not isinstance(one, dict):
            raise text_files.mistake(where, "an object", one)
        if one.get("anchor_id", _SEGMENT_ANCHOR) == _SEGMENT_ANCHOR:
            options = one.get("options") or {}
            if not isinstance(options, dict):
                raise text_files.mistake(where, "options by id", options)
            kept[key] = options, one.get("type") in (_CHECKBOX, str(_CHECKBOX))
    chosen = {key: one for key, one in kept.items() if one[0]} or kept
    for key in sorted(used - chosen.keys()):
        found.notes.append(f"{path}: attribute {key!r} is not used")
    if len(chosen) > 1:
        found.notes.append(
            f"{path}: {len(chosen)} attributes label segments; each counts"
        )
    return chosen


def _labels(where, entry, attributes):
    """The labels of a segment."""
    values = json_values.member(where, entry, "av", dict)
    labels = []
    for key, (options, is_several) in attributes.items():
        value = str(values.get(key, "")).strip()
        several = is_several and value not in options
        for one in value.split(",") if several else [value]:
            if one.strip():
                labels.append(_label(where, options, one.strip()))
    return labels


def _label(where, options, value):
    # It holds the id of an option; older files hold the option itself.
    label = options.get(value, value)
    if options and label not in options.values():
        raise errors.InputError(
            f"{where}: expected one of the options of its attribute, got "
            f"{text_files.shown(value)}"
        )
    return label
