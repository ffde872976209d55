"""Instances, detections and frames: words that all stages speak."""

from fsn_tf.segments.columns import index_of
from fsn_tf.segments.detections import Detections
from fsn_tf.segments.detections import join
from fsn_tf.segments.instances import AMBIGUOUS
from fsn_tf.segments.instances import Annotations
from fsn_tf.segments.instances import Instance
from fsn_tf.segments.intervals import frame_labels
from fsn_tf.segments.intervals import frame_span
from fsn_tf.segments.intervals import runs
from fsn_tf.segments.intervals import seconds
from fsn_tf.segments.intervals import tiou

__all__ = [
    "AMBIGUOUS",
    "Annotations",
    "Detections",
    "Instance",
    "frame_labels",
    "frame_span",
    "index_of",
    "join",
    "runs",
    "seconds",
    "tiou",
]
