"""Figure 2: what was annotated and what each method found, over time."""

from collections.abc import Mapping
from collections.abc import Sequence
import colorsys
import dataclasses

import numpy as np

from fsn_tf import segments
from fsn_tf.evaluation import metrics
from fsn_tf.grouping import suppression
from fsn_tf.paper import png
from fsn_tf.reports import drawing

# At which videos are ranked.
TIOU = 0.5

_WIDTH, _MARGIN, _SCORE = 1000, 12, 60
_TITLE, _LANE, _LANE_GAP, _ROW_GAP, _AXIS, _PANEL_GAP = 24, 16, 2, 8, 26, 18
_SMALL = 11
_INK, _DIM, _RULE, _WHITE = "#1e1e1e", "#6e7378", "#cdd0d4", "#ffffff"
_STEPS_SECONDS = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600)

# A sans-serif letter's width on average, in its size.
_LETTER = 0.56


@dataclasses.dataclass(frozen=True)
class Panel:
    """One video of the figure.

    Attributes:
        name: The video's.
        seconds: Its length.
        frames: Images at the middle of equal parts of it, (H, W, 3) uint8.
        rows: {name of the row: [(label, start, end in seconds)]}; ground
            truth first.
        ap: {name of the row: AP in this video}, of those that have one.
    """

    name: str
    seconds: float
    frames: list[np.ndarray]
    rows: dict[str, list[tuple[str, float, float]]]
    ap: dict[str, float] = dataclasses.field(default_factory=dict)


def average_precisions(
    annotations: segments.Annotations, detections: segments.Detections
) -> dict[str, float]:
    """Segment AP of every video by itself, at tIoU 0.5.

    The mean over the classes that are annotated in the video; a detection of
    another class costs nothing.

    Args:
        annotations: segments.Annotations.
        detections: segments.Detections.

    Returns:
        {video: AP in [0, 1]}; videos without an instance are not there.
    """
    found = {}
    for video in annotations.videos:
        alone = dataclasses.replace(annotations.of_video(video), ambiguous=())
        if alone.instances:
            found[video] = metrics.segment_map(
                alone, of_video(detections, video), TIOU
            )[0]
    return found


def of_video(
    detections: segments.Detections, video: str
) -> segments.Detections:
    """The detections of one video, which need not have any."""
    mine = np.array([name == video for name in detections.videos], bool)
    kept = detections.take(mine[detections.video])
    return dataclasses.replace(
        kept, videos=(video,), video=np.zeros(len(kept), int)
    )


def best_and_worst(
    precisions: Mapping[str, float], best: int, worst: int
) -> list[str]:
    """Names of videos, the best first and the worst last; none twice.

    Args:
        precisions: {video: AP}.
        best, worst: How many of each.
    """
    ranked = sorted(precisions, key=lambda x: (-precisions[x], x))
    best = min(best, len(ranked))
    return ranked[:best] + ranked[max(len(ranked) - worst, best) :]


def most_confident(
    detections: segments.Detections, threshold: float
) -> list[tuple[str, float, float]]:
    """(label, start, end in seconds) of what is above a score.

    Of detections of one class that overlap, as the many thresholds make them,
    the most confident is drawn.
    """
    kept = detections.take(detections.score > threshold)
    kept = suppression.non_maximum_suppression(kept, 0.0)
    names = [kept.classes[label] for label in kept.label]
    return list(
        zip(
            names,
            kept.start_seconds.tolist(),
            kept.end_seconds.tolist(),
            strict=True,
        )
    )


def layout(panels: Sequence[Panel]) -> tuple[float, float, list[drawing.Shape]]:
    """(width, height, shapes) of the figure, for drawing.svg."""
    labels = {
        label: None
        for panel in panels
        for found in panel.rows.values()
        for label, _, _ in found
    }
    colors = {x: _color(n) for n, x in enumerate(sorted(labels))}
    names = {name for panel in panels for name in panel.rows}
    longest = max(map(len, names))
    left = _MARGIN + longest * _LETTER * 12 + _SCORE
    shapes: list[drawing.Shape] = []
    y = _MARGIN
    for panel in panels:
        y = _panel(panel, left, y, colors, shapes) + _PANEL_GAP
    return _WIDTH, _legend(colors, left, y, shapes) + _MARGIN, shapes


