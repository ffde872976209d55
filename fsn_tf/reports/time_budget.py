"""How often and how long each class was found in each video: summary.csv."""

import math

import numpy as np

from fsn_tf import segments
from fsn_tf.reports import report

NAME = "summary.csv"
COLUMNS = (
    *("video", "class", "count", "total_seconds", "mean_seconds"),
    *("first_seconds", "last_seconds"),
)


def text(found: segments.Detections) -> str:
    """The text of the file: a row for each video and class, also of none.

    `total` is the sum of the durations, where segments of a class overlap
    more than the time they cover; `first` is when the first one starts, `last`
    when the last one ends. What there is nothing of is empty.
    """
    rows: list[tuple] = [COLUMNS]
    for index, video in enumerate(found.videos):
        for label, name in enumerate(found.classes):
            mask = (found.video == index) & (found.label == label)
            rows.append((video, name, *_figures(found.take(mask))))
    return report.csv_text(rows)


def _figures(mine):
    if not len(mine):
        return 0, 0.0, None, None, None
    durations = np.abs(mine.end_seconds - mine.start_seconds)
    total = math.fsum(durations)
    first = min(mine.start_seconds.min(), mine.end_seconds.min())
    last = max(mine.start_seconds.max(), mine.end_seconds.max())
    figures = (total, total / len(mine), first, last)
    # Microseconds: what adding up floats leaves is none of the video's.
    return len(mine), *(round(float(x), 6) for x in figures)
