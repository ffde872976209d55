"""What a report says of what its figures mean."""

import dataclasses

from fsn_tf.evaluation import results
from fsn_tf.reports import report


def added(shown: report.Report, result: results.Result) -> report.Report:
    """A report with what the figures mean, where that was asked for."""
    if result.meaning is None:
        return shown
    rows = table(result, result.meaning)
    body = ["## What the figures mean", *explanation(result.meaning)]
    return dataclasses.replace(
        shown,
        tables=[*shown.tables, rows],
        body=[*shown.body, *body, report.markdown_table(rows)],
    )


def explanation(found: results.Meaning) -> list[str]:
    """A paragraph on where the rows of chance and the intervals come from."""
    return [
        "Beside each figure what chance alone reaches, and the middle 95 % of "
        f"{found.num_resamples} test sets whose videos were drawn again with "
        f"replacement (seed {found.seed}). Shifted in time: what was found in "
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
