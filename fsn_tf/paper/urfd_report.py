"""UR Fall: results of every row as tables."""

from collections.abc import Mapping
from collections.abc import Sequence

import numpy as np

from fsn_tf import segments
from fsn_tf.paper import reproduction_report
from fsn_tf.paper import urfd_data
from fsn_tf.paper import urfd_rows
from fsn_tf.reports import report

_TIOUS = ("0.1", "0.3", "0.5", "0.7")

Tables = Mapping[str, list[list[str]]]


def tables(found: Mapping[str, Sequence[dict]]) -> dict[str, list[list[str]]]:
    """{caption: rows of cells, the head first}.

    Args:
        found: {key of a row: its results.json of each seed}.
    """
    return {
        caption: table(rows, found)
        for caption, rows in urfd_rows.TABLES.items()
    }


def table(
    rows: Sequence[urfd_rows.Row], found: Mapping[str, Sequence[dict]]
) -> list[list[str]]:
    """One table as rows of cells, the head first; see `tables`."""
    classes = list(found[rows[0].key][0]["frame_ap"])
    cells = [
        [
            "in %",
            "frame mAP",
            *(f"{name}, frames" for name in classes),
            *(f"mAP at {tiou}" for tiou in _TIOUS),
            "mean mAP",
        ]
    ]
    for row in rows:
        values = [_values(one, classes) for one in found[row.key]]
        columns = zip(*values, strict=True)
        cells.append([row.name, *map(reproduction_report.cell, columns)])
    return cells


def _values(results, classes):
    maps = results["segment_map"]
    return [
        results["frame_map"],
        *(results["frame_ap"][name] for name in classes),
        *(maps[tiou] for tiou in _TIOUS),
        float(np.mean(list(maps.values()))),
    ]


def notes(
    truth: Mapping[str, segments.Annotations], seeds: Sequence[int], data: str
) -> list[str]:
    """Lines on what was measured.

    Args:
        truth: {subset: its annotations}.
        seeds: Of the training runs.
        data: Name of the folder.
    """
    spread = ", mean ± standard deviation" if len(seeds) > 1 else ""
    counts = [
        f"{len(truth[subset].videos)} {subset} videos, "
        f"{_without(truth[subset])} of them without any action"
        for subset in (urfd_data.TRAINING, urfd_data.TEST)
    ]
    return [
        f"data: {data}; {'; '.join(counts)}",
        f"seeds: {', '.join(map(str, seeds))}{spread}",
        "mean mAP: over tIoU 0.1 to 0.7",
        "learning curve: each seed draws its own part of the training videos",
    ]


def _without(truth):
    return len(set(truth.videos) - {one.video for one in truth.instances})


def markdown(tables: Tables, notes: Sequence[str]) -> str:
    """The report of all tables."""
    parts = ["# Pixels to mAP"]
    for caption, cells in tables.items():
        parts += [f"## {report.escaped(caption)}", report.markdown_table(cells)]
    parts += ["## What was measured", report.bullets(notes)]
    return "\n\n".join(parts) + "\n"


def text(tables: Tables, notes: Sequence[str]) -> str:
    """The same for a terminal."""
    parts = [
        f"{caption}\n{report.text_table(cells)}"
        for caption, cells in tables.items()
    ]
    return "\n\n".join([*parts, "\n".join(f"- {note}" for note in notes)])
