"""A diagnosis as tables and as one figure, SVG."""

from collections.abc import Mapping

from fsn_tf.evaluation import mistakes
from fsn_tf.reports import drawing
from fsn_tf.reports import report

_WIDTH, _HEIGHT, _MARGIN = 380, 250, 40
_COLORS = {
    mistakes.RIGHT: "#2a9d5c",
    mistakes.DOUBLE: "#8e6bbf",
    mistakes.WRONG_LABEL: "#d9822b",
    mistakes.LOCALIZATION: "#3b7dd8",
    mistakes.BACKGROUND: "#9aa3ad",
}
_LIMITS = "up to 1 s (XS), 3 s (S), 6 s (M), 12 s (L), and longer (XL)"


def markdown(found: Mapping) -> list[str]:
    """Paragraphs and tables of what diagnosis.diagnosis returns."""
    lengths, many = found["by_length_seconds"], found["by_instances_per_video"]
    return [
        f"## Where mAP is lost, at tIoU {found['tiou']:g}",
        "![diagnosis](diagnosis.svg)",
        f"By length of the instance, {_LIMITS}. `found`: the share that a "
        "detection of any score finds. mAP when only these are to be found.",
        report.markdown_table(groups("length", lengths)),
        "By the number of instances of the class in the video:",
        report.markdown_table(groups("in the video", many)),
        "False positives, and what mAP would gain without them:",
        report.markdown_table(kinds(found)),
        "What is among the most confident detections, as many of each class "
        "as its instances, twice as many, and so on, in %:",
        report.markdown_table(_ranks(found)),
    ]


def groups(head: str, values: Mapping) -> list[list[str]]:
    """Rows of cells of what diagnosis.by_group returns, the head first."""
    rows = [[head, "instances", "found in %", "mAP in %"]]
    for name, one in values.items():
        figures = (
            report.percent(one["found"]),
            report.percent(one["segment_map"]),
        )
        rows.append([name, str(one["instances"]), *figures])
    return rows


def kinds(found: Mapping) -> list[list[str]]:
    """Rows of cells of the kinds of false positives, the head first."""
    rows = [["false positives", "detections", "mAP gained in %"]]
    for kind, one in found["false_positives"].items():
        gain = report.percent(one["map_gain"])
        rows.append([kind, str(one["count"]), gain])
    return rows


def _ranks(found):
    rows = [["", *_COLORS]]
    for times, counts in found["by_rank"].items():
        cells = map(report.percent, shares(counts).values())
        rows.append([f"{times} x instances", *cells])
    return rows


def shares(counts: Mapping[str, int]) -> dict[str, float]:
    """{kind: share of all}, of {kind: count}."""
    total = sum(counts.values())
    return {x: count / total if total else 0 for x, count in counts.items()}


def svg(found: Mapping) -> str:
    """A diagnosis as the text of an SVG file of four panels."""
    gained = {
        kind: one["map_gain"] for kind, one in found["false_positives"].items()
    }
    panels = [
        _bars(
            "mAP by length of the instance (%)", _maps(found, "length_seconds")
        ),
        _bars(
            "mAP by instances in the video (%)",
            _maps(found, "instances_per_video"),
        ),
        _bars("mAP gained without false positives (%)", gained, _COLORS),
        _stacks("Surest n x instances (% of detections)", found["by_rank"]),
    ]
    places = [(x, y) for y in (0, _HEIGHT) for x in (0, _WIDTH)]
    shapes = [
        shape
        for (x, y), panel in zip(places, panels, strict=True)
        for shape in drawing.moved(x, y, panel)
    ]
    return drawing.svg(2 * _WIDTH, 2 * _HEIGHT, shapes)


def _maps(found, kind):
    return {x: one["segment_map"] for x, one in found[f"by_{kind}"].items()}


def _bars(title, values, colors=None):
    """One bar for each value, a fraction; None is a dash."""
    known = [value or 0 for value in values.values()]
    scale = (_HEIGHT - 2.5 * _MARGIN) / max(*known, 1e-9)
    shapes = [drawing.Text(_WIDTH / 2, 18, title, bold=True)]
    for middle, width, (name, value) in _columns(values):
        height = max(value or 0, 0) * scale
        top = _HEIGHT - _MARGIN - height
        color = (colors or {}).get(name, _COLORS[mistakes.LOCALIZATION])
        shapes += [
            drawing.Box(middle - width / 2, top, width, height, color),
            drawing.Text(middle, top - 5, report.percent(value)),
            drawing.Text(middle, _HEIGHT - _MARGIN + 15, name),
        ]
    return shapes


def _stacks(title, by_rank):
    """One column for each depth, split into kinds from the bottom up."""
    full = _HEIGHT - 3 * _MARGIN
    shapes = [drawing.Text(_WIDTH / 2, 18, title, bold=True)]
    for middle, width, (times, counts) in _columns(by_rank):
        low = _HEIGHT - _MARGIN
        for name, share in shares(counts).items():
            low -= share * full
            box = middle - width / 2, low, width, share * full
            shapes.append(drawing.Box(*box, _COLORS[name], name))
        shapes.append(
            drawing.Text(middle, _HEIGHT - _MARGIN + 15, f"{times} x")
        )
    for index, (name, color) in enumerate(_COLORS.items()):
        x = 30 + 120 * (index % 3)
        y = 38 + 18 * (index // 3)
        shapes += [
            drawing.Box(x, y - 9, 10, 10, color),
            drawing.Text(x + 15, y, name, anchor="start"),
        ]
    return shapes


def _columns(values):
    """Yields (middle, width, item) of columns side by side."""
    step = (_WIDTH - _MARGIN) / len(values)
    for index, item in enumerate(values.items()):
        yield _MARGIN / 2 + (index + 0.5) * step, 0.55 * step, item
