"""What a page says of what the figures mean, where that was asked for."""

from collections.abc import Mapping
import typing

from fsn_tf.reports import report
from fsn_tf.reports.evaluation_page import markup


def of(meaning: Mapping[str, typing.Any], links: Mapping[str, str]) -> list:
    """The sections, of the parts that there are.

    Chance and intervals are in a table of their own, and calibration in a
    picture, wherever a result is shown.

    Args:
        meaning: The key `meaning` of results.json.
        links: {video: where it can be looked at}.
    """
    sections = []
    if "boundaries" in meaning:
        sections.append(_boundaries(meaning["boundaries"]))
    if meaning.get("worst_videos"):
        sections.append(_videos(meaning["worst_videos"], links))
    return sections


def _boundaries(found):
    both = [(name, found[name]) for name in ("starts", "ends")]
    rows = [["frames", "right", "median", "mean", "mean absolute"]]
    for name, one in both:
        values = (one[x] for x in ("median", "mean", "mean_absolute"))
        rows.append([name, str(one["pairs"]), *map(report.figure, values)])
    counts = [["too late by, frames", "starts in %", "ends in %"]]
    for size in both[0][1]["histogram"]:
        shares = (
            one["histogram"][size] / max(one["pairs"], 1) for _, one in both
        )
        counts.append([size, *map(report.percent, shares)])
    return markup.section(
        f"Errors of boundaries, in frames at {found['fps']:g} per second",
        markup.paragraph(
            "Of the right detections, against the instances that they found."
        ),
        markup.table(rows, "Errors of boundaries"),
        markup.table(counts, "How late starts and ends are", bars=(1, 2)),
        name="boundaries",
    )


def _videos(found, links):
    rows = [["video", f"{found[0]['figure']} in %"]]
    rows += [[one["video"], report.percent(one["value"])] for one in found]
    return markup.section(
        "Videos with the lowest figures",
        markup.paragraph("Of each video by itself."),
        markup.table(rows, "Lowest figures", bars=(1,), links=links),
        name="lowest",
    )
