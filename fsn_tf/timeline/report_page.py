"""One page that plays videos above a timeline of what was found in them."""

import base64
from collections.abc import Sequence
import dataclasses
import html
import json
import pathlib
import re
import urllib.parse

import numpy as np

from fsn_tf import files
from fsn_tf import segments

# Columns of a curve; a wide screen at three times its width.
_MAX_COLUMNS = 4000


@dataclasses.dataclass(frozen=True)
class Timeline:
    """What the page shows of one video.

    Attributes:
        name: The video's.
        media: Path of the video relative to the page; what browsers play.
        seconds: Its length, that of its scored frames.
        fps: Frames per second of the scores.
        found: segments.Detections of this video alone.
        curves: (K, P) uint8 from `curves`, in the order of found.classes.
        truth: segments.Instance of this video alone, or None: not known.
        note: A line on what is odd about the video, or an empty string.
    """

    name: str
    media: str
    seconds: float
    fps: float
    found: segments.Detections
    curves: np.ndarray
    truth: tuple[segments.Instance, ...] | None = None
    note: str = ""


def curves(probabilities: np.ndarray) -> np.ndarray:
    """Probabilities thinned out so that a page stays fast.

    Each column is the largest of its frames: a peak of one frame in ten hours
    stays to be seen.

    Args:
        probabilities: (T, K).

    Returns:
        (K, P) uint8, 255 for 1. Column p holds the frames from p T / P to
        (p + 1) T / P.
    """
    frames = len(probabilities)
    columns = min(frames, _MAX_COLUMNS)
    first = np.arange(columns) * frames // columns
    # (T, K) -> (P, K), then transposed
    highest = np.maximum.reduceat(probabilities, first, axis=0)
    return np.round(np.clip(highest.T, 0, 1) * 255).astype(np.uint8)


def write(
    path: pathlib.Path,
    timelines: Sequence[Timeline],
    *,
    threshold: float,
    failures: Sequence[str] = (),
) -> None:
    """Writes the page; style and script are inside, the videos beside it.

    Args:
        path: Where to write the HTML file.
        timelines: Timeline of each video.
        threshold: What the segments score more than.
        failures: A line on each video that is missing.
    """
    value = {
        "threshold": threshold,
        "failures": list(failures),
        "videos": [_video(each) for each in timelines],
    }
    folder = pathlib.Path(__file__).parent
    page = (folder / "report_page.html").read_text(encoding="utf-8")
    title = timelines[0].name if len(timelines) == 1 else "Actions in videos"
    # The first defines what the second draws with.
    scripts = "report_page_timeline.js", "report_page.js"
    parts = {
        "title": html.escape(title),
        "style": _read(folder / "report_page.css"),
        "script": "\n\n".join(_read(folder / x) for x in scripts),
        # Inside a script element only "</script" could do harm.
        "data": json.dumps(value, allow_nan=False).replace("<", "\\u003c"),
    }
    # In one go: what is put in is not looked through for marks.
    page = re.sub(r"\{\{(\w+)\}\}", lambda mark: parts[mark[1]], page)
    files.write_text(path, page)


def _read(path):
    return path.read_text(encoding="utf-8").rstrip()


def _video(timeline):
    """A Timeline as the script reads it."""
    found = timeline.found
    rows = zip(
        found.label.tolist(),
        found.start_seconds.tolist(),
        found.end_seconds.tolist(),
        found.score.tolist(),
        strict=True,
    )
    classes = list(found.classes)
    truth = timeline.truth
    for instance in truth or ():
        # What the network never learned has no curve, but is there.
        if instance.label not in classes:
            classes.append(instance.label)
    return {
        "name": timeline.name,
        "media": urllib.parse.quote(timeline.media),
        "seconds": timeline.seconds,
        "fps": timeline.fps,
        "note": timeline.note,
        "classes": classes,
        "found": sorted(rows, key=lambda row: row[1:3]),
        "truth": truth
        and [
            [classes.index(x.label), x.start_seconds, x.end_seconds]
            for x in sorted(truth, key=lambda x: x.start_seconds)
        ],
        "columns": timeline.curves.shape[1],
        "curves": base64.b64encode(timeline.curves.tobytes()).decode("ascii"),
    }
