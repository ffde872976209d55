"""The same input by several protocols, side by side."""

from collections import abc
import pathlib

from fsn_tf import files
from fsn_tf.evaluation import classification
from fsn_tf.evaluation import detection
from fsn_tf.evaluation import from_files
from fsn_tf.evaluation import segmentation
from fsn_tf.reports import report

Results = abc.Mapping[str, from_files.Result]


def measures(result: from_files.Result) -> dict[str, float | None]:
    """{name: number} of what a result says in a line."""
    if isinstance(result, detection.Result):
        maps = {f"tIoU {x:g}": y for x, y in result.segment_map.items()}
        found = {**maps, "mean": result.average_map}
        if result.frame_map is not None:
            found["frame mAP"] = result.frame_map
        return found
    if isinstance(result, segmentation.Result):
        f1 = segmentation.named_f1(result.mean.f1)
        return {
            "accuracy": result.mean.accuracy,
            "edit": result.mean.edit,
            **{f"F1@{name}": value for name, value in f1.items()},
        }
    if isinstance(result, classification.Result):
        return {"top-1": result.accuracy.top1}
    return result.measures


def rows(found: Results) -> list[list[str]]:
    """A column for each protocol and a row for each measure, the head first."""
    columns = {name: measures(result) for name, result in found.items()}
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
        {name: measures(result) for name, result in found.items()},
    )