def _color(number):
    """Dark enough for white letters; the golden angle keeps them apart."""
    hue = (210 + number * 137.508) % 360 / 360
    red_green_blue = colorsys.hls_to_rgb(hue, 0.4, 0.6)
    return "#" + bytes(round(255 * x) for x in red_green_blue).hex()


def _panel(panel, left, y, colors, shapes):
    """Adds one video; returns where it ends."""
    width = _WIDTH - _MARGIN - left
    shapes.append(
        drawing.Text(left, y + 15, panel.name, 14, _INK, "start", bold=True)
    )
    y += _TITLE
    y = _strip(panel.frames, left, y, width, shapes) + _ROW_GAP

    def place(seconds):
        inside = min(max(seconds, 0), panel.seconds)
        return left + inside / panel.seconds * width

    top = y
    bars = []
    for name, found in panel.rows.items():
        ends = _lanes(found)
        height = max(len(set(ends)), 1) * (_LANE + _LANE_GAP) - _LANE_GAP
        shapes.append(drawing.Text(_MARGIN, y + 12, name, 12, _INK, "start"))
        if name in panel.ap:
            score = f"AP {100 * panel.ap[name]:.0f} %"
            shapes.append(
                drawing.Text(left - 8, y + 12, score, _SMALL, _DIM, "end")
            )
        for (label, start, end), lane in zip(found, ends, strict=True):
            lane_y = y + lane * (_LANE + _LANE_GAP)
            bars += _bar(label, place(start), place(end), lane_y, colors)
        y += height + _ROW_GAP
    _axis(panel.seconds, place, top, y, shapes)
    shapes += bars
    return y + _AXIS


def _strip(frames, left, y, width, shapes):
    """Adds the frames side by side, each above the time that it shows."""
    if not frames:
        return y
    step = width / len(frames)
    height = (step - 2) * frames[0].shape[0] / frames[0].shape[1]
    for index, frame in enumerate(frames):
        x = left + index * step + 1
        shapes.append(png.picture(x, y, step - 2, height, frame))
    return y + height


def _lanes(found):
    """For each segment the first lane where it overlaps no other."""
    lanes, taken = [0] * len(found), []
    order = sorted(range(len(found)), key=lambda n: found[n][1:])
    for number in order:
        _, start, end = found[number]
        free = [lane for lane, until in enumerate(taken) if until <= start]
        lane = free[0] if free else len(taken)
        taken[lane : lane + 1] = [end]
        lanes[number] = lane
    return lanes


def _bar(label, start, end, y, colors):
    # Two bars that touch stay two.
    width = max(end - start - 1, 1)
    bar = [drawing.Box(start, y, width, _LANE, colors[label])]
    if len(label) * _LETTER * _SMALL < width - 4:
        middle = start + width / 2
        bar.append(drawing.Text(middle, y + 12, label, _SMALL, _WHITE))
    return bar


def _axis(seconds, place, top, bottom, shapes):
    """Adds thin lines behind the rows, and their times below."""
    steps = [x for x in _STEPS_SECONDS if seconds / x <= 12]
    step = steps[0] if steps else seconds
    for number in range(int(seconds / step) + 1):
        x = place(number * step)
        shapes += [
            drawing.Box(x - 0.25, top, 0.5, bottom - top, _RULE),
            drawing.Text(x, bottom + 13, f"{number * step:g} s", _SMALL, _DIM),
        ]


def _legend(colors, left, y, shapes):
    """Adds each class with its color; returns where it ends."""
    x = left
    for label, color in colors.items():
        width = 20 + len(label) * _LETTER * 12 + 16
        if x + width > _WIDTH - _MARGIN:
            x, y = left, y + 20
        shapes += [
            drawing.Box(x, y, 12, 12, color),
            drawing.Text(x + 17, y + 10, label, 12, _INK, "start"),
        ]
        x += width
    return y + 20
