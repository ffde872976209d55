"""The plot of benchmarks.growth: seconds and memory against size."""

import math
import pathlib

from fsn_tf import files
from fsn_tf.reports import drawing

_WIDTH, _HEIGHT, _MARGIN = 300, 190, 48
_COLORS = ("#1f5fa8", "#c0392b")
_COLUMNS = 3


def write(path: pathlib.Path, measured: dict) -> None:
    """Writes a panel for each series; all axes are logarithmic.

    Args:
        path: Of the SVG file.
        measured: {title: {size: (seconds, bytes)}}.
    """
    shapes = []
    for number, (title, points) in enumerate(measured.items()):
        row, column = divmod(number, _COLUMNS)
        panel = _panel(title, points)
        shapes += drawing.moved(column * _WIDTH, row * _HEIGHT, panel)
    lines = -(-len(measured) // _COLUMNS)
    files.write_text(
        path, drawing.svg(_COLUMNS * _WIDTH, lines * _HEIGHT, shapes)
    )


def _panel(title, points):
    """Seconds and gigabytes as squares, and what linear growth would be."""
    sizes = list(points)
    series = [[value for value, _ in points.values()]]
    series.append([peak / 1e9 for _, peak in points.values()])
    low = min(min(values) for values in series) or 1e-6
    high = max(max(values) for values in series)
    across = _scale(sizes[0], sizes[-1], _MARGIN, _WIDTH - 20)
    up = _scale(low, high, _HEIGHT - _MARGIN, 34)
    shapes = [drawing.Text(_WIDTH / 2, 16, title, bold=True)]
    for size in sizes:
        label = f"{size:,}"
        shapes.append(drawing.Text(across(size), _HEIGHT - 28, label))
    for value in (low, high):
        label = f"{value:.2g}"
        shapes.append(drawing.Text(_MARGIN - 8, up(value), label, anchor="end"))
    # Dots lead from the largest size's seconds back, as if linear.
    for step in range(60):
        size = sizes[-1] * (sizes[0] / sizes[-1]) ** (step / 59)
        value = series[0][-1] * size / sizes[-1]
        if value >= low:
            dot = drawing.Box(across(size), up(value), 1.5, 1.5, "#bbbbbb")
            shapes.append(dot)
    for values, color in zip(series, _COLORS, strict=True):
        for size, value in zip(sizes, values, strict=True):
            x, y = across(size) - 3, up(max(value, low)) - 3
            what = f"{value:.3g} at {size:,}"
            shapes.append(drawing.Box(x, y, 6, 6, color, what))
    names = (("seconds", _COLORS[0]), ("peak GB", _COLORS[1]))
    for place, (name, color) in enumerate((*names, ("linear", "#999999"))):
        x = _MARGIN + 40 + 75 * place
        shapes.append(drawing.Text(x, _HEIGHT - 10, name, color=color))
    return shapes


def _scale(low, high, first, last):
    """A function from values to pixels, by their logarithm."""
    width = math.log(high / low) or 1.0
    return lambda value: first + (last - first) * math.log(value / low) / width
