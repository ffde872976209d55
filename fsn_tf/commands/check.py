r"""Checks videos and annotations before they cost hours.

    fsn check --videos=DIR --annotations=train.csv --out=checked

Opens every video, and prints what is wrong (a `problem`: training would stop
or learn what is not so) or odd (a `note`). With --out also writes check.md,
check.json with all names, and statistics.svg. Exits with 1 where there is a
problem.

A CSV of four columns, video,start,end,label, is enough to start with; times
are in seconds. Lengths are those that the files declare. What the file of a
labeling tool says of frames, rates and durations is compared with the time
stamps of the videos.

    fsn check --annotations=train.csv,test.csv --group='_g(\d+)_' --videos=DIR

Of several annotations, or several subsets of one, says what they have in
common and should not: videos, even under other names, groups of videos, and,
where --videos is given, videos of which a few frames tell that they show the
same.
"""

import os
import sys

from absl import flags

from fsn_tf import annotations
from fsn_tf import errors
from fsn_tf import files
from fsn_tf.annotations import video_labels
from fsn_tf.commands import numbers
from fsn_tf.commands import shared_flags
from fsn_tf.dataset_check import check_report
from fsn_tf.dataset_check import checks
from fsn_tf.dataset_check import facts as dataset_facts
from fsn_tf.dataset_check import found_videos
from fsn_tf.dataset_check import label_fit
from fsn_tf.dataset_check import leaks
from fsn_tf.reports import report
from fsn_tf.videos import passed_over

FLAGS = flags.FlagValues()
_VIDEOS = shared_flags.videos(
    FLAGS,
    "Folder of videos, as for fsn prepare; one for each of several "
    "annotations, or one for all, or none.",
    required=False,
)
_ANNOTATIONS = shared_flags.annotations(
    FLAGS,
    "A CSV, an ActivityNet JSON, a THUMOS'14 kit folder or the files of a "
    "labeling tool (see fsn convert); or labels of whole videos: a folder of "
    "class folders, or a split list of UCF101. Several "
    "with commas between them are compared.",
)
_SUBSET = shared_flags.subset(
    FLAGS,
    "Which videos of an ActivityNet JSON to check, such as training; several "
    "with commas between them are compared.",
)
_GROUP = shared_flags.group(FLAGS)
_SOURCE_FPS = shared_flags.source_fps(FLAGS)
_OUT = shared_flags.out(FLAGS, "Folder for the report.", required=False)


def main() -> int:
    """Prints the report; returns 1 if there is a problem."""
    numbers.check(_SOURCE_FPS)
    paths = _ANNOTATIONS.value.split(",")
    if os.path.exists(_ANNOTATIONS.value):
        # A name may have a comma of its own.
        paths = [_ANNOTATIONS.value]
    subsets = [None] if _SUBSET.value is None else _SUBSET.value.split(",")
    if len(paths) * len(subsets) > 1:
        return _compared(paths, subsets)
    if _VIDEOS.value is None:
        raise errors.UsageError("--videos: expected a folder, got none")
    if _GROUP.value is not None:
        raise errors.UsageError("--group compares several annotations")
    return _checked()


def _compared(paths, subsets):
    """Prints what several parts share; returns 1 if there is anything."""
    if _OUT.value is not None:
        raise errors.UsageError("--out needs one source of annotations")
    parts, found = leaks.read(paths, subsets), []
    if _VIDEOS.value is not None:
        folders = _VIDEOS.value.split(",")
        parts, found = leaks.with_motions(parts, folders, _SOURCE_FPS.value)
    for part in parts:
        print(f"{part.name}: {len(part.videos)} videos")
    found = [*leaks.findings(parts, _GROUP.value), *found]
    return _said([one for one in found if one.names])


def _checked():
    """Prints a report on one data set; returns 1 if there is a problem."""
    if _OUT.value is not None:
        files.check_writable(_OUT.value)
    join, labels, stated = _labels(_ANNOTATIONS.value, _SUBSET.value)
    videos, unreadable = found_videos.probe(_VIDEOS.value, _SOURCE_FPS.value)
    for line in passed_over.lines(_VIDEOS.value):
        print(line, file=sys.stderr)
    labels = labels.named_as({*videos, *unreadable})
    dataset = join(labels, videos, unreadable)
    facts = dataset_facts.statistics(dataset)
    fit = label_fit.findings(stated, _VIDEOS.value, _SOURCE_FPS.value)
    found = [*checks.findings(dataset), *fit]
    found.sort(key=lambda one: not one.is_problem)
    print("\n".join(check_report.overview(facts)) + "\n")
    print(report.text_table(check_report.class_rows(facts)) + "\n")
    status = _said(found)
    if _OUT.value is not None:
        check_report.write(_OUT.value, facts, found)
        print(f"{_OUT.value}: check.md, check.json, statistics.svg")
    return status


def _said(found):
    for line in check_report.lines(found):
        print(line)
    problems = sum(one.is_problem for one in found)
    print(f"{problems} problems, {len(found) - problems} notes")
    return 1 if problems else 0


def _labels(path, subset):
    """(what makes a facts.Dataset of labels, the labels, what they state)."""
    if path.lower().endswith(".npz"):
        raise errors.InputError(
            f"{path}: frame labels name the class of every frame and have no "
            "times to check; expected a CSV, a JSON, a kit folder, class "
            "folders or a split list"
        )
    if video_labels.are_at(path):
        labels = video_labels.read(path, subset=subset)
        return dataset_facts.of_video_labels, labels, {}
    truth = annotations.read(path, subset=subset)
    return dataset_facts.of_instances, truth, annotations.stated(path)
