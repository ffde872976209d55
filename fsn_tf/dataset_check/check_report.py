"""What was found in a data set, as text and as one picture."""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
import math
import pathlib

from fsn_tf import files
from fsn_tf.dataset_check import checks
from fsn_tf.reports import drawing
from fsn_tf.reports import report

_SHOWN_NAMES = 3
_WIDTH, _PANEL, _ROW = 760, 210, 20
_NAME, _BARS, _LENGTHS = 200, 210, 480
_BAR, _LENGTH = 210, 250
_COLOR, _PALE = "#3b7dd8", "#b9d2f3"


def lines(
    found: Iterable[checks.Finding], shown_names: int = _SHOWN_NAMES
) -> list[str]:
    """A line for each checks.Finding."""
    shown = []
    for one in found:
        names = list(one.names[:shown_names])
        names += ["..."] if len(one.names) > shown_names else []
        head = "problem" if one.is_problem else "note"
        tail = f" ({'; '.join(names)})" if names else ""
        shown.append(f"{head:<8} {one.kind}: {one.amount}{tail}")
    return shown


def overview(facts: Mapping) -> list[str]:
    """Lines on the whole of what facts.statistics returns."""
    rates = ", ".join(
        f"{rate} ({count})" for rate, count in facts["frame_rates"].items()
    )
    # FSN tells a class from the background; the others know none.
    one = len(facts["classes"]) == 1
    alone = ", which FSN learns; TSN and WFSN need two" if one else ""
    shown = [
        f"videos: {facts['videos']} found, {facts['annotated_videos']} "
        f"annotated, {facts['hours']:.2f} h in all",
        f"video length: {_range(facts['video_seconds'])}",
        f"frame rates: {rates or '-'}",
        f"labels: {facts['labels']} of {len(facts['classes'])} classes{alone}",
    ]
    if facts["instance_seconds"]:
        background = report.percent(facts["background_share"])
        shown += [
            f"instance length: {_range(facts['instance_seconds'])}",
            f"background: {background} % of the frames",
        ]
    return shown


def _range(numbers):
    if numbers is None:
        return "-"
    least, _, median, _, most = numbers
    return f"{least:.4g} to {most:.4g} s, median {median:.4g} s"


def class_rows(facts: Mapping) -> list[list[str]]:
    """A row of cells for each class, the head first."""
    head = ("class", "instances", "videos")
    rows = [[*head, "shortest s", "median s", "longest s"]]
    for name, one in facts["classes"].items():
        least, _, median, _, most = one["seconds"] or [None] * 5
        seconds = map(report.figure, (least, median, most))
        rows.append([name, str(one["instances"]), str(one["videos"]), *seconds])
    return rows


def write(
    folder: pathlib.Path | str, facts: Mapping, found: Sequence[checks.Finding]
) -> None:
    """Writes check.json with all names, check.md and statistics.svg."""
    folder = pathlib.Path(folder)
    files.write_text(folder / "statistics.svg", svg(facts))
    findings = [
        {
            "is_problem": one.is_problem,
            "kind": one.kind,
            "amount": one.amount,
            "names": list(one.names),
        }
        for one in found
    ]
    content = {"findings": findings, "statistics": facts}
    files.write_json(folder / "check.json", content)
    files.write_text(folder / "check.md", markdown(facts, found))


def markdown(facts: Mapping, found: Sequence[checks.Finding]) -> str:
    """The text of check.md."""
    said = report.bullets(lines(found)) or "Nothing."
    parts = [
        "# Videos and annotations",
        report.bullets(overview(facts)),
        "## What is wrong or odd",
        said,
        "All names are in check.json.",
        "## Classes",
        "![statistics](statistics.svg)",
        report.markdown_table(class_rows(facts)),
    ]
    return "\n\n".join(parts) + "\n"


def svg(facts: Mapping) -> str:
    """Lengths of videos and instances, and both columns of each class."""
    instances = _histogram("Instances", facts["instance_histogram"])
    shapes = [
        *_histogram("Videos", facts["video_histogram"]),
        *drawing.moved(_WIDTH / 2, 0, instances),
        *drawing.moved(0, _PANEL + 10, _class_panel(facts)),
    ]
    height = _PANEL + 80 + _ROW * len(facts["classes"])
    return drawing.svg(_WIDTH, height, shapes)


def _histogram(what, bins):
    """Bars of a histogram of lengths."""
    title = f"{what} by length in s"
    shapes = [drawing.Text(_WIDTH / 4, 18, title, bold=True)]
    low, most = _PANEL - 30, max((count for *_, count in bins), default=1)
    step = (_WIDTH / 2 - 40) / max(len(bins), 1)
    for index, (start, _, count) in enumerate(bins):
        x, height = 20 + index * step, count / most * (low - 50)
        middle = x + step / 2
        shapes += [
            drawing.Box(x + 1, low - height, step - 2, height, _COLOR),
            drawing.Text(middle, low - height - 4, str(count)),
            drawing.Text(x, low + 15, f"{start:.4g}"),
        ]
    if bins:
        end = f"{bins[-1][1]:.4g}"
        shapes.append(drawing.Text(20 + len(bins) * step, low + 15, end))
    else:
        shapes.append(drawing.Text(_WIDTH / 4, low / 2, "not annotated"))
    return shapes


def _class_panel(facts):
    """For each class its count as a bar, and its lengths as a box."""
    counts = [one["instances"] for one in facts["classes"].values()]
    place, ticks = _scale(facts["instance_histogram"])
    bottom = 30 + _ROW * len(counts)
    shapes = [
        drawing.Text(_BARS, 18, "Instances", anchor="start", bold=True),
        drawing.Text(
            _LENGTHS + _LENGTH / 2,
            18,
            "Length in s: all, middle half, median",
            bold=True,
        ),
    ]
    for tick in ticks:
        shapes += [
            drawing.Box(place(tick), 26, 1, bottom - 26, "#dddddd"),
            drawing.Text(place(tick), bottom + 15, f"{tick:.4g}"),
        ]
    for index, (name, one) in enumerate(facts["classes"].items()):
        top, width = 30 + _ROW * index, one["instances"] / max(*counts, 1)
        count = str(one["instances"])
        shapes += [
            drawing.Text(_NAME, top + 13, _fitted(name), anchor="end"),
            drawing.Box(_BARS, top + 3, width * _BAR, 13, _COLOR, name),
            drawing.Text(
                _BARS + 5 + width * _BAR, top + 13, count, anchor="start"
            ),
        ]
        if one["seconds"]:
            shapes += _length_box(one["seconds"], place, top)
    return shapes


def _fitted(name):
    return name if len(name) <= 32 else f"{name[:31]}…"


def _length_box(numbers, place, top):
    least, lower, median, upper, most = map(place, numbers)
    return [
        drawing.Box(least, top + 9, max(most - least, 1), 1, _COLOR),
        drawing.Box(lower, top + 4, max(upper - lower, 1), 11, _PALE),
        drawing.Box(median - 1, top + 2, 3, 15, _COLOR),
    ]


def _scale(bins):
    """(seconds -> x on a logarithmic axis, where to write its numbers)."""
    if not bins:
        return None, []
    first, last = bins[0][0], bins[-1][1]
    doublings = math.log2(last / first)

    def place(seconds):
        along = math.log2(max(seconds, first) / first) / doublings
        return _LENGTHS + along * _LENGTH

    edges = [start for start, *_ in bins] + [last]
    # No more numbers than have room beside each other.
    return place, edges[:: -(-len(edges) // 9)]
