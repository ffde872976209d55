"""Many videos in one picture, a lane for each class: ethogram.svg."""

from collections import abc
import colorsys

from fsn_tf import segments
from fsn_tf.reports import drawing

NAME = "ethogram.svg"

_LEFT, _RIGHT, _TOP, _AXIS = 180, 20, 40, 30
_WIDTH, _LANE, _BAR, _GAP = 1000, 12, 9, 14
_KEY_WIDTH, _KEY_HEIGHT = 160, 18
_LANE_COLOR, _INK = "#eceef1", "#333333"
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_MOST_TICKS = 12


def svg(
    found: segments.Detections,
    seconds: abc.Mapping[str, float] | None = None,
) -> str:
    """The text of an SVG file.

    All videos have one scale of time. Classes that were found nowhere have no
    lane.

    Args:
        found: What to show.
        seconds: Length of each video; one that is not known lasts to the end
            of its last segment.
    """
    labels = sorted({int(label) for label in found.label})
    lengths = _lengths(found, seconds or {})
    longest = max([*lengths, 1e-9])
    keys = _key(found, labels)
    per_row = max((_LEFT + _WIDTH) // _KEY_WIDTH, 1)
    top = _TOP + _KEY_HEIGHT * -(-len(labels) // per_row)
    shapes: list[drawing.Shape] = [*keys]
    block = max(len(labels), 1) * _LANE + _GAP
    for index, length in enumerate(lengths):
        lanes = _video(found, index, labels, length, _WIDTH / longest)
        shapes += drawing.moved(_LEFT, top + index * block, lanes)
    bottom = top + len(lengths) * block
    shapes += drawing.moved(_LEFT, bottom, _axis(longest))
    return drawing.svg(_LEFT + _WIDTH + _RIGHT, bottom + _AXIS, shapes)


def _lengths(found, seconds):
    """Of each video, in seconds."""
    lengths = []
    for index, video in enumerate(found.videos):
        ends = found.end_seconds[found.video == index]
        lengths.append(max(seconds.get(video, 0.0), ends.max(initial=0.0)))
    return [float(x) for x in lengths]


def _color(place):
    """The golden angle keeps neighbors apart, as in the page."""
    hue = (210 + place * 137.5) % 360 / 360
    parts = colorsys.hls_to_rgb(hue, 0.45, 0.62)
    return "#" + "".join(f"{round(255 * x):02x}" for x in parts)


def _key(found, labels):
    """Which color is which class, above the lanes."""
    per_row = max((_LEFT + _WIDTH) // _KEY_WIDTH, 1)
    shapes = []
    for place, label in enumerate(labels):
        x = 10 + place % per_row * _KEY_WIDTH
        y = 12 + place // per_row * _KEY_HEIGHT
        shapes += [
            drawing.Box(x, y, 12, 12, _color(label)),
            drawing.Text(
                x + 18, y + 10, _short(found.classes[label], 22), anchor="start"
            ),
        ]
    return shapes


def _short(name, most):
    return name if len(name) <= most else f"{name[: most - 3]}..."


def _video(found, index, labels, length, scale):
    """The name and the lanes of a video, its left top corner at (0, 0)."""
    middle = max(len(labels), 1) * _LANE / 2 + 4
    name = _short(found.videos[index], 28)
    shapes = [drawing.Text(-8, middle, name, anchor="end", color=_INK)]
    mine = found.take(found.video == index)
    for place, label in enumerate(labels):
        y = place * _LANE
        shapes.append(drawing.Box(0, y, length * scale, _BAR, _LANE_COLOR))
        rows = mine.take(mine.label == label)
        for start, end in zip(
            rows.start_seconds.tolist(), rows.end_seconds.tolist(), strict=True
        ):
            # However short, a segment is never too thin to be seen.
            width = max((end - start) * scale, 0.75)
            title = f"{found.classes[label]}, {start:.2f} to {end:.2f} s"
            shapes.append(
                drawing.Box(start * scale, y, width, _BAR, _color(label), title)
            )
    return shapes


def _axis(longest):
    """Times beneath the lanes."""
    step = next((x for x in _STEPS if longest / x <= _MOST_TICKS), 3600 * 24)
    shapes = []
    for tick in range(int(longest / step) + 1):
        x = tick * step / longest * _WIDTH
        shapes += [
            drawing.Box(x, 0, 1, 5, _INK),
            drawing.Text(x, 18, _clock(tick * step), color=_INK),
        ]
    return shapes


def _clock(seconds):
    if seconds % 1:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{head}:{rest:02d}"
