"""What a report says of what its figures mean."""

import dataclasses

from fsn_tf.evaluation import results
from fsn_tf.reports import reliability
from fsn_tf.reports import report


def added(shown: report.Report, result: results.Result) -> report.Report:
    """A report with what the figures mean, where that was asked for."""
    if result.meaning is None:
        return shown
    rows = table(result, result.meaning)
    lost = result.meaning.lost
    body = [
        "## What the figures mean",
        *explanation(result.meaning),
        report.markdown_table(rows),
        *(x for name, part in lost.items() for x in _PARTS[name](part)),
    ]
    texts = dict(shown.texts)
    if "calibration" in lost:
        texts["reliability.svg"] = reliability.svg(lost["calibration"])
    return dataclasses.replace(
        shown,
        tables=[*shown.tables, rows],
        body=[*shown.body, *body],
        texts=texts,
    )


def explanation(found: results.Meaning) -> list[str]:
    """A paragraph on where the rows of chance and the intervals come from."""
    return [
        "Beside each figure what chance alone reaches, and the middle 95 % of "
        f"{found.num_resamples} test sets whose videos were drawn again with "
        f"replacement (seed {found.seed}), moved so that their mean is the "
        "figure. Shifted in time: what was found in "
        "a video stays, when it happens is left to chance. Class prior: only "
        "how frequent each class is is known. Fixed cadence: moments at a "
        "fixed distance, as many as there are instances."
    ]


def table(result: results.Result, found: results.Meaning) -> list[list[str]]:
    """A row for each figure, the head first; in %."""
    rows = [["in %", "here", "95 % interval", *found.chance]]
    intervals = found.intervals
    for name, value in result.figures().items():
        of_chance = [row.get(name) for row in found.chance.values()]
        rows.append(
            [
                name,
                report.percent(value),
                report.span(intervals.get(name)),
                *map(report.percent, of_chance),
            ]
        )
    return rows


def _boundaries(part):
    both = part["starts"], part["ends"]
    figures = [["frames", "right", "median", "mean", "mean absolute"]]
    for name, one in zip(("starts", "ends"), both, strict=True):
        values = (one[x] for x in ("median", "mean", "mean_absolute"))
        cells = [str(one["pairs"]), *map(report.figure, values)]
        figures.append([name, *cells])
    counts = [["too late by, frames", "starts", "ends"]]
    for name in both[0]["histogram"]:
        counts.append([name, *(str(one["histogram"][name]) for one in both)])
    yield f"### Errors of boundaries, in frames at {part['fps']:g} per second"
    yield "Of the right detections, against the instances that they found."
    yield report.markdown_table(figures)
    yield report.markdown_table(counts)


def _calibration(part):
    yield "### Calibration"
    yield "![reliability](reliability.svg)"
    yield (
        f"ECE {report.percent(part['ece'])} % of all frames and classes "
        f"together, {report.percent(part['mean_ece'])} % as the mean over the "
        f"classes; Brier's score {part['brier']:.4f}."
        if part["ece"] is not None
        else "There are no frames."
    )


def _worst_videos(part):
    yield "### The worst videos"
    rows = [["video", "in %", "instances", "found"]]
    for one in part:
        counts = (str(one.get(x, "-")) for x in ("instances", "found"))
        rows.append([one["video"], report.percent(one["value"]), *counts])
    if part:
        yield f"By {part[0]['figure']} of each video by itself."
        yield report.markdown_table(rows)
    else:
        yield "No video has a figure of its own."


_PARTS = {
    "boundaries": _boundaries,
    "calibration": _calibration,
    "worst_videos": _worst_videos,
}
