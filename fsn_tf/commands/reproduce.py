r"""Reproduces tables of the paper: trains, predicts and evaluates.

    fsn reproduce --table=2 --prepared=PREPARED --annotations=thumos14 \
        --rgb_weights=tsn_rgb.weights.h5 --flow_weights=tsn_flow.weights.h5 \
        --workdir=runs/paper --seeds=1,2,3

PREPARED has validation/ and test/ with both streams, the annotations folder
annotation_val/ and annotation_test/. Without weights TSN is trained first, on
PREPARED/training and splits/trainlist01.txt.

    fsn reproduce --table=salads --frame_scores=50salads_mid.npz \
        --workdir=runs/salads --seeds=1,2,3

trains the temporal CNN on the other folds' frame scores: an .npz with scores
(F, D), label (F,), length and fold (V,).

    fsn reproduce --table=salads --data=50salads_mid --workdir=runs/salads_mid

does the same on a folder in MS-TCN's layout: groundTruth/VIDEO.txt,
mapping.txt, splits/{train,test}.NAME.bundle and features/NAME/VIDEO.npy, of
shape (features, frames), of each fold.

    fsn reproduce --table=urfd --data=urfd --workdir=runs/urfd \
        --rgb_weights=efficientnet-lite0.pth --seeds=1,2,3

goes from pixels to mAP: DATA has videos/ and annotations.json, an ActivityNet
JSON with the subsets training and test. The 2D CNN is an EfficientNet-Lite0
that does not learn.

What is done is kept; the same command goes on where it was stopped. Writes
WORKDIR/tables.md.
"""

import pathlib

from absl import flags

from fsn_tf import errors
from fsn_tf.commands import numbers
from fsn_tf.commands import shared_flags
from fsn_tf.commands import typed
from fsn_tf.paper import salads_mid
from fsn_tf.paper import table_rows
from fsn_tf.paper import table_runs
from fsn_tf.paper import urfd_plan
from fsn_tf.paper import urfd_runs

FLAGS = flags.FlagValues()
_SALADS, _URFD = "salads", "urfd"

_TABLE = flags.DEFINE_enum(
    "table",
    "all",
    [*map(str, table_rows.ROWS), "all", _SALADS, _URFD],
    "Which table of the paper, or 50 Salads in folds, or UR Fall's videos.",
    flag_values=FLAGS,
)
_PREPARED = shared_flags.prepared(FLAGS, required=False)
_ANNOTATIONS = shared_flags.annotations(
    FLAGS, "Folder of THUMOS'14's annotation folders.", required=False
)
_FRAME_SCORES = flags.DEFINE_string(
    "frame_scores", None, "Frame scores in folds, .npz.", flag_values=FLAGS
)
_DATA = flags.DEFINE_string(
    "data",
    None,
    "For --table=salads, a folder in MS-TCN's layout; for --table=urfd, one "
    "with videos/ and annotations.json.",
    flag_values=FLAGS,
)
_WORKDIR = shared_flags.workdir(FLAGS, "Folder to work in.")
_SEEDS = shared_flags.seeds(FLAGS)
_EXPERIMENTS = flags.DEFINE_enum(
    "experiments",
    "thumos14",
    list(table_rows.EXPERIMENTS),
    "The paper's experiments, or small ones for the embedded benchmark.",
    flag_values=FLAGS,
)
_RGB_WEIGHTS = flags.DEFINE_string(
    "rgb_weights",
    None,
    "Weights or workdir of a TSN; for --table=urfd, of EfficientNet-Lite0, as "
    "published or as fsn import-weights wrote them.",
    flag_values=FLAGS,
)
_FLOW_WEIGHTS = flags.DEFINE_string(
    "flow_weights", None, "Weights or workdir of a TSN.", flag_values=FLAGS
)
_STEPS = shared_flags.steps(FLAGS)


def main() -> None:
    """Does what is missing of the tables, and prints them."""
    seeds = numbers.checked_seeds(_SEEDS.value)
    if _TABLE.value == _SALADS:
        print(f"\n{_salads(seeds)}")
        return
    if _TABLE.value == _URFD:
        print(f"\n{_urfd(seeds)}")
        return
    given = {"rgb": _RGB_WEIGHTS.value, "flow": _FLOW_WEIGHTS.value}
    every = _TABLE.value == "all"
    text = table_runs.results_of(
        list(table_rows.ROWS) if every else [int(_TABLE.value)],
        seeds,
        table_runs.setting(
            prepared=_required(_PREPARED),
            annotations=_required(_ANNOTATIONS),
            workdir=_WORKDIR.value,
            kind=_EXPERIMENTS.value,
            weights={stream: path for stream, path in given.items() if path},
            steps=_STEPS.value,
        ),
        typed.run,
    )
    print(f"\n{text}")


def _salads(seeds):
    if (_FRAME_SCORES.value is None) == (_DATA.value is None):
        raise errors.UsageError(
            f"--table={_SALADS} needs one of --frame_scores and --data"
        )
    if _DATA.value is None:
        return table_runs.results_of_folds(
            _FRAME_SCORES.value, _WORKDIR.value, seeds
        )
    return salads_mid.results(
        _DATA.value, _WORKDIR.value, seeds, table_runs.experiment_folder()
    )


def _urfd(seeds):
    data, weights = _required(_DATA), _required(_RGB_WEIGHTS)
    setting = urfd_plan.Setting(
        data=pathlib.Path(data),
        workdir=pathlib.Path(_WORKDIR.value),
        experiments=table_runs.experiment_folder(),
        steps=_STEPS.value,
    )
    return urfd_runs.results(setting, weights, seeds, typed.run)


def _required(flag):
    if flag.value is None:
        raise errors.UsageError(f"--table={_TABLE.value} needs --{flag.name}")
    return flag.value
