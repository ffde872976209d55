"""WebVTT: the cues of one video are its instances, their text the labels."""

from collections.abc import Iterable
import html
import pathlib
import re

from fsn_tf.annotations import cues
from fsn_tf.annotations import labelings
from fsn_tf.annotations import text_files

HEAD = "WEBVTT"

_TAG = re.compile(r"</?[^>]*>")
_OTHERS = ("NOTE", "STYLE", "REGION")


def read(path: pathlib.Path) -> labelings.Labeling:
    """Reads a .vtt file; its stem is the name of the video.

    Each line of a cue's text is a label. Tags, settings of cues, notes,
    styles and regions are left out.
    """
    found = labelings.Labeling(path, videos={path.stem: None})
    blocks = iter(cues.blocks(path))
    where, head = next(blocks, [(f"{path}:1", "")])[0]
    if head.split(maxsplit=1)[:1] != [HEAD]:
        raise text_files.mistake(where, HEAD, head)
    for block in blocks:
        first = block[0][1]
        if first.split()[0] in _OTHERS and not cues.is_time(first):
            continue
        if not cues.is_time(first) and len(block) > 1:
            # A cue may have a name, on a line of its own.
            block = block[1:]
        cues.add(found, path.stem, block, _plain)
    return found


def _plain(text):
    return html.unescape(_TAG.sub("", text))


def text(rows: Iterable[tuple[int, int, str]]) -> str:
    """The text of a .vtt file.

    Args:
        rows: What cues.ticks gives. Those that overlap are cues of their
            own; players stack them.
    """
    parts = [
        f"\n{cues.time(start, '.')} --> {cues.time(end, '.')}\n"
        f"{html.escape(text, quote=False)}\n"
        for start, end, text in rows
    ]
    return "".join([f"{HEAD}\n", *parts])
