"""What a comparison of two annotators says: tables, and its files."""

import pathlib

from fsn_tf import files
from fsn_tf.evaluation import boundary_errors
from fsn_tf.reports import report


def setting(found: dict) -> str:
    """One line, what was compared."""
    one, other = found["instances"]
    return (
        f"{found['videos']} videos, {found['frames']} frames at "
        f"{found['fps']:g} per second, {one} and {other} instances"
    )


def tables(found: dict) -> list[list[list[str]]]:
    """Rows of cells, the heads first: classes, offsets, their histograms.

    Args:
        found: What agreement.agreement returns.
    """
    return [_classes(found), _offsets(found), _histograms(found)]


def _classes(found):
    names = [f"F1@{name} in %" for name in found["f1"]]
    rows = [["", "first", "second", "kappa", *names]]
    whole = {"all": found}
    for name, one in (found["per_class"] | whole).items():
        kappa = "-" if one["kappa"] is None else f"{one['kappa']:.3f}"
        shares = map(report.percent, one["f1"].values())
        rows.append([name, *map(str, one["instances"]), kappa, *shares])
    return rows


def _offsets(found):
    names = [f"within {most} in %" for most in boundary_errors.WITHIN]
    rows = [["frames", "pairs", "median", "mean", "mean absolute", *names]]
    for name in ("starts", "ends"):
        one = found[name]
        figures = (one[x] for x in ("median", "mean", "mean_absolute"))
        shares = map(report.percent, one["within"].values())
        cells = [str(one["pairs"]), *map(report.figure, figures), *shares]
        rows.append([name, *cells])
    return rows


def _histograms(found):
    both = found["starts"]["histogram"], found["ends"]["histogram"]
    rows = [["second later by, frames", "starts", "ends"]]
    for name in both[0]:
        rows.append([name, *(str(one[name]) for one in both)])
    return rows


def write(folder: pathlib.Path | str, found: dict) -> None:
    """Writes agreement.json and agreement.md."""
    folder = pathlib.Path(folder)
    parts = [
        "# Agreement",
        f"{setting(found)}.",
        *map(report.markdown_table, tables(found)),
        *([report.bullets(found["notes"])] if found["notes"] else []),
    ]
    files.write_text(folder / "agreement.md", "\n\n".join(parts) + "\n")
    files.write_json(folder / "agreement.json", found)
