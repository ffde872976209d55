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

What is done is kept; the same command goes on where it was stopped. Writes
WORKDIR/tables.md.
"""

import pathlib

from absl import flags

from fsn_tf import chance
from fsn_tf import errors
from fsn_tf import experiment
from fsn_tf import files
from fsn_tf import quietly
from fsn_tf import report
from fsn_tf import reproduction
from fsn_tf import reproduction_report
from fsn_tf import salads_table
from fsn_tf import table_rows
from fsn_tf.commands import typed

FLAGS = flags.FlagValues()
_SALADS = "salads"

_TABLE = flags.DEFINE_enum(
    "table",
    "all",
    [*map(str, table_rows.ROWS), "all", _SALADS],
    "Which table of the paper, or 50 Salads' frame scores in folds.",
    flag_values=FLAGS,
)
_PREPARED = flags.DEFINE_string(
    "prepared", None, "What fsn prepare made.", flag_values=FLAGS
)
_ANNOTATIONS = flags.DEFINE_string(
    "annotations",
    None,
    "Folder of THUMOS'14's annotation folders.",
    flag_values=FLAGS,
)
_FRAME_SCORES = flags.DEFINE_string(
    "frame_scores", None, "Frame scores in folds, .npz.", flag_values=FLAGS
)
_WORKDIR = flags.DEFINE_string(
    "workdir", None, "Folder to work in.", required=True, flag_values=FLAGS
)
_SEEDS = flags.DEFINE_list(
    "seeds", ["1"], "Seeds; each trains every network anew.", flag_values=FLAGS
)
_EXPERIMENTS = flags.DEFINE_enum(
    "experiments",
    "thumos14",
    list(table_rows.EXPERIMENTS),
    "The paper's experiments, or small ones for the embedded benchmark.",
    flag_values=FLAGS,
)
_RGB_WEIGHTS = flags.DEFINE_string(
    "rgb_weights", None, "Weights or workdir of a TSN.", flag_values=FLAGS
)
_FLOW_WEIGHTS = flags.DEFINE_string(
    "flow_weights", None, "Weights or workdir of a TSN.", flag_values=FLAGS
)
_STEPS = flags.DEFINE_integer(
    "steps",
    None,
    "Training steps, instead of those of the experiments.",
    1,
    flag_values=FLAGS,
)

_FOLDER = pathlib.Path(__file__).parents[2] / "experiments"


def main():
    """Does what is missing of the tables, and prints them."""
    if _TABLE.value == _SALADS:
        _require("frame_scores")
        print(f"\n{_of_folds(checked_seeds(_SEEDS.value))}")
        return
    _require("prepared", "annotations")
    given = {"rgb": _RGB_WEIGHTS.value, "flow": _FLOW_WEIGHTS.value}
    every = _TABLE.value == "all"
    text = results_of(
        list(table_rows.ROWS) if every else [int(_TABLE.value)],
        checked_seeds(_SEEDS.value),
        setting(
            prepared=_PREPARED.value,
            annotations=_ANNOTATIONS.value,
            workdir=_WORKDIR.value,
            kind=_EXPERIMENTS.value,
            weights={stream: path for stream, path in given.items() if path},
            steps=_STEPS.value,
        ),
    )
    print(f"\n{text}")


def _require(*names):
    for name in names:
        if FLAGS[name].value is None:
            raise errors.UsageError(f"--table={_TABLE.value} needs --{name}")


def _of_folds(seeds):
    """Trains on folds what is missing; writes the table, gives it as text."""
    cross_validation = quietly.imported("fsn_tf.cross_validation")
    workdir = pathlib.Path(_WORKDIR.value)
    found = {}
    for row, name in salads_table.ROWS.items():
        if name is None:
            found[row] = [
                cross_validation.as_given(
                    _FRAME_SCORES.value, background=salads_table.BACKGROUND
                )
            ]
            continue
        found[row] = [
            cross_validation.evaluate(
                experiment.load(_folder() / f"{name}.py"),
                _FRAME_SCORES.value,
                workdir / name,
                seed=seed,
                background=salads_table.BACKGROUND,
            )
            for seed in seeds
        ]
    cells = salads_table.table(found)
    path = workdir / "tables.md"
    files.write_text(path, report.markdown_table(cells) + "\n")
    return f"{report.text_table(cells)}\n\n{path}: the same as Markdown"


def _folder():
    """The experiments of this checkout."""
    if not _FOLDER.is_dir():
        raise errors.InputError(
            f"{_FOLDER}: no such folder; run this from a checkout"
        )
    return _FOLDER


def setting(*, prepared, annotations, workdir, kind, weights=None, steps=None):
    """A table_rows.Setting with the experiments of this checkout.

    Raises:
        InputError: This is no checkout.
    """
    return table_rows.Setting(
        prepared=pathlib.Path(prepared),
        annotations=pathlib.Path(annotations),
        workdir=pathlib.Path(workdir),
        experiments=_folder(),
        kind=kind,
        weights=weights or {},
        steps=steps,
    )


def results_of(numbers, seeds, setting):
    """Does what is missing of tables; writes them, and gives them as text.

    Args:
        numbers: Of the tables.
        seeds: Of the training runs.
        setting: table_rows.Setting.
    """
    reproduction.claim(setting)
    rows = [row for number in numbers for row in table_rows.ROWS[number]]
    for seed in seeds:
        for command, values in reproduction.commands(rows, seed, setting):
            if command == "turn":
                chance.turn(values["scores"], values["out"], seed=seed)
            else:
                typed.run(command, **values)
    tables, notes = reproduction_report.tables(numbers, seeds, setting)
    path = setting.workdir / "tables.md"
    files.write_text(path, reproduction_report.markdown(tables, notes))
    parts = [
        f"Table {number}\n{report.text_table(cells)}"
        for number, cells in tables.items()
    ]
    parts.append("\n".join(f"- {note}" for note in notes))
    return "\n\n".join([*parts, f"{path}: the same as Markdown"])


def checked_seeds(texts):
    """The seeds of a list flag.

    Raises:
        UsageError: They are none, or not different.
    """
    try:
        seeds = [int(text) for text in texts]
    except ValueError:
        seeds = []
    if not seeds or min(seeds) < 0 or len(set(seeds)) < len(seeds):
        raise errors.UsageError(
            f"--seeds={','.join(texts)}: expected different whole numbers "
            "from 0 on, such as 1,2,3"
        )
    return seeds
