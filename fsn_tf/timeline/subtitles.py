"""Segments as subtitles, which any player shows over its video."""

from fsn_tf.annotations import cues
from fsn_tf.annotations import srt
from fsn_tf.annotations import webvtt as vtt
from fsn_tf.segments import Detections


def webvtt(detections: Detections) -> str:
    """The text of a .vtt file, of segments.Detections of one video."""
    return vtt.text(_cues(detections))


def subrip(detections: Detections) -> str:
    """The text of a .srt file, of segments.Detections of one video."""
    return srt.text(_cues(detections))


def _cues(detections):
    return cues.ticks(
        (start, end, label, score)
        for _, label, start, end, score in detections.rows()
    )
