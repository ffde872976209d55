"""Cues of subtitles: a line of time, then text; shared by WebVTT and SRT."""

from collections.abc import Iterable
from collections.abc import Iterator
import math
import re

from fsn_tf import errors
from fsn_tf.annotations import labelings
from fsn_tf.annotations import text_files

# The least that the formats can tell apart.
TICKS_PER_SECOND = 1000

_TIME = r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_LINE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_SCORED = re.compile(r"(.*\S)\s+(\d{1,3})%")


def time(ticks: int, point: str) -> str:
    """`00:01:02.003` of ticks; `point` goes before the milliseconds."""
    seconds, milliseconds = divmod(ticks, TICKS_PER_SECOND)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{point}{milliseconds:03d}"


def ticks(
    rows: Iterable[tuple[float, float, str, float | None]],
) -> list[tuple[int, int, str]]:
    """(start, end, text) by start, in ticks; none is empty.

    Args:
        rows: (start_seconds, end_seconds, label, score or None).
    """
    cues = []
    for start, end, label, score in rows:
        first = max(round(start * TICKS_PER_SECOND), 0)
        stop = max(round(end * TICKS_PER_SECOND), first + 1)
        # A percentage never promises more than there is: 99.6 is not 100.
        percent = "" if score is None else f" {math.floor(100 * score)}%"
        cues.append((first, stop, f"{label}{percent}"))
    return sorted(cues)


def of_video(labeling: labelings.Labeling, placed: list[tuple]) -> list[tuple]:
    """The cues of one video, see ticks; losses are counted in the labeling.

    Args:
        labeling: Of all videos.
        placed: What its by_video has of this one.
    """
    for one, score in placed:
        if score is None and _SCORED.fullmatch(one.label):
            what = "labels whose percentage will be read as a score"
            labeling.losses[what] += 1
    return ticks(
        (x.start_seconds, x.end_seconds, x.label, score) for x, score in placed
    )


def is_time(line: str) -> bool:
    """Whether a line is the time of a cue."""
    return _LINE.fullmatch(line) is not None


def blocks(path) -> Iterator[list[tuple[str, str]]]:
    """Yields the lines of each block, (where, text); blanks part them."""
    block: list[tuple[str, str]] = []
    for where, line in text_files.lines(path):
        line = line.rstrip("\r\n")
        if line.strip():
            block.append((where, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def add(
    labeling: labelings.Labeling, video: str, block, plain=lambda text: text
) -> None:
    """Adds the instances of one cue: each line of its text is a label.

    A label that ends in a percentage, as fsn localize writes it, has that
    score.

    Args:
        labeling: Labeling to add to.
        video: Name.
        block: [(where, line)], the first of which is the time.
        plain: Text of a line -> the text without markup.

    Raises:
        InputError: The time is none, or there is no text.
    """
    where, line = block[0]
    match = _LINE.fullmatch(line)
    if match is None:
        expected = "a time such as 00:00:01.200 --> 00:00:02.640"
        raise text_files.mistake(where, expected, line)
    start, end = _seconds(match.groups()[:4]), _seconds(match.groups()[4:])
    texts = [(place, plain(text).strip()) for place, text in block[1:]]
    texts = [(place, text) for place, text in texts if text]
    if not texts:
        raise errors.InputError(f"{where}: expected a label, got an empty cue")
    for place, text in texts:
        scored = _SCORED.fullmatch(text)
        label, score = scored.groups() if scored else (text, None)
        score = None if score is None else int(score) / 100
        # The line of the label finds the cue; that of its time is above it.
        labeling.add(place, video, label, start, end, score=score)


def _seconds(fields):
    hours, minutes, seconds, fraction = fields
    whole = 3600 * int(hours or 0) + 60 * int(minutes) + int(seconds)
    return whole + int(fraction.ljust(3, "0")) / TICKS_PER_SECOND
