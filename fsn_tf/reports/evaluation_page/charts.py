"""Charts as SVG inside a page, in the colors of its style."""

from collections.abc import Mapping
from collections.abc import Sequence

import numpy as np

from fsn_tf.reports.evaluation_page import markup

# Room for what stands at the axes, in pixels.
_LEFT, _BOTTOM, _TOP, _RIGHT = 34, 30, 8, 12
# Points of a line in a small chart; more cannot be told apart.
POINTS = 120


def lines(
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    width: int,
    height: int,
    title: str,
    axes: tuple[str, str],
) -> str:
    """Curves of fractions, both axes from 0 to 100 %.

    Args:
        curves: {name: (x, y)}; the order chooses their colors.
        width: In pixels, of the chart.
        height: As well.
        title: What it shows, for who cannot see it.
        axes: What x and y are.
    """
    inner = width - _LEFT - _RIGHT, height - _TOP - _BOTTOM
    parts = [_grid(*inner, width < 300)]
    for index, (name, (x, y)) in enumerate(curves.items()):
        points = " ".join(
            f"{_LEFT + a * inner[0]:.1f},{_TOP + (1 - b) * inner[1]:.1f}"
            for a, b in zip(np.asarray(x), np.asarray(y), strict=True)
        )
        parts.append(
            f'<polyline class="line c{_color(index, len(curves))}" '
            f'points="{points}"><title>{markup.text(name)}</title></polyline>'
        )
    parts.append(
        f'<text class="axis" x="{_LEFT + inner[0] / 2:g}" y="{height - 3}" '
        f'text-anchor="middle">{markup.text(axes[0])}</text>'
        f'<text class="axis" transform="rotate(-90)" y="9" '
        f'x="{-_TOP - inner[1] / 2:g}" text-anchor="middle">'
        f"{markup.text(axes[1])}</text>"
    )
    return _svg(width, height, title, parts)


def legend(names: Sequence[str]) -> str:
    """Which color is which curve."""
    return (
        '<ul class="legend">'
        + "".join(
            f'<li><i class="c{_color(index, len(names))}"></i>'
            f"{markup.text(name)}</li>"
            for index, name in enumerate(names)
        )
        + "</ul>"
    )


def stacks(columns: Mapping[str, Mapping[str, float]], *, title: str) -> str:
    """Horizontal bars, each parted into shares of a whole.

    Args:
        columns: {bar: {part: share}}, the parts in the order of their colors.
        title: What it shows.
    """
    rows = []
    for name, shares in columns.items():
        parts = "".join(
            f'<i class="k{index}" style="--share:{100 * share:.2f}%" '
            f'title="{markup.text(part)}: {100 * share:.1f} %"></i>'
            for index, (part, share) in enumerate(shares.items())
        )
        words = ", ".join(f"{x} {100 * y:.0f} %" for x, y in shares.items())
        rows.append(
            f"<dt>{markup.text(name)}</dt>"
            f'<dd><span class="stack" role="img" '
            f'aria-label="{markup.text(words)}">{parts}</span></dd>'
        )
    names = next(iter(columns.values()), {})
    keys = "".join(
        f'<li><i class="k{index}"></i>{markup.text(name)}</li>'
        for index, name in enumerate(names)
    )
    return (
        f'<figure class="stacks"><figcaption>{markup.text(title)}</figcaption>'
        f'<ul class="legend">{keys}</ul><dl>{"".join(rows)}</dl></figure>'
    )


def named(name: str, value: str, chart: str) -> str:
    """A small chart under its name and figure."""
    return (
        f"<figure><figcaption><b>{markup.text(name)}</b> "
        f"<span>{markup.text(value)}</span></figcaption>{chart}</figure>"
    )


def _color(index, count):
    """One of eight steps from the first color to the last."""
    return round(index * 7 / max(count - 1, 1))


def _grid(width, height, is_small):
    """Lines and figures at every 20 %, or at every half."""
    parts = []
    for step in (0, 50, 100) if is_small else range(0, 101, 20):
        x, y = _LEFT + step / 100 * width, _TOP + (1 - step / 100) * height
        parts.append(
            f'<path class="rule" d="M{_LEFT} {y:g}h{width:g}M{x:g} {_TOP}'
            f'v{height:g}"/>'
            f'<text class="tick" x="{_LEFT - 4}" y="{y + 3.5:g}" '
            f'text-anchor="end">{step}</text>'
            f'<text class="tick" x="{x:g}" y="{_TOP + height + 12:g}" '
            f'text-anchor="middle">{step}</text>'
        )
    return "".join(parts)


def _svg(width, height, title, parts):
    return (
        f'<svg role="img" aria-label="{markup.text(title)}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        + "".join(parts)
        + "</svg>"
    )
