"""The same input by several protocols, side by side."""

from collections import abc
import pathlib

from fsn_tf import files
from fsn_tf.evaluation import from_files
from fsn_tf.reports import report

Results = abc.Mapping[str, from_files.Result]


def rows(found: Results) -> list[list[str]]:
    """A column for each protocol and a row for each measure, the head first."""
    columns = {name: result.figures() for name, result in found.items()}
    names = dict.fromkeys(x for column in columns.values() for x in column)
    table = [["in %", *columns]]
    for name in names:
        # Empty where the protocol has no such measure.
        table.append(
            [name]
            + [
                report.percent(column[name]) if name in column else ""
                for column in columns.values()
            ]
        )
    return table


def text(found: Results) -> str:
    """The table for a terminal."""
    return report.text_table(rows(found))


def write(folder: pathlib.Path | str, found: Results) -> None:
    """Writes protocols.md, and protocols.json: {protocol: {measure: number}}.

    The results themselves are in folders of the names of their protocols.
    """
    folder = pathlib.Path(folder)
    table = report.markdown_table(rows(found))
    files.write_text(folder / "protocols.md", f"# Protocols\n\n{table}\n")
    files.write_json(
        folder / "protocols.json",
        {name: result.figures() for name, result in found.items()},
    )
