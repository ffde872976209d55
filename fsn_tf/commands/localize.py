r"""Finds the actions of videos.

    fsn localize --model=fsn_rgb --video=game.mp4 --out=game
    fsn localize --model=fsn_rgb --out=found videos/ more/*.avi
    fsn localize --model=fsn_rgb,fsn_flow --video=game.mp4 --out=game

Prints the segments, and writes into OUT

    report.html                      the videos above a timeline of them
    detections.json, detections.csv  all segments, in ActivityNet's form
    VIDEO.vtt, VIDEO.srt             the same as subtitles
    VIDEO.npz                        the probabilities of every frame
    summary.csv, ethogram.svg        with --summary, --ethogram

The page is also there to correct the segments in, and to save them as labels.
The same command again goes on where it was stopped; scores of the same video
and model are kept, so another --threshold takes no time.
"""

import pathlib
import sys

from absl import flags

from fsn_tf import annotations
from fsn_tf import errors
from fsn_tf.commands import engine_flags
from fsn_tf.commands import list_flags
from fsn_tf.commands import numbers
from fsn_tf.commands import shared_flags
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import segment_lists
from fsn_tf.grouping import threshold_files
from fsn_tf.prediction import precisions
from fsn_tf.timeline import localized_videos
from fsn_tf.timeline import localizer
from fsn_tf.videos import flow
from fsn_tf.videos import sources

FLAGS = flags.FlagValues()
FLAGS.set_gnu_getopt(True)

_MODEL = flags.DEFINE_list(
    "model",
    None,
    "What fsn export, in any format, or fsn train made; or an RGB and a flow "
    "model, separated by a comma, whose probabilities are averaged.",
    required=True,
    flag_values=FLAGS,
)
_FLOW = flags.DEFINE_enum(
    "flow",
    None,
    list(flow.METHODS),
    "Method of the flow; that on which the model was trained if not given.",
    flag_values=FLAGS,
)
_CHECKPOINT = shared_flags.checkpoint(FLAGS)
_PRECISION = flags.DEFINE_enum(
    "precision",
    None,
    precisions.PRECISIONS,
    "Numbers that the network computes with; if not given, float32 for a "
    "workdir, and for an export those it was made in.",
    flag_values=FLAGS,
)
_VIDEO = flags.DEFINE_multi_string(
    "video",
    [],
    "A video file or a folder of videos; may be repeated, and words without "
    "a flag are more of them.",
    flag_values=FLAGS,
)
_OUT = shared_flags.out(FLAGS)
_THRESHOLD = flags.DEFINE_float(
    "threshold",
    0.5,
    "A segment is a run of frames whose probability is above it.",
    0,
    1,
    flag_values=FLAGS,
)
_UNION = flags.DEFINE_boolean(
    "union",
    False,
    "Group at the paper's eleven thresholds instead of at --threshold alone, "
    "which then holds for the mean over a segment.",
    flag_values=FLAGS,
)
list_flags.define(FLAGS)
_ANNOTATIONS = shared_flags.annotations(
    FLAGS,
    "Ground truth to show in the page: a kit folder, JSON or CSV.",
    required=False,
)
_PAGE = flags.DEFINE_boolean(
    "page",
    True,
    "Write report.html, and the videos in a form that browsers play.",
    flag_values=FLAGS,
)
_ENGINE = engine_flags.define(FLAGS)


def main(*words: str) -> int:
    """Localizes the actions of the videos; returns 1 if any failed."""
    numbers.check(_THRESHOLD)
    if not _MODEL.value:
        raise errors.UsageError("--model: expected a folder, got none")
    engine = _ENGINE()
    places = [*_VIDEO.value, *words]
    if not places:
        raise errors.UsageError("--video=FILE: expected at least one video")
    if _THRESHOLD.present and FLAGS["thresholds"].present:
        raise errors.UsageError("give one of --threshold and --thresholds")
    of_class, tidied = list_flags.chosen(FLAGS)
    paths, lines, notes = sources.find_all(places)
    for line in (*notes, *lines):
        print(line, file=sys.stderr)
    truth = _ANNOTATIONS.value and annotations.read(_ANNOTATIONS.value)
    loaded = localizer.Localizer(
        *_MODEL.value,
        flow=_FLOW.value,
        checkpoint=_CHECKPOINT.value,
        precision=_PRECISION.value,
    )
    if of_class is not None:
        # Before any video is scored.
        actions = frame_scores.actions_of(loaded.classes)
        threshold_files.levels(of_class, actions)
    settings = localized_videos.Settings(
        _THRESHOLD.value,
        _UNION.value,
        _PAGE.value,
        class_thresholds=of_class,
        tidied=tidied,
        overviews=list_flags.overviews_wanted(FLAGS),
    )
    found, failures = localized_videos.localize(
        paths, loaded, _OUT.value, settings, truth=truth, engine=engine
    )
    for line in segment_lists.lines(found) if found else ():
        print(line)
    done, failed = len(paths) - len(failures), len(lines) + len(failures)
    where = pathlib.Path(_OUT.value)
    if found and _PAGE.value:
        where /= "report.html"
    print(
        f"{where}: {done} videos localized, {failed} failed ({loaded.runtime})"
    )
    return 1 if failed else 0
