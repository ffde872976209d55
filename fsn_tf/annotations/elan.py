"""ELAN's .eaf files: annotations on tiers, in milliseconds."""

from collections.abc import Mapping
import pathlib
from xml.etree import ElementTree

from fsn_tf import errors
from fsn_tf import files
from fsn_tf.annotations import json_values
from fsn_tf.annotations import labelings
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files
from fsn_tf.annotations import xml_files

ROOT = "ANNOTATION_DOCUMENT"
_TYPE = "action"
_SCORES = "score"
_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"


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
        if references and tier.get("LINGUISTIC_TYPE_REF") != _SCORES:
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
        if tier.get("LINGUISTIC_TYPE_REF") == _SCORES
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
        label, score = " ".join(label.split()), one.get("ANNOTATION_ID")
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


def text(
    labeling: labelings.Labeling, video: str, media: Mapping[str, pathlib.Path]
) -> str:
    """The text of the file of one video.

    Each class is a tier, several where its instances overlap; scores are a
    tier that refers to it.
    """
    root = ElementTree.Element(
        ROOT,
        {
            "AUTHOR": "fsn_tf",
            "DATE": "2000-01-01T00:00:00+00:00",
            "FORMAT": "3.0",
            "VERSION": "3.0",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:noNamespaceSchemaLocation": _SCHEMA,
        },
    )
    _write_header(root, video, media)
    order = ElementTree.SubElement(root, "TIME_ORDER")
    tiers: dict[str, list] = {}
    for one, score in labeling.of_video(video):
        ends = round(one.start_seconds * 1000), round(one.end_seconds * 1000)
        if ends[0] == ends[1]:
            labeling.losses["instances of no millisecond left out"] += 1
            continue
        _tier(tiers, one.label, ends[0]).append((*ends, one.label, score))
    _write_tiers(root, order, tiers)
    for name, parent in (("action", None), (_SCORES, "Symbolic_Association")):
        attributes = {"LINGUISTIC_TYPE_ID": name, "GRAPHIC_REFERENCES": "false"}
        attributes["TIME_ALIGNABLE"] = "false" if parent else "true"
        if parent:
            attributes["CONSTRAINTS"] = parent
        ElementTree.SubElement(root, "LINGUISTIC_TYPE", attributes)
    ElementTree.SubElement(
        root,
        "CONSTRAINT",
        DESCRIPTION="1-1 association with a parent annotation",
        STEREOTYPE="Symbolic_Association",
    )
    ElementTree.indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + ElementTree.tostring(root, encoding="unicode") + "\n"


def _write_header(root, video, media):
    header = ElementTree.SubElement(
        root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds"
    )
    if video in media:
        kinds = {".mp4": "video/mp4", ".mpg": "video/mpeg"}
        ElementTree.SubElement(
            header,
            "MEDIA_DESCRIPTOR",
            MEDIA_URL=media[video].absolute().as_uri(),
            MIME_TYPE=kinds.get(media[video].suffix.lower(), "video/*"),
        )


def _tier(tiers, label, start):
    """The first tier of a class that is free at a time; a new one in need."""
    number = 1
    while True:
        name = label if number == 1 else f"{label} {number}"
        tier = tiers.setdefault(name, [])
        if all(one[2] == label and one[1] <= start for one in tier):
            return tier
        number += 1


def _write_tiers(root, order, tiers):
    number, slots = 0, []
    for name, annotations in tiers.items():
        tier = ElementTree.SubElement(
            root, "TIER", LINGUISTIC_TYPE_REF=_TYPE, TIER_ID=name
        )
        scores = []
        for start, end, label, score in annotations:
            number += 1
            slots += [(start, f"ts{2 * number - 1}"), (end, f"ts{2 * number}")]
            one = ElementTree.SubElement(
                ElementTree.SubElement(tier, "ANNOTATION"),
                "ALIGNABLE_ANNOTATION",
                ANNOTATION_ID=f"a{number}",
                TIME_SLOT_REF1=slots[-2][1],
                TIME_SLOT_REF2=slots[-1][1],
            )
            ElementTree.SubElement(one, "ANNOTATION_VALUE").text = label
            if score is not None:
                scores.append((f"a{number}", score))
        _write_scores(root, name, scores)
    for value, slot in sorted(slots):
        ElementTree.SubElement(
            order, "TIME_SLOT", TIME_SLOT_ID=slot, TIME_VALUE=str(value)
        )


def _write_scores(root, name, scores):
    if not scores:
        return
    tier = ElementTree.SubElement(
        root,
        "TIER",
        LINGUISTIC_TYPE_REF=_SCORES,
        PARENT_REF=name,
        TIER_ID=f"{name}: score",
    )
    for parent, score in scores:
        one = ElementTree.SubElement(
            ElementTree.SubElement(tier, "ANNOTATION"),
            "REF_ANNOTATION",
            ANNOTATION_ID=f"s{parent}",
            ANNOTATION_REF=parent,
        )
        ElementTree.SubElement(one, "ANNOTATION_VALUE").text = f"{score:g}"
