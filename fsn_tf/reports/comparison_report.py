"""What a comparison of results says: tables, and its files."""

import pathlib

from fsn_tf import files
from fsn_tf.reports import report


def tables(found: dict) -> list[list[list[str]]]:
    """Rows of cells, the heads first; in % but for p.

    Args:
        found: What comparison.compare or compare_all returns.
    """
    if "pairs" not in found:
        return [_of_two(found)]
    return [_of_all(found), _pairs(found)]


def _of_two(found):
    rows = [["in %", "first", "second", "difference", "95 % interval", "p"]]
    for name, one in found["metrics"].items():
        values = map(report.percent, one["values"])
        rows.append([name, *values, *_difference(one), _p(one["p"])])
    return rows


def _of_all(found):
    """A row for each metric, each one's value with its interval."""
    rows = [["in %", *map(str, range(1, len(found["results"]) + 1))]]
    for name, one in found["metrics"].items():
        cells = [
            report.percent(value)
            + (f" ({report.span(interval)})" if interval else "")
            for value, interval in zip(
                one["values"], one["intervals"], strict=True
            )
        ]
        rows.append([name, *cells])
    return rows


def _pairs(found):
    """A row for each metric and pair."""
    head = ["in %", "pair", "difference", "95 % interval", "p", "p (Holm)"]
    rows = [head]
    for name in found["metrics"]:
        for pair in found["pairs"]:
            first, second = pair["results"]
            one = pair["metrics"][name]
            ps = _p(one["p"]), _p(one["p_corrected"])
            which = f"{second + 1} - {first + 1}"
            rows.append([name, which, *_difference(one), *ps])
    return rows


def _difference(one):
    change = one["difference"]
    signed = "-" if change is None else f"{100 * change:+.1f}"
    return signed, report.span(one["interval"], sign="+")


def _p(value):
    return "-" if value is None else f"{value:.3f}"


def setting(found: dict) -> list[str]:
    """Lines that say what was compared, and how."""
    several = "pairs" in found
    names = (
        range(1, 1 + len(found["results"]))
        if several
        else (
            "first",
            "second",
        )
    )
    lines = [
        f"{name}: {path}"
        for name, path in zip(names, found["results"], strict=True)
    ]
    lines.append(
        f"protocol {found['protocol']}, {len(found['video_names'])} videos, "
        f"drawn again {found['num_resamples']} times (seed {found['seed']})"
    )
    if several:
        lines.append(
            f"each with each; p (Holm) is corrected for {len(found['pairs'])} "
            "pairs, for each metric by itself"
        )
    for name, pair in found.get("different_options", {}).items():
        lines.append(f"{name}: {pair[0]} | {pair[1]}")
    return lines


def write(folder: pathlib.Path | str, found: dict) -> None:
    """Writes comparison.json and comparison.md."""
    folder = pathlib.Path(folder)
    parts = [
        "# Comparison",
        report.bullets(setting(found)),
        *map(report.markdown_table, tables(found)),
    ]
    files.write_text(folder / "comparison.md", "\n\n".join(parts) + "\n")
    files.write_json(folder / "comparison.json", found)
