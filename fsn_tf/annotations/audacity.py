"""Audacity's label tracks: `start TAB end TAB label` a line, in seconds."""

import pathlib
import re

from fsn_tf.annotations import labelings
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

_NUMBER = r"\s*\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*"
_LINE = re.compile(rf"{_NUMBER}\t{_NUMBER}(?:\t.*)?")


def is_line(line: str) -> bool:
    """Whether a line is one of a label track."""
    return _LINE.fullmatch(line.rstrip("\r\n")) is not None


def read(path: pathlib.Path) -> labelings.Labeling:
    """Reads a label track; the file's stem is the name of the video.

    Labels at a point are left out, and so are the bands of frequencies that
    follow a label of a spectrogram.
    """
    found = labelings.Labeling(path, videos={path.stem: None})
    for where, line in text_files.lines(path):
        if line.startswith("\\"):
            found.losses["bands of frequencies ignored"] += 1
        elif line.strip():
            fields = line.rstrip("\r\n").split("\t", 2)
            if len(fields) < 3:
                expected = "start, end and label with tabs between them"
                raise text_files.mistake(where, expected, line.strip())
            *times, label = fields
            start, end = (rows.seconds(where, "time", x) for x in times)
            if start == end:
                found.losses["labels at a point left out"] += 1
            else:
                found.add(where, path.stem, label, start, end)
    return found
