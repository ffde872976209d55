"""Results beside the paper's tables: Markdown, plain text and CSV."""

import csv
import io
import json
import pathlib

# Segment mAP in percent at each tIoU; the paper leaves the others out.
TABLE2_TIOUS = (0.3, 0.4, 0.5, 0.6, 0.7)

# Frame-level mAP on THUMOS'14 in percent (Table 1).
TABLE1 = {
    "Single-frame CNN": 34.7,
    "Two-stream CNN": 36.2,
    "LSTM": 39.3,
    "MultiLSTM": 41.3,
    "CDC": 44.4,
    "FSN RGB": 47.5,
    "FSN Flow": 41.4,
    "FSN": 53.5,
}

# Segment-level mAP on THUMOS'14 in percent at TABLE2_TIOUS (Table 2).
TABLE2 = {
    "Wang et al.": (14.6, 12.1, 8.5, 4.7, 1.5),
    "Heilbron et al.": (None, None, 13.5, None, None),
    "Escorcia et al.": (None, None, 13.9, None, None),
    "Oneata et al.": (28.8, 21.8, 15.0, 8.5, 3.2),
    "Richard and Gall": (30.0, 23.2, 15.2, None, None),
    "Yeung et al.": (36.0, 26.4, 17.1, None, None),
    "Yuan et al.": (33.6, 26.1, 18.8, None, None),
    "S-CNN": (36.3, 28.7, 19.0, 10.3, 5.3),
    "CDC + S-CNN": (40.1, 29.4, 23.3, 13.1, 7.9),
    "SSAD": (43.0, 35.0, 24.6, 15.4, 7.7),
    "TPC": (44.1, 37.1, 28.2, 20.6, 12.7),
    "FSN RGB": (40.7, 33.6, 24.9, 17.5, 10.6),
    "FSN Flow": (36.4, 28.0, 20.0, 11.9, 6.2),
    "FSN": (51.8, 41.5, 32.1, 22.9, 14.7),
}

# Segment-level mAP in percent at TABLE2_TIOUS (Table 4), and the frame-level
# mAP that Section 4.4 adds.
TABLE4 = {
    "RGB FSN w/o temporal CNN": (38.2, 27.6, 19.7, 12.2, 6.9),
    "RGB FSN": (40.7, 33.6, 24.9, 17.5, 10.6),
}
TABLE4_FRAMES = {"RGB FSN w/o temporal CNN": 42.5, "RGB FSN": 47.5}

# Measured on THUMOS'14; figures on other data do not compare with them.
_PAPER = "paper (THUMOS'14)"
_PAPER_ROWS = ("FSN RGB", "FSN Flow", "FSN")


def read(folder):
    """The results that `write` left in a folder."""
    path = pathlib.Path(folder) / "results.json"
    return json.loads(path.read_text(encoding="utf-8"))


def table4(results):
    """Table 4 from our results beside the paper's figures, as rows of cells.

    Args:
        results: {row of Table 4: results}.
    """
    tious = [f"{tiou:g}" for tiou in TABLE2_TIOUS]
    rows = [["mAP in %", "frame", *(f"tIoU {tiou}" for tiou in tious)]]
    for name, ours in results.items():
        cells = [ours["frame_map"], *map(ours["segment_map"].get, tious)]
        rows.append([f"here, {name}", *map(percent, cells)])
    for name in results:
        cells = [TABLE4_FRAMES[name], *TABLE4[name]]
        rows.append([f"{_PAPER}, {name}", *(f"{x:.1f}" for x in cells)])
    return rows


def percent(fraction):
    """0.2494 -> 24.9; what is unknown is a dash."""
    return "-" if fraction is None else f"{100 * fraction:.1f}"


def summary(results):
    """Our mAP above the paper's, as rows of cells, the head first."""
    tious = list(results["segment_map"])
    head = ["mAP in %", "frame", *(f"tIoU {tiou}" for tiou in tious), "mean"]
    ours = ["here", percent(results["frame_map"])]
    ours += [percent(results["segment_map"][tiou]) for tiou in tious]
    ours.append(percent(results["average_map"]))
    return [head, ours, *(_paper_row(name, tious) for name in _PAPER_ROWS)]


def _paper_row(name, tious):
    figures = dict(zip(TABLE2_TIOUS, TABLE2[name], strict=True))
    cells = [figures.get(float(tiou)) for tiou in tious]
    shown = ["-" if cell is None else f"{cell:.1f}" for cell in cells]
    # The paper gives no mean.
    return [f"{_PAPER}, {name}", f"{TABLE1[name]:.1f}", *shown, "-"]


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
