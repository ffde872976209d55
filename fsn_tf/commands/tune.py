r"""Searches for better fields of an experiment, by validation.

    fsn tune --experiment=experiments/mine.py --minutes=30 \
        --fields='learning_rate=1e-4:1e-1,dropout=0:0.8,optimizer=sgd|adam' \
        --prepared=prepared --annotations=train.csv --workdir=tuned

Ranges of more than a decade are searched by factors. Trials are measured on
--validation_annotations or on a share of the training videos, which trials then
do not learn from. Writes WORKDIR/recommended.py, which --experiment of fsn
train takes, tried.md and trials.json. The same command again goes on, if
--minutes leaves time.
"""

from absl import flags

from fsn_tf.commands import experiment_flags
from fsn_tf.commands import numbers
from fsn_tf.commands import shared_flags
from fsn_tf.commands import validation_flags
from fsn_tf.tuning import from_files

FLAGS = flags.FlagValues()

_EXPERIMENT = experiment_flags.define(FLAGS)
_FIELDS = flags.DEFINE_string(
    "fields",
    None,
    "FIELD=LOW:HIGH for numbers or FIELD=VALUE|VALUE|... for anything, with "
    "commas between fields.",
    required=True,
    flag_values=FLAGS,
)
_MINUTES = flags.DEFINE_float(
    "minutes",
    None,
    "Time for the search, that of earlier calls counted in.",
    required=True,
    flag_values=FLAGS,
)
_PREPARED = shared_flags.prepared(FLAGS, "Folder that fsn prepare made.")
_ANNOTATIONS = shared_flags.annotations(FLAGS, "As of fsn train.")
_BACKGROUND = shared_flags.background(
    FLAGS, "Class that is no action, where frames are labeled."
)
_SUBSET = shared_flags.subset(FLAGS, "Subset of an ActivityNet JSON.")
_MAPPING = shared_flags.mapping(FLAGS, "As of fsn train.")
_VIDEOS = shared_flags.videos(FLAGS, "As of fsn train.", required=False)
_SHARE = flags.DEFINE_float(
    "validation_share",
    0.2,
    "Of the training videos to measure trials on, where no "
    "--validation_annotations are given.",
    flag_values=FLAGS,
)
_VALIDATION = validation_flags.define(FLAGS)
_WORKDIR = shared_flags.workdir(FLAGS, "Folder of the trials.")


def main() -> None:
    """Searches, or goes on searching."""
    numbers.check(_MINUTES, _SHARE)
    from_files.tune(
        experiment_flags.experiment(_EXPERIMENT),
        _FIELDS.value,
        minutes=_MINUTES.value,
        prepared=_PREPARED.value,
        annotations=_ANNOTATIONS.value,
        workdir=_WORKDIR.value,
        background=_BACKGROUND.value,
        subset=_SUBSET.value,
        mapping=_MAPPING.value,
        videos=_VIDEOS.value,
        validation_share=_SHARE.value,
        **validation_flags.values(_VALIDATION),
    )
