"""The paper's tables with our rows beside them, and what sets them apart."""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
import dataclasses

import numpy as np

from fsn_tf.evaluation import results_schema
from fsn_tf.paper import table_rows
from fsn_tf.reports import published
from fsn_tf.reports import report

# Fields that change how long or how a run is kept, not what it learns.
_IMMATERIAL = (
    "steps_per_call checkpoint_steps keep_checkpoints deterministic seed "
    "init_from jit_compile"
).split()


def tables(
    numbers: Iterable[int], seeds: Sequence[int], setting: table_rows.Setting
) -> tuple[dict[int, list[list[str]]], list[str]]:
    """({number: rows of cells}, notes) from the results on the disk.

    Args:
        numbers: Of the tables.
        seeds: Of the training runs.
        setting: table_rows.Setting.
    """
    cells: dict[int, list[list[str]]] = {}
    runs: dict[str, None] = {}
    for number in numbers:
        found = {}
        for row in table_rows.ROWS[number]:
            runs |= dict.fromkeys(row.runs)
            found[row.method] = [
                results_schema.read(setting.result_folder(row, seed))
                for seed in seeds
            ]
        cells[number] = table(number, found)
        (results, *_) = found[row.method]
    return cells, _notes(results, runs, seeds, setting)


def table(number: int, found: Mapping[str, Sequence[dict]]) -> list[list[str]]:
    """One table as rows of cells, the head first.

    Args:
        number: Of the table.
        found: {method of ours: results of each seed}.
    """
    one = published.TABLES[number]
    heads = [
        column if column == published.FRAME else f"tIoU {column}"
        for column in one.columns
    ]
    rows = [["mAP in %", *heads]]
    for method, figures in one.rows.items():
        name = f"paper ({published.DATASET}), {method}"
        rows.append([name, *map(report.figure, figures)])
    for method, results in found.items():
        cells = [mean_and_spread(results, name) for name in one.columns]
        rows.append([f"here, {method}", *cells])
    return rows


def class_table(
    number: int,
    classes: Sequence[str],
    seeds: Sequence[int],
    setting: table_rows.Setting,
) -> list[list[str]]:
    """AP of some classes in our rows of a table, as rows of cells.

    Args:
        number: Of the table.
        classes: Names.
        seeds: Of the training runs.
        setting: table_rows.Setting.
    """
    columns = [(name, what) for name in classes for what in ("frame", "0.5")]
    heads = [
        f"{name}, {'frame' if what == 'frame' else 'tIoU 0.5'}"
        for name, what in columns
    ]
    rows = [["AP in %", *heads]]
    for row in table_rows.ROWS[number]:
        results = [
            results_schema.read(setting.result_folder(row, seed))
            for seed in seeds
        ]
        cells = []
        for name, what in columns:
            if what == "frame":
                values = [one["frame_ap"][name] for one in results]
            else:
                values = [one["segment_ap"][what][name] for one in results]
            cells.append(cell(values))
        rows.append([row.method, *cells])
    return rows


def mean_and_spread(results: Sequence[dict], column: str) -> str:
    """Mean of several seeds in percent, and its standard deviation."""
    return cell([_value(one, column) for one in results])


def cell(values: Sequence[float | None]) -> str:
    """Mean of fractions in percent, and their standard deviation if many."""
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return "-"
    mean = f"{100 * np.mean(known):.1f}"
    if len(values) == 1:
        return mean
    return f"{mean} ± {100 * np.std(known, ddof=1):.1f}"


def _value(results, column):
    if column == published.FRAME:
        return results["frame_map"]
    return results["segment_map"][column]


def markdown(
    tables: Mapping[int, list[list[str]]], notes: Sequence[str]
) -> str:
    """The report of all tables.

    Args:
        tables: {number: rows of cells}.
        notes: Lines on what was measured, see `tables`.
    """
    parts = ["# The paper's tables", f"The paper's rows: {published.SOURCE}."]
    for number, rows in tables.items():
        parts += [
            f"## Table {number}: {published.TABLES[number].caption}",
            report.markdown_table(rows),
        ]
    parts += ["## What was measured here", report.bullets(notes)]
    return "\n\n".join(parts) + "\n"


def _notes(results, runs, seeds, setting):
    """What our figures were measured on, and how that is not the paper's.

    Args:
        results: The results of any row.
        runs: Names of the training runs.
        seeds: Of the runs.
        setting: table_rows.Setting.
    """
    is_thumos = results["ground_truth_sha256"] == published.THUMOS14_TEST_SHA256
    dataset = (
        f"{published.DATASET}'s test set"
        if is_thumos
        else f"not {published.DATASET}: the paper's rows are on other data and "
        "stand there for the direction of a difference, not for its size"
    )
    spread = ", mean ± standard deviation" if len(seeds) > 1 else ""
    lines = [
        f"data: {results['videos']} videos, {results['instances']} instances, "
        + dataset,
        f"protocol: {results['protocol']}, NMS at tIoU - 0.1",
        f"seeds: {', '.join(map(str, seeds))}{spread}",
        *(f"start of {x}: {y}" for x, y in setting.weights.items()),
    ]
    return lines + [
        f"{run}, against the paper's set-up: {text}"
        for run in runs
        if (text := ", ".join(_differences(run, setting)))
    ]


def _differences(run, setting):
    """What sets the experiment of a run apart from that of the paper."""
    original = dataclasses.replace(setting, kind="thumos14", steps=None)
    theirs = dataclasses.asdict(original.experiment(run))
    ours = dataclasses.asdict(setting.experiment(run))
    for name, value in ours.items():
        if name not in _IMMATERIAL and value != theirs[name]:
            yield (f"{name} {_named(value)} instead of {_named(theirs[name])}")


def _named(value):
    return "none" if value in ("", ()) else value
