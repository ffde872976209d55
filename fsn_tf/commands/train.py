r"""Trains the network of one experiment.

    fsn train --experiment=experiments/table1_fsn_rgb.py \
        --prepared=prepared --annotations=thumos14/annotation_val \
        --workdir=runs/fsn_rgb

Any field of the experiment is also a flag, e.g. --batch_size=6. The same
command again goes on from the last checkpoint.
"""

import dataclasses
import os
import pathlib
import sys

from absl import flags

import fsn_tf
from fsn_tf import annotations
from fsn_tf import errors
from fsn_tf import experiment as experiments
from fsn_tf import fingerprints
from fsn_tf import quietly
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import video_labels

# Wrong durations make every row odd; the first few tell as much.
_MOST_NOTES = 10

_RANDOM_START = (
    "note: the 2D CNN starts from random weights; the paper's starts from "
    "TSN (--init_from)"
)

FLAGS = flags.FlagValues()

_EXPERIMENT = flags.DEFINE_string(
    "experiment", None, "Experiment file.", required=True, flag_values=FLAGS
)
_PREPARED = flags.DEFINE_string(
    "prepared",
    None,
    "Folder that fsn prepare made.",
    required=True,
    flag_values=FLAGS,
)
_ANNOTATIONS = flags.DEFINE_string(
    "annotations",
    None,
    "THUMOS'14 kit folder, ActivityNet JSON or CSV; labels of frames, .npz "
    "with label and length; for TSN and WFSN also a folder of class folders "
    "or a UCF101 split list.",
    required=True,
    flag_values=FLAGS,
)
_BACKGROUND = flags.DEFINE_string(
    "background",
    None,
    "Class that is no action, where frames are labeled.",
    flag_values=FLAGS,
)
_MAPPING = flags.DEFINE_string(
    "mapping",
    None,
    "MS-TCN's list of classes; --annotations is then a folder of VIDEO.txt, "
    "a class a line and a line a frame.",
    flag_values=FLAGS,
)
_VIDEOS = flags.DEFINE_string(
    "videos",
    None,
    "With --mapping, MS-TCN's list of videos to learn from, such as "
    "splits/train.split1.bundle.",
    flag_values=FLAGS,
)
_SUBSET = flags.DEFINE_string(
    "subset", None, "Subset of an ActivityNet JSON.", flag_values=FLAGS
)
_WORKDIR = flags.DEFINE_string(
    "workdir",
    None,
    "Folder of checkpoints and logs.",
    required=True,
    flag_values=FLAGS,
)
_STRATEGY = flags.DEFINE_enum(
    "strategy",
    "default",
    ["default", "mirrored", "multiworker", "tpu"],
    "tf.distribute strategy.",
    flag_values=FLAGS,
)
_LOGICAL_CPUS = flags.DEFINE_integer(
    "logical_cpus",
    0,
    "Cut the CPU into so many devices, to try --strategy=mirrored.",
    0,
    flag_values=FLAGS,
)


def _define(field):
    """The flag of one field; unset, the experiment file's value stays."""
    is_switch = isinstance(field.default, bool)
    define = flags.DEFINE_boolean if is_switch else flags.DEFINE_string
    text = f"Experiment field; the paper's value is {field.default!r}."
    return define(field.name, None, text, flag_values=FLAGS)


_FIELDS = {
    field.name: _define(field)
    for field in dataclasses.fields(experiments.Experiment)
}


def _with_flags(experiment):
    texts = {
        name: str(holder.value)
        for name, holder in _FIELDS.items()
        if holder.value is not None
    }
    try:
        return experiments.replace(experiment, texts)
    except errors.InputError as error:
        raise errors.UsageError(f"--{error}") from error


def main():
    """Trains, or goes on training."""
    experiment = _with_flags(experiments.load(_EXPERIMENT.value))
    starts_anywhere = experiment.stream != "features" and not (
        experiment.init_from or experiment.backbone == "tiny"
    )
    if starts_anywhere:
        # Easily forgotten, and weeks of training cannot make up for it.
        print(_RANDOM_START, file=sys.stderr)
    labels = _labels(experiment)
    workdir = pathlib.Path(_WORKDIR.value)
    if workdir.exists() and not os.access(workdir, os.W_OK | os.X_OK):
        raise errors.InputError(f"{workdir}: cannot be written to")
    strategies = quietly.imported("fsn_tf.training.strategies")
    training = quietly.imported("fsn_tf.training.loop")
    strategy = strategies.make(
        _STRATEGY.value, logical_cpus=_LOGICAL_CPUS.value
    )
    data = _data(labels, experiment)
    training.train(
        experiment,
        data,
        workdir,
        strategy,
        version=fsn_tf.__version__,
        **_annotation_facts(),
    )


def _annotation_facts():
    """What experiment.json keeps of the annotations."""
    path = pathlib.Path(_ANNOTATIONS.value)
    kept = {"annotations": path.absolute().name}
    # Of a folder of class folders the names are all there is.
    if path.is_file() or any(one.is_file() for one in path.iterdir()):
        kept["annotations_sha256"] = fingerprints.of_path(path)
    return kept


def _labels(experiment):
    """Labels of frames, or of times, or of videos, as the network needs."""
    path, background = _ANNOTATIONS.value, _BACKGROUND.value
    if _MAPPING.value is not None and experiment.network == "fsn":
        return frame_labels.read(
            path, mapping=_MAPPING.value, videos=_VIDEOS.value
        )
    for name in ("mapping", "videos"):
        if FLAGS[name].value is not None:
            needed = "--network=fsn" if name == "mapping" else "--mapping"
            raise errors.UsageError(f"--{name} needs {needed}")
    if path.lower().endswith(".npz") and experiment.network == "fsn":
        return frame_labels.read(path)
    if background is not None:
        raise errors.UsageError(
            "--background needs --annotations=FILE.npz or --mapping"
        )
    read = (
        annotations.read if experiment.network == "fsn" else video_labels.read
    )
    return read(path, subset=_SUBSET.value)


def _data(labels, experiment):
    """The training set; says on stderr what is odd about it."""
    training_set = quietly.imported("fsn_tf.training.training_sets")
    prepared, odd = _PREPARED.value, []
    if isinstance(labels, frame_labels.FrameLabels):
        return training_set.load_frames(
            prepared, labels, experiment, background=_BACKGROUND.value
        )
    if experiment.network == "fsn":
        data = training_set.load_windows(prepared, labels, experiment)
        odd = annotations.check(labels, data.durations_seconds())
    else:
        data = training_set.load_videos(prepared, labels, experiment)
    for note in (*labels.notes, *odd[:_MOST_NOTES]):
        print(f"note: {note}", file=sys.stderr)
    if len(odd) > _MOST_NOTES:
        print(f"note: {len(odd) - _MOST_NOTES} more", file=sys.stderr)
    return data
