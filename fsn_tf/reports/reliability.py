"""A reliability diagram: what scores say, and what frames show."""

from collections.abc import Mapping

from fsn_tf.reports import drawing
from fsn_tf.reports import report

_SIZE, _MARGIN = 320, 45
_SHARE, _SCORE, _EVEN = "#3b7dd8", "#d9822b", "#c8ced6"
# The line of equal score and share, as so many little squares.
_DOTS = 60


def svg(found: Mapping) -> str:
    """The bins of calibration.calibration as the text of an SVG file.

    A bar is the share of a bin's frames that show the class, a mark the mean
    of their scores; where they are equal, scores are probabilities.
    """
    shapes: list[drawing.Shape] = []
    for bin_ in found["bins"]:
        if bin_["share"] is not None:
            shapes += _bar(bin_)
    for dot in range(_DOTS + 1):
        x, y = _place(dot / _DOTS, dot / _DOTS)
        shapes.append(drawing.Box(x - 1, y - 1, 2, 2, _EVEN))
    for value in (0, 0.5, 1):
        x, y = _place(value, value)
        low, left = _MARGIN + _SIZE + 15, _MARGIN - 6
        shapes.append(drawing.Text(x, low, f"{value:g}"))
        shapes.append(drawing.Text(left, y + 4, f"{value:g}", anchor="end"))
    middle = _MARGIN + _SIZE / 2
    ece = report.percent(found["ece"])
    title = f"Frames that show the class, by score (ECE {ece} %)"
    shapes.append(drawing.Text(middle, 20, title, bold=True))
    shapes += _legend()
    width = _SIZE + 2 * _MARGIN
    return drawing.svg(width, width + 25, shapes)


def _bar(bin_):
    left, top = _place(bin_["low"], bin_["share"])
    right, low = _place(bin_["high"], 0)
    title = (
        f"scores {bin_['low']:.2f} to {bin_['high']:.2f}: {bin_['frames']} "
        f"frames, mean score {bin_['score']:.3f}, share {bin_['share']:.3f}"
    )
    width = right - left - 1
    _, mark = _place(0, bin_["score"])
    return [
        drawing.Box(left, top, width, low - top, _SHARE, title),
        drawing.Box(left, mark - 1, width, 2, _SCORE, title),
    ]


def _place(x, y):
    """Pixels of a point of the unit square."""
    return _MARGIN + x * _SIZE, _MARGIN + (1 - y) * _SIZE


def _legend():
    y = _MARGIN + _SIZE + 40
    return [
        drawing.Box(_MARGIN, y - 9, 10, 10, _SHARE),
        drawing.Text(_MARGIN + 15, y, "share of frames", anchor="start"),
        drawing.Box(_MARGIN + 140, y - 5, 10, 2, _SCORE),
        drawing.Text(_MARGIN + 155, y, "mean score", anchor="start"),
    ]
