r"""Reproduces tables of the paper: trains, predicts and evaluates.

    fsn reproduce --table=2 --prepared=PREPARED --annotations=thumos14 \
        --rgb_weights=tsn_rgb.weights.h5 --flow_weights=tsn_flow.weights.h5 \
        --workdir=runs/paper --seeds=1,2,3

PREPARED has validation/ and test/ with both streams, the annotations folder
annotation_val/ and annotation_test/. Without weights TSN is trained first, on
PREPARED/training and splits/trainlist01.txt. What is done is kept; the same
command goes on where it was stopped. Writes WORKDIR/tables.md.
"""

import pathlib

from absl import flags

from fsn_tf import chance
from fsn_tf import errors
from fsn_tf import files
from fsn_tf import report
from fsn_tf import reproduction
from fsn_tf import reproduction_report
from fsn_tf import table_rows
from fsn_tf.commands import typed

FLAGS = flags.FlagValues()

_TABLE = flags.DEFINE_enum(
    "table",
    "all",
    [*map(str, table_rows.ROWS), "all"],
    "Which table.",
    flag_values=FLAGS,
)
_PREPARED = flags.DEFINE_string(
    "prepared", None, "What fsn prepare made.", required=True, flag_values=FLAGS
)
_ANNOTATIONS = flags.DEFINE_string(
    "annotations",
    None,
    "Folder of THUMOS'14's annotation folders.",
    required=True,
    flag_values=FLAGS,
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
    if not _FOLDER.is_dir():
        raise errors.InputError(
            f"{_FOLDER}: no such folder; run fsn reproduce from a checkout"
        )
    given = {"rgb": _RGB_WEIGHTS.value, "flow": _FLOW_WEIGHTS.value}
    setting = table_rows.Setting(
        prepared=pathlib.Path(_PREPARED.value),
        annotations=pathlib.Path(_ANNOTATIONS.value),
        workdir=pathlib.Path(_WORKDIR.value),
        experiments=_FOLDER,
        kind=_EXPERIMENTS.value,
        weights={stream: path for stream, path in given.items() if path},
        steps=_STEPS.value,
    )
    every = _TABLE.value == "all"
    numbers = list(table_rows.ROWS) if every else [int(_TABLE.value)]
    reproduce(numbers, _seeds(), setting)


def reproduce(numbers, seeds, setting):
    """Does what is missing of the tables, prints and writes them.

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
    found = {
        number: reproduction_report.found(number, seeds, setting)
        for number in numbers
    }
    tables = {
        number: reproduction_report.table(number, one)
        for number, one in found.items()
    }
    for number, rows_of_cells in tables.items():
        print(f"\nTable {number}\n{report.text_table(rows_of_cells)}")
    (*_, last) = found.values()
    any_results = next(iter(last.values()))[0]
    runs = reproduction_report.runs_of(rows)
    notes = reproduction_report.notes(any_results, runs, seeds, setting)
    print("\n" + "\n".join(f"- {note}" for note in notes))
    path = setting.workdir / "tables.md"
    files.write_text(path, reproduction_report.markdown(tables, notes))
    print(f"\n{path}: the same as Markdown")


def _seeds():
    try:
        seeds = [int(text) for text in _SEEDS.value]
    except ValueError:
        seeds = []
    if not seeds or min(seeds) < 0 or len(set(seeds)) < len(seeds):
        raise errors.UsageError(
            f"--seeds={','.join(_SEEDS.value)}: expected different whole "
            "numbers from 0 on, such as 1,2,3"
        )
    return seeds
