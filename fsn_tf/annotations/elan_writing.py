"""ELAN's .eaf files, written: annotations on tiers, in milliseconds."""

from collections.abc import Mapping
import pathlib
from xml.etree import ElementTree

from fsn_tf.annotations import elan
from fsn_tf.annotations import labelings

_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_TYPE, _REFERENCE = "action", "Symbolic_Association"


def text(
    labeling: labelings.Labeling,
    video: str,
    placed: list[tuple],
    media: Mapping[str, pathlib.Path],
) -> str:
    """The text of the file of one video.

    Each class is a tier, several where its instances overlap; scores are a
    tier that refers to it.

    Args:
        labeling: Of all videos; losses are counted in it.
        video: Name.
        placed: What labeling.by_video has of it.
        media: {video: its file}.
    """
    root = _document()
    _write_header(root, video, media)
    order = ElementTree.SubElement(root, "TIME_ORDER")
    tiers: dict[str, list] = {}
    for one, score in placed:
        ends = round(one.start_seconds * 1000), round(one.end_seconds * 1000)
        if ends[0] == ends[1]:
            labeling.losses["instances of no millisecond left out"] += 1
            continue
        _tier(tiers, one.label, ends[0]).append((*ends, one.label, score))
    _write_tiers(root, order, tiers)
    _write_types(root)
    ElementTree.indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + ElementTree.tostring(root, encoding="unicode") + "\n"


def _document():
    """The outermost element, empty."""
    return ElementTree.Element(
        elan.ROOT,
        {
            "AUTHOR": "fsn_tf",
            "DATE": "2000-01-01T00:00:00+00:00",
            "FORMAT": "3.0",
            "VERSION": "3.0",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:noNamespaceSchemaLocation": _SCHEMA,
        },
    )


def _write_types(root):
    """Says what kinds of tiers there are: actions, and scores of them."""
    for name, more in (
        (_TYPE, {"TIME_ALIGNABLE": "true"}),
        (elan.SCORES, {"TIME_ALIGNABLE": "false", "CONSTRAINTS": _REFERENCE}),
    ):
        attributes = {"LINGUISTIC_TYPE_ID": name, "GRAPHIC_REFERENCES": "false"}
        ElementTree.SubElement(root, "LINGUISTIC_TYPE", attributes | more)
    ElementTree.SubElement(
        root,
        "CONSTRAINT",
        DESCRIPTION="1-1 association with a parent annotation",
        STEREOTYPE=_REFERENCE,
    )


def _write_header(root, video, media):
    header = ElementTree.SubElement(
        root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds"
    )
    if video in media:
        ElementTree.SubElement(
            header,
            "MEDIA_DESCRIPTOR",
            MEDIA_URL=media[video].absolute().as_uri(),
            MIME_TYPE="video/*",
        )


def _tier(tiers, label, start):
    """The first tier of a class that is free at a time; a new one in need."""
    number = 1
    while True:
        name = label if number == 1 else f"{label} {number}"
        tier = tiers.setdefault(name, [])
        # A tier of another class may have the name of a second one of this.
        if not tier or (tier[-1][2] == label and tier[-1][1] <= start):
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
            _write_annotation(
                tier,
                "ALIGNABLE_ANNOTATION",
                label,
                ANNOTATION_ID=f"a{number}",
                TIME_SLOT_REF1=slots[-2][1],
                TIME_SLOT_REF2=slots[-1][1],
            )
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
        LINGUISTIC_TYPE_REF=elan.SCORES,
        PARENT_REF=name,
        TIER_ID=f"{name}: score",
    )
    for parent, score in scores:
        _write_annotation(
            tier,
            "REF_ANNOTATION",
            f"{score}",
            ANNOTATION_ID=f"s{parent}",
            ANNOTATION_REF=parent,
        )


def _write_annotation(tier, kind, value, **attributes):
    one = ElementTree.SubElement(tier, "ANNOTATION")
    one = ElementTree.SubElement(one, kind, attributes)
    ElementTree.SubElement(one, "ANNOTATION_VALUE").text = value
