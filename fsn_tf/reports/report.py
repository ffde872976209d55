"""What all reports are made of: tables as text, and the frame around them."""

from collections import abc
import csv
import dataclasses
import io
import re

from fsn_tf.evaluation import results

Rows = abc.Sequence[abc.Sequence[str]]

# What Markdown would take for something else than itself.
_ENTITY = re.compile(r"&(?=#?\w+;)")
_MARKS = re.compile(
    r"[`*[]|~(?=~)|(?<!\w)_|_(?!\w)|\\(?=[!-/:-@\[-`{-~])", re.ASCII
)


@dataclasses.dataclass(frozen=True)
class Report:
    """What a kind of result shows; the rest of a report is alike for all.

    Attributes:
        setting: One line, what was evaluated and by which rules.
        tables: Rows of cells of what a terminal shows.
        body: Paragraphs of report.md.
        texts: {name: content} of more files beside it.
    """

    setting: str
    tables: list[list[list[str]]]
    body: list[str]
    texts: dict[str, str]


def percent(fraction: float | None) -> str:
    """0.2494 -> 24.9; what is unknown is a dash."""
    return figure(None if fraction is None else 100 * fraction)


def figure(value: float | None) -> str:
    """24.94 -> 24.9; what is unknown is a dash."""
    return "-" if value is None else f"{value:.1f}"


def span(fractions: abc.Sequence[float] | None, *, sign: str = "") -> str:
    """[0.2, 0.3] -> 20.0 to 30.0; what is unknown is a dash.

    Args:
        fractions: (low, high), or None.
        sign: "+" shows the sign of numbers above 0 too.
    """
    if fractions is None:
        return "-"
    low, high = (f"{100 * one:{sign}.1f}" for one in fractions)
    return f"{low} to {high}"


def text_table(rows: Rows) -> str:
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


def escaped(text: str) -> str:
    """Text as Markdown that shows it: no tags, links or lines of its own.

    What means nothing to Markdown stays as it is, such as an underscore in a
    word.
    """
    text = " ".join(text.splitlines())
    text = _ENTITY.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    return _MARKS.sub(r"\\\g<0>", text)


def code(text: str) -> str:
    """Text as a piece of code in Markdown, whatever is in it."""
    text = " ".join(text.splitlines())
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence, room = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{room}{text}{room}{fence}"


def bullets(lines: abc.Iterable[str]) -> str:
    """Lines of plain text as a list in Markdown."""
    return "\n".join(f"- {escaped(line)}" for line in lines)


def markdown_cells(row: abc.Sequence[str]) -> str:
    """Plain text of cells as a row of a Markdown table."""
    cells = (escaped(cell).replace("|", "\\|") for cell in row)
    return f"| {' | '.join(cells)} |"


def markdown_table(rows: Rows) -> str:
    """Rows of cells as a Markdown table; numbers to the right."""
    rule = ["---"] + ["---:"] * (len(rows[0]) - 1)
    head, *rest = map(markdown_cells, rows)
    return "\n".join([head, f"| {' | '.join(rule)} |", *rest])


def csv_text(rows: abc.Iterable[abc.Sequence[object]]) -> str:
    """Rows as CSV; None is an empty cell."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def origins(result: results.Result) -> list[str]:
    """A line for each folder of scores of which the network is known."""
    lines = []
    for folder, origin in result.origin.networks.items():
        network, stream, inference = (
            origin.get(name, "?") for name in ("network", "stream", "inference")
        )
        method = f" by {origin['flow']}" if origin.get("flow") else ""
        lines.append(
            f"{folder}: {network} on {stream}{method}, inference {inference}"
        )
    return lines


def markdown(result: results.Result, shown: Report) -> str:
    """The text of report.md: setting, origins, body, and how it was made."""
    lines = origins(result)
    parts = [
        "# Evaluation",
        escaped(f"{shown.setting[:1].upper()}{shown.setting[1:]}."),
        *([bullets(lines)] if lines else []),
        *shown.body,
        *_appendix(result),
    ]
    return "\n\n".join(parts) + "\n"


def _appendix(result):
    """The end of a report: options, fingerprints and notes."""
    sections = {
        "Options": [
            f"- {escaped(k)}: {code(str(v))}" for k, v in result.options.items()
        ],
        "Inputs, by SHA-256": [
            f"- `{v}` {escaped(k)}" for k, v in result.origin.sha256.items()
        ],
        "Notes": [f"- {escaped(note)}" for note in result.notes],
    }
    for head, lines in sections.items():
        if lines:
            yield f"## {head}"
            yield "\n".join(lines)
