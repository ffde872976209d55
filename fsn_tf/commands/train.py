r"""Trains the network of one experiment.

    fsn train --experiment=experiments/table1_fsn_rgb.py \
        --prepared=prepared --annotations=thumos14/annotation_val \
        --workdir=runs/fsn_rgb

Any field of the experiment is also a flag, e.g. --batch_size=6. The same
command again goes on from the last checkpoint. With --validation_annotations
the checkpoint "best" is that which does best on other videos.
"""

from absl import flags

from fsn_tf.commands import experiment_flags
from fsn_tf.commands import shared_flags
from fsn_tf.commands import validation_flags
from fsn_tf.training import hosts
from fsn_tf.tuning import runs

FLAGS = flags.FlagValues()

_EXPERIMENT = experiment_flags.define(FLAGS)
_PREPARED = shared_flags.prepared(FLAGS, "Folder that fsn prepare made.")
_ANNOTATIONS = shared_flags.annotations(
    FLAGS,
    "THUMOS'14 kit folder, ActivityNet JSON or CSV; labels of frames, .npz "
    "with label and length; for TSN and WFSN also a folder of class folders "
    "or a UCF101 split list.",
)
_BACKGROUND = shared_flags.background(
    FLAGS, "Class that is no action, where frames are labeled."
)
_MAPPING = shared_flags.mapping(
    FLAGS,
    "MS-TCN's list of classes; --annotations is then a folder of VIDEO.txt, "
    "a class a line and a line a frame.",
)
_VIDEOS = shared_flags.videos(
    FLAGS,
    "With --mapping, MS-TCN's list of videos to learn from, such as "
    "splits/train.split1.bundle.",
    required=False,
)
_SUBSET = shared_flags.subset(FLAGS, "Subset of an ActivityNet JSON.")
_VALIDATION = validation_flags.define(FLAGS)
_WORKDIR = shared_flags.workdir(FLAGS, "Folder of checkpoints and logs.")
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
_HOST_WAIT = flags.DEFINE_float(
    "host_wait_seconds",
    hosts.WAIT_SECONDS,
    "With --strategy=multiworker, how long to wait for all hosts to come.",
    0,
    flag_values=FLAGS,
)
_PROFILE = flags.DEFINE_integer(
    "profile",
    0,
    "Take the time of so many steps before training, which it does not "
    "change: a table of where it goes, and a profile for TensorBoard.",
    0,
    flag_values=FLAGS,
)


def main() -> None:
    """Trains, or goes on training."""
    runs.train(
        experiment_flags.experiment(_EXPERIMENT),
        prepared=_PREPARED.value,
        annotations=_ANNOTATIONS.value,
        workdir=_WORKDIR.value,
        strategy=_STRATEGY.value,
        background=_BACKGROUND.value,
        subset=_SUBSET.value,
        mapping=_MAPPING.value,
        videos=_VIDEOS.value,
        logical_cpus=_LOGICAL_CPUS.value,
        host_wait_seconds=_HOST_WAIT.value,
        profile=_PROFILE.value,
        **validation_flags.values(_VALIDATION),
    )
