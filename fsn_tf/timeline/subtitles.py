"""Segments as subtitles, which any player shows over its video."""

import html
import math

from fsn_tf.segments import Detections

# The least that the formats can tell apart.
_TICKS_PER_SECOND = 1000


def webvtt(detections: Detections) -> str:
    """The text of a .vtt file.

    Args:
        detections: segments.Detections of one video. Those that overlap are
            cues of their own; players stack them.
    """
    cues = [
        f"\n{_time(start, '.')} --> {_time(end, '.')}\n"
        f"{html.escape(text, quote=False)}\n"
        for start, end, text in _cues(detections)
    ]
    return "".join(["WEBVTT\n", *cues])


def subrip(detections: Detections) -> str:
    """The text of a .srt file.

    Args:
        detections: segments.Detections of one video. Those that overlap are
            cues of their own; players stack them.
    """
    cues = [
        f"{number}\n{_time(start, ',')} --> {_time(end, ',')}\n{text}\n"
        for number, (start, end, text) in enumerate(_cues(detections), start=1)
    ]
    return "\n".join(cues)


def _cues(detections):
    """(start, end, text) by start, in ticks; none is empty."""
    cues = []
    for start, end, label, score in zip(
        detections.start_seconds.tolist(),
        detections.end_seconds.tolist(),
        detections.label.tolist(),
        detections.score.tolist(),
        strict=True,
    ):
        first = max(round(start * _TICKS_PER_SECOND), 0)
        stop = max(round(end * _TICKS_PER_SECOND), first + 1)
        # A percentage never promises more than there is: 99.6 is not 100.
        percent = math.floor(100 * score)
        cues.append((first, stop, f"{detections.classes[label]} {percent}%"))
    return sorted(cues)


def _time(ticks, point):
    seconds, milliseconds = divmod(ticks, _TICKS_PER_SECOND)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{point}{milliseconds:03d}"
