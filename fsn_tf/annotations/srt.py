"""SubRip: the cues of one video are its instances, their text the labels."""

from collections.abc import Iterable
import pathlib
import re

from fsn_tf.annotations import cues
from fsn_tf.annotations import labelings

_TAG = re.compile(r"</?(?:[bius]|font)(?:\s[^>]*)?>|\{\\[^}]*\}")


def read(path: pathlib.Path) -> labelings.Labeling:
    """Reads a .srt file; its stem is the name of the video.

    Each line of a cue's text is a label. Numbers of cues and tags are left
    out.
    """
    found = labelings.Labeling(path, videos={path.stem: None})
    for block in cues.blocks(path):
        if block[0][1].strip().isdecimal() and len(block) > 1:
            block = block[1:]
        cues.add(found, path.stem, block, _plain)
    return found


def _plain(text):
    return _TAG.sub("", text)


def text(rows: Iterable[tuple[int, int, str]]) -> str:
    """The text of a .srt file.

    Args:
        rows: What cues.ticks gives. Those that overlap are cues of their
            own; players stack them.
    """
    parts = [
        f"{number}\n{cues.time(start, ',')} --> {cues.time(end, ',')}\n{text}\n"
        for number, (start, end, text) in enumerate(rows, start=1)
    ]
    return "\n".join(parts)
