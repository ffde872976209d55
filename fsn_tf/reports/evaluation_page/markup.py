"""Pieces of HTML; every value that comes in is escaped."""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
import html
import re

# What fills a cell up to there: "24.9", and not "12 of 20".
_PERCENT = re.compile(r"\d{1,3}\.\d")


def text(value: object) -> str:
    """Any value as text of a page."""
    return html.escape(str(value))


def section(title: str, *parts: str, name: str) -> str:
    """A card with a heading; `name` is its anchor."""
    return (
        f'<section class="card" id="{name}" aria-labelledby="{name}-title">\n'
        f'<h2 id="{name}-title">{text(title)}</h2>\n'
        + "\n".join(filter(None, parts))
        + "\n</section>"
    )


def paragraph(words: str) -> str:
    """A paragraph of plain text."""
    return f'<p class="about">{text(words)}</p>'


def tiles(values: Mapping[str, str]) -> str:
    """Figures that are read first, {what: figure}."""
    items = "".join(
        f"<div><dt>{text(name)}</dt><dd>{text(value)}</dd></div>"
        for name, value in values.items()
    )
    return f'<dl class="tiles">{items}</dl>'


def table(
    rows: Sequence[Sequence[str]],
    caption: str,
    *,
    bars: Iterable[int] = (),
    links: Mapping[str, str] | None = None,
) -> str:
    """Rows of cells as a table, the head first.

    Args:
        rows: Plain text.
        caption: What it shows, for who cannot see where it stands.
        bars: Columns whose percentages fill their cells.
        links: {cell of the first column: where it leads}.
    """
    head, *others = rows
    columns = frozenset(bars)
    top = "".join(f'<th scope="col">{text(cell)}</th>' for cell in head)
    body = "\n".join(
        "<tr>" + "".join(_cells(row, columns, links or {})) + "</tr>"
        for row in others
    )
    return (
        '<div class="scroll" tabindex="0" role="region" '
        f'aria-label="{text(caption)}"><table><caption class="unseen">'
        f"{text(caption)}</caption>\n<thead><tr>{top}</tr></thead>\n<tbody>\n"
        f"{body}\n</tbody></table></div>"
    )


def _cells(row, bars, links):
    for column, cell in enumerate(row):
        if not column:
            name = text(cell)
            if cell in links:
                name = f'<a href="{text(links[cell])}">{name}</a>'
            yield f'<th scope="row">{name}</th>'
        elif column in bars and _PERCENT.fullmatch(cell):
            yield f'<td class="bar" style="--share:{cell}%">{cell}</td>'
        else:
            yield f"<td>{text(cell)}</td>"


def listed(lines: Iterable[str]) -> str:
    """Lines of plain text as a list."""
    return "<ul>" + "".join(f"<li>{text(x)}</li>" for x in lines) + "</ul>"


def grid(figures: Iterable[str]) -> str:
    """Figures side by side."""
    return f'<div class="grid">{"".join(figures)}</div>'


def columns(parts: Iterable[str]) -> str:
    """Parts side by side where there is room."""
    items = "".join(f"<div>{part}</div>" for part in parts)
    return f'<div class="columns">{items}</div>'
