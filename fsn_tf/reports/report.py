"""Results beside the paper's tables: Markdown, plain text and CSV."""

import csv
import io
import json
import pathlib

from fsn_tf.reports import published

# Measured on THUMOS'14; figures on other data do not compare with them.
_PAPER = f"paper ({published.DATASET})"
_PAPER_ROWS = ("FSN RGB", "FSN Flow", "FSN")


def read(folder):
    """The results that `write` left in a folder."""
    path = pathlib.Path(folder) / "results.json"
    return json.loads(path.read_text(encoding="utf-8"))


def percent(fraction):
    """0.2494 -> 24.9; what is unknown is a dash."""
    return figure(None if fraction is None else 100 * fraction)


def summary(results):
    """Our mAP above the paper's, as rows of cells, the head first."""
    tious = list(results["segment_map"])
    head = ["mAP in %", "frame", *(f"tIoU {tiou}" for tiou in tious), "mean"]
    ours = ["here", percent(results["frame_map"])]
    ours += [percent(results["segment_map"][tiou]) for tiou in tious]
    ours.append(percent(results["average_map"]))
    return [head, ours, *(_paper_row(name, tious) for name in _PAPER_ROWS)]


def _paper_row(name, tious):
    table = published.TABLES[2]
    figures = dict(zip(table.columns, table.rows[name], strict=True))
    cells = [*published.TABLES[1].rows[name], *map(figures.get, tious)]
    # The paper gives no mean.
    return [f"{_PAPER}, {name}", *map(figure, cells), "-"]


def figure(value):
    """24.94 -> 24.9; what is unknown is a dash."""
    return "-" if value is None else f"{value:.1f}"


def per_class(results):
    """AP of every class, as rows of cells, the head first."""
    tious = list(results["segment_ap"])
    rows = [["AP in %", "instances", "frame", *(f"tIoU {t}" for t in tious)]]
    frame_ap = results["frame_ap"] or {}
    for name, count in results["instances_per_class"].items():
        cells = [results["segment_ap"][tiou][name] for tiou in tious]
        shown = [percent(cell) for cell in (frame_ap.get(name), *cells)]
        rows.append([name, str(count), *shown])
    return rows


def text_table(rows):
    """Rows of cells as aligned lines for a terminal."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *rest in rows:
        cells = [first.ljust(widths[0])]
        cells += [
            cell.rjust(width)
            for cell, width in zip(rest, widths[1:], strict=True)
        ]
        lines.append("  ".join(cells))
    return "\n".join(lines)


def markdown_table(rows):
    """Rows of cells as a Markdown table; numbers to the right."""
    rule = ["---"] + ["---:"] * (len(rows[0]) - 1)
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(
        f"| {' | '.join(row)} |" for row in [cells[0], rule, *cells[1:]]
    )


def setting(results):
    """One line: what was evaluated, and by which rules."""
    options = results["options"]
    nms = "NMS at tIoU - 0.1" if options["nms"] else "no NMS"
    return (
        f"protocol {results['protocol']}, {results['videos']} videos, "
        f"{results['instances']} instances, {nms}"
    )


def origins(results):
    """A line for each folder of scores of which the network is known."""
    lines = []
    for folder, origin in results.get("origins", {}).items():
        network, stream, inference = (
            origin.get(name, "?") for name in ("network", "stream", "inference")
        )
        method = f" by {origin['flow']}" if origin.get("flow") else ""
        lines.append(
            f"{folder}: {network} on {stream}{method}, inference {inference}"
        )
    return lines


def origins_list(results):
    """The same as a Markdown list: one part of a report, or none."""
    lines = [f"- {line}" for line in origins(results)]
    return ["\n".join(lines)] if lines else []


def markdown(results, sections=()):
    """The report: setting, mAP beside the paper's, AP of every class.

    Args:
        results: The dict of an evaluation.
        sections: Further paragraphs, before the options.
    """
    parts = [
        "# Evaluation",
        f"{setting(results)[:1].upper()}{setting(results)[1:]}.",
        *origins_list(results),
        markdown_table(summary(results)),
        "The paper's rows are Tables 1 and 2, measured on THUMOS'14; they "
        "compare with results on that dataset only. A dash is a figure that "
        "does not exist.",
        "## Every class",
        markdown_table(per_class(results)),
        f"`detections.json` holds the {results['detections']} detections "
        f"evaluated at tIoU {results['detections_tiou']:g}.",
        *sections,
        *appendix(results),
    ]
    return "\n\n".join(parts) + "\n"


def appendix(results):
    """The end of a report: options, fingerprints and notes."""
    options = [f"- {k}: `{v}`" for k, v in results["options"].items()]
    parts = ["## Options", "\n".join(options)]
    if "sha256" in results:
        inputs = [f"- `{v}` {k}" for k, v in results["sha256"].items()]
        parts += ["## Inputs, by SHA-256", "\n".join(inputs)]
    if results["notes"]:
        notes = [f"- {note}" for note in results["notes"]]
        parts += ["## Notes", "\n".join(notes)]
    return parts


def per_class_csv(results):
    """AP of every class as fractions; empty where there is none."""
    tious = list(results["segment_ap"])
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        ["class", "instances", "frame_ap", *(f"ap@{t}" for t in tious)]
    )
    frame_ap = results["frame_ap"] or {}
    for name, count in results["instances_per_class"].items():
        cells = [results["segment_ap"][tiou][name] for tiou in tious]
        writer.writerow([name, count, frame_ap.get(name), *cells])
    return stream.getvalue()
