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
from fsn_tf import fingerprints
from fsn_tf import segments

# Columns of a curve; a wide screen at three times its width.
_MAX_COLUMNS = 4000
# In the order in which one uses what another defines as it is loaded.
_SCRIPTS = tuple(
    f"{name}.js"
    for name in (
        "moments corrections edits timeline pointing lists edges saving page"
    ).split()
)


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
        thresholds: (K,) floats, what the segments of a class score more than,
            or nothing where one threshold is that of all.
        crossings: For each class, the frames from `crossings`.
        truth: segments.Instance of this video alone, or None: not known.
        note: A line on what is odd about the video, or an empty string.
    """

    name: str
    media: str
    seconds: float
    fps: float
    found: segments.Detections
    curves: np.ndarray
    thresholds: Sequence[float] = ()
    crossings: Sequence[np.ndarray] = ()
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


def crossings(
    probabilities: np.ndarray, thresholds: Sequence[float]
) -> list[np.ndarray]:
    """Where edges snap to: frames at which probabilities cross thresholds.

    Args:
        probabilities: (T, K).
        thresholds: (K,).

    Returns:
        For each class its frames in rising order, those where it comes to lie
        above and those where it does no longer; 0 and T are among them where
        the video begins or ends above.
    """
    limits = np.asarray(thresholds, probabilities.dtype)
    label, first, stop = segments.runs((probabilities > limits).T)
    edges = np.stack([first, stop], axis=1)  # (S, 2)
    return [edges[label == k].ravel() for k in range(len(limits))]


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
        threshold: What the segments score more than, where a timeline does
            not say it.
        failures: A line on each video that is missing.
    """
    value = {
        "failures": list(failures),
        "videos": [_video(each, threshold) for each in timelines],
    }
    folder = pathlib.Path(__file__).parent / "page"
    page = (folder / "page.html").read_text(encoding="utf-8")
    title = timelines[0].name if len(timelines) == 1 else "Actions in videos"
    parts = {
        "title": html.escape(title),
        "style": _read(folder / "page.css"),
        "script": "\n\n".join(_read(folder / x) for x in _SCRIPTS),
        # Inside a script element only "</script" could do harm.
        "data": json.dumps(value, allow_nan=False).replace("<", "\\u003c"),
    }
    # In one go: what is put in is not looked through for marks.
    page = re.sub(r"\{\{(\w+)\}\}", lambda mark: parts[mark[1]], page)
    files.write_text(path, page)


def _read(path):
    return path.read_text(encoding="utf-8").rstrip()


def _video(timeline, threshold):
    """A Timeline as the script reads it."""
    found = timeline.found
    rows = zip(
        found.label.tolist(),
        found.start_seconds.tolist(),
        found.end_seconds.tolist(),
        found.score.tolist(),
        strict=True,
    )
    found_rows = sorted(rows, key=lambda row: row[1:3])
    classes = list(found.classes)
    thresholds = [float(x) for x in timeline.thresholds]
    thresholds = thresholds or [threshold] * len(classes)
    truth = timeline.truth
    for instance in truth or ():
        # What the network never learned has no curve, but is there.
        if instance.label not in classes:
            classes.append(instance.label)
            thresholds.append(1.0)
    # What corrections that a browser kept belong to.
    facts = [timeline.name, timeline.seconds, found.classes, found_rows]
    return {
        "id": fingerprints.of_value(facts),
        "name": timeline.name,
        "media": urllib.parse.quote(timeline.media),
        "seconds": timeline.seconds,
        "fps": timeline.fps,
        "note": timeline.note,
        "classes": classes,
        "thresholds": thresholds,
        "crossings": [
            np.diff(x, prepend=0).tolist() for x in timeline.crossings
        ],
        "found": found_rows,
        "truth": truth
        and [
            [classes.index(x.label), x.start_seconds, x.end_seconds]
            for x in sorted(truth, key=lambda x: x.start_seconds)
        ],
        "columns": timeline.curves.shape[1],
        "curves": base64.b64encode(timeline.curves.tobytes()).decode("ascii"),
    }
