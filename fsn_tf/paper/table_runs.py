"""What `fsn reproduce` and `fsn demo` do: run what is missing of tables."""

import pathlib

from fsn_tf import errors
from fsn_tf import experiment
from fsn_tf import files
from fsn_tf import quietly
from fsn_tf.evaluation import chance
from fsn_tf.paper import reproduction
from fsn_tf.paper import reproduction_report
from fsn_tf.paper import salads_table
from fsn_tf.paper import table_rows
from fsn_tf.reports import report

_FOLDER = pathlib.Path(__file__).parents[2] / "experiments"


def setting(*, prepared, annotations, workdir, kind, weights=None, steps=None):
    """A table_rows.Setting with the experiments of this checkout.

    Raises:
        InputError: This is no checkout.
    """
    return table_rows.Setting(
        prepared=pathlib.Path(prepared),
        annotations=pathlib.Path(annotations),
        workdir=pathlib.Path(workdir),
        experiments=experiment_folder(),
        kind=kind,
        weights=weights or {},
        steps=steps,
    )


def results_of(numbers, seeds, setting, run):
    """Does what is missing of tables; writes them, and gives them as text.

    Args:
        numbers: Of the tables.
        seeds: Of the training runs.
        setting: table_rows.Setting.
        run: (command, **flags) -> None, runs one command of `fsn`.
    """
    reproduction.claim(setting)
    rows = [row for number in numbers for row in table_rows.ROWS[number]]
    for seed in seeds:
        for command, values in reproduction.commands(rows, seed, setting):
            if command == "shift":
                chance.shift(values["scores"], values["out"], seed=seed)
            else:
                run(command, **values)
    tables, notes = reproduction_report.tables(numbers, seeds, setting)
    path = setting.workdir / "tables.md"
    files.write_text(path, reproduction_report.markdown(tables, notes))
    parts = [
        f"Table {number}\n{report.text_table(cells)}"
        for number, cells in tables.items()
    ]
    parts.append("\n".join(f"- {note}" for note in notes))
    return "\n\n".join([*parts, f"{path}: the same as Markdown"])


def results_of_folds(frame_scores, workdir, seeds):
    """The same for 50 Salads' frame scores in folds."""
    cross_validation = quietly.imported("fsn_tf.paper.cross_validation")
    workdir = pathlib.Path(workdir)
    folds, labels = cross_validation.folds_of_scores(
        frame_scores, workdir / "prepared"
    )
    found = {}
    for row, name in salads_table.ROWS.items():
        if name is None:
            found[row] = [
                cross_validation.as_given(
                    frame_scores, background=salads_table.BACKGROUND
                )
            ]
            continue
        found[row] = [
            cross_validation.evaluate(
                experiment.load(experiment_folder() / f"{name}.py"),
                folds,
                labels,
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


def experiment_folder():
    """The experiments of this checkout.

    Raises:
        InputError: This is no checkout.
    """
    if not _FOLDER.is_dir():
        raise errors.InputError(
            f"{_FOLDER}: no such folder; run this from a checkout"
        )
    return _FOLDER
