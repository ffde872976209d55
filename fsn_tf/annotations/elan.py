"""ELAN's .eaf files, read: annotations on tiers, in milliseconds."""

import pathlib
import re

from fsn_tf import errors
from fsn_tf import files
from fsn_tf.annotations import json_values
from fsn_tf.annotations import labelings
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files
from fsn_tf.annotations import xml_files

ROOT = "ANNOTATION_DOCUMENT"
# The type of tiers that hold scores.
SCORES = "score"
_LINE_ENDS = re.compile(r"\s*\n\s*")


def read(path: pathlib.Path) -> labelings.Labeling:
    """Reads a file of one video.

    The value of an annotation is its label; where it has none, the name of
    its tier. The video is the first that the file names, or else the file's
    stem. Annotations that refer to others are left out.
    """
    root = xml_files.root(path)
    if root.tag != ROOT:
        raise text_files.mistake(path, f"<{ROOT}>", root.tag)
    video, origin = _media(path, root)
    found = labelings.Labeling(path, videos={video: None})
    if video != path.stem:
        found.notes.append(f"{path}: is of the video {video}, as it says")
    times = {x: y + origin for x, y in _slots(found, path, root).items()}
    scores, tiers = _scores(path, root), 0
    for tier in root.iter("TIER"):
        before = len(found.instances)
        _add_tier(found, path, tier, video, times, scores)
        tiers += len(found.instances) > before
        references = sum(1 for _ in tier.iter("REF_ANNOTATION"))
        if references and tier.get("LINGUISTIC_TYPE_REF") != SCORES:
            what = "annotations that refer to others left out"
            found.losses[what] += references
    if tiers > 1:
        found.losses["tiers joined; their names are left out"] += tiers
    return found


def _scores(path, root):
    """{id of an annotation: its score}, of tiers as `text` writes them."""
    return {
        one.get("ANNOTATION_REF"): rows.finite(
            path, "score", one.findtext("ANNOTATION_VALUE")
        )
        for tier in root.iter("TIER")
        if tier.get("LINGUISTIC_TYPE_REF") == SCORES
        for one in tier.iter("REF_ANNOTATION")
    }


def _add_tier(found, path, tier, video, times, scores):
    name = tier.get("TIER_ID", "")
    for one in tier.iter("ALIGNABLE_ANNOTATION"):
        where = f"{path}: tier {name}: {one.get('ANNOTATION_ID', '')}"
        ends = []
        for key in ("TIME_SLOT_REF1", "TIME_SLOT_REF2"):
            slot = xml_files.attribute(where, one, key)
            if slot not in times:
                raise text_files.mistake(where, f"{key} to be a slot", slot)
            ends.append(times[slot] / 1000)
        label = (one.findtext("ANNOTATION_VALUE") or "").strip() or name
        # A note may have several lines; a label has one.
        label, score = _LINE_ENDS.sub(" ", label), one.get("ANNOTATION_ID")
        found.add(where, video, label, *ends, score=scores.get(score))


def _media(path, root):
    """(name of the video, milliseconds to add to all times)."""
    header = root.find("HEADER")
    units = "milliseconds" if header is None else header.get("TIME_UNITS")
    if units not in (None, "milliseconds"):
        raise text_files.mistake(path, "TIME_UNITS in milliseconds", units)
    named = []
    for media in root.iter("MEDIA_DESCRIPTOR"):
        url = media.get("MEDIA_URL") or media.get("RELATIVE_MEDIA_URL") or ""
        named.append((json_values.file_name(url), media))
    videos = [
        pair
        for pair in named
        if pathlib.PurePath(pair[0]).suffix.lower() in files.VIDEO_ENDINGS
    ]
    name, media = (videos or named or [(path.stem, None)])[0]
    origin = "0" if media is None else media.get("TIME_ORIGIN") or "0"
    milliseconds = rows.finite(path, "TIME_ORIGIN", origin)
    return rows.video_name(path, name or path.stem), milliseconds


def _slots(found, path, root):
    """{id: milliseconds}; between known times the others lie evenly."""
    slots = list(root.iter("TIME_SLOT"))
    values: list[float | None] = []
    for slot in slots:
        text = slot.get("TIME_VALUE")
        values.append(
            text if text is None else rows.seconds(path, "TIME", text)
        )
    for place, value in enumerate(values):
        if value is None:
            values[place] = _between(path, values, place, slots)
            found.losses["times that the file leaves open spread evenly"] += 1
    names = [xml_files.attribute(path, x, "TIME_SLOT_ID") for x in slots]
    return dict(zip(names, values, strict=True))


def _between(path, values, place, slots):
    """The time of a slot that has none, from those around it."""
    known = (x for x in range(place, len(values)) if values[x] is not None)
    after = next(known, None)
    # Those before have their times by now.
    if not place or after is None:
        raise errors.InputError(
            f"{path}: {slots[place].get('TIME_SLOT_ID')} has no time, and is "
            "not between slots that have"
        )
    return values[place - 1] + (values[after] - values[place - 1]) / (
        after - place + 1
    )
