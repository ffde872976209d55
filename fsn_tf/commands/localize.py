r"""Finds the actions of a video.

    fsn localize --model=fsn_rgb --video=game.mp4 --out=game

Prints the segments, and writes OUT/detections.json (ActivityNet form) and
OUT/VIDEO.npz (the probabilities of every frame).
"""

import math
import pathlib
import sys

from absl import flags

from fsn_tf import errors
from fsn_tf import localization
from fsn_tf import progress
from fsn_tf import quietly
from fsn_tf import scores
from fsn_tf import video
from fsn_tf.annotations import activitynet

FLAGS = flags.FlagValues()

_MODEL = flags.DEFINE_string(
    "model",
    None,
    "What fsn export or fsn train made.",
    required=True,
    flag_values=FLAGS,
)
_VIDEO = flags.DEFINE_string(
    "video", None, "Video file.", required=True, flag_values=FLAGS
)
_OUT = flags.DEFINE_string(
    "out", None, "Folder to write to.", required=True, flag_values=FLAGS
)
_THRESHOLD = flags.DEFINE_float(
    "threshold",
    0.5,
    "Frames whose probability is above it make a segment.",
    0,
    1,
    flag_values=FLAGS,
)


def main():
    """Localizes the actions of one video."""
    if math.isnan(_THRESHOLD.value):
        raise errors.UsageError("--threshold=nan: expected a number")
    source = video.Video(_VIDEO.value)
    localizer = quietly.imported("fsn_tf.localizer").Localizer(_MODEL.value)
    shown = progress.Progress(round(source.declared_seconds), "s of video")
    probabilities = localizer.frame_probabilities(
        source, lambda seconds: shown.update(round(seconds))
    )
    shown.close()
    if source.shortfall():
        print(source.shortfall(), file=sys.stderr)
    found = localization.detections(
        [(source.path.stem, probabilities[:, :-1], localizer.card["fps"])],
        localizer.classes[:-1],
        thresholds=(_THRESHOLD.value,),
    )
    out = pathlib.Path(_OUT.value)
    scores.write(
        out,
        source.path.stem,
        probabilities,
        fps=localizer.card["fps"],
        classes=localizer.classes,
    )
    activitynet.write_detections(out / "detections.json", found)
    for start, end, label, score in sorted(
        zip(
            found.start_seconds,
            found.end_seconds,
            found.label,
            found.score,
            strict=True,
        )
    ):
        name = found.classes[label]
        print(f"{start:8.2f} s  {end:8.2f} s  {name:<20} {score:.3f}")
    print(f"{out / 'detections.json'}: {len(found)} segments")
