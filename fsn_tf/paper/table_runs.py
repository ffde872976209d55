"""What `fsn reproduce` and `fsn demo` do: run what is missing of tables."""

from collections.abc import Callable
from collections.abc import Sequence
import pathlib

from fsn_tf import experiment
from fsn_tf import files
from fsn_tf import quietly
from fsn_tf.evaluation import chance
from fsn_tf.paper import reproduction
from fsn_tf.paper import reproduction_report
from fsn_tf.paper import salads_table
from fsn_tf.paper import table_rows
from fsn_tf.reports import report

# In a wheel the experiments lie inside the package, in a checkout beside it.
_FOLDERS = tuple(
    pathlib.Path(__file__).parents[level] / "experiments" for level in (1, 2)
)


def setting(
    *,
    prepared: pathlib.Path | str,
    annotations: pathlib.Path | str,
    workdir: pathlib.Path | str,
    kind: str,
    weights: dict[str, str] | None = None,
    steps: int | None = None,
) -> table_rows.Setting:
    """A table_rows.Setting with the experiments that come along."""
    return table_rows.Setting(
        prepared=pathlib.Path(prepared),
        annotations=pathlib.Path(annotations),
        workdir=pathlib.Path(workdir),
        experiments=experiment_folder(),
        kind=kind,
        weights=weights or {},
        steps=steps,
    )


def train_tsn(
    seeds: Sequence[int],
    setting: table_rows.Setting,
    run: Callable[..., None],
) -> None:
    """Trains the TSN that every other run starts from, where that is needed.

    Args:
        seeds, setting, run: See results_of.
    """
    reproduction.claim(setting)
    for seed in seeds:
        if _waiting(seed, setting):
            _do(reproduction.trained("tsn_rgb", seed, setting), seed, run)


def score(
    stream: str,
    seeds: Sequence[int],
    setting: table_rows.Setting,
    run: Callable[..., None],
) -> None:
    """Does what is missing of the runs of all tables that see a stream.

    They need nothing of those that see the other one, but for the TSN that
    `train_tsn` trains: both can be done side by side.

    Args:
        stream: "rgb" or "flow".
        seeds, setting, run: See results_of.
    """
    for seed in seeds:
        for name in _waiting(seed, setting):
            if table_rows.STREAMS[name] == stream:
                _do(reproduction.scored(name, seed, setting), seed, run)


def _waiting(seed, setting):
    """Names of the runs that rows without results are made of."""
    rows = dict.fromkeys(sum(table_rows.ROWS.values(), ()))
    return dict.fromkeys(
        name
        for row in rows
        if not reproduction.is_done(row, seed, setting)
        for name in row.runs
    )


def _do(commands, seed, run):
    for command, values in commands:
        if command == "shift":
            chance.shift(values["scores"], values["out"], seed=seed)
        else:
            run(command, **values)


def results_of(
    numbers: Sequence[int],
    seeds: Sequence[int],
    setting: table_rows.Setting,
    run: Callable[..., None],
) -> str:
    """Does what is missing of tables; writes them, and gives them as text.

    Args:
        numbers: Of the tables.
        seeds: Of the training runs.
        setting: table_rows.Setting.
        run: (command, **flags) -> None, runs one command of `fsn`.

    Returns:
        The tables, what was measured, and where that was written.

    Raises:
        InputError: The workdir belongs to another reproduction, or a command
            failed.
    """
    reproduction.claim(setting)
    rows = [row for number in numbers for row in table_rows.ROWS[number]]
    for seed in seeds:
        _do(reproduction.commands(rows, seed, setting), seed, run)
    tables, notes = reproduction_report.tables(numbers, seeds, setting)
    path = setting.workdir / "tables.md"
    files.write_text(path, reproduction_report.markdown(tables, notes))
    parts = [
        f"Table {number}\n{report.text_table(cells)}"
        for number, cells in tables.items()
    ]
    parts.append("\n".join(f"- {note}" for note in notes))
    return "\n\n".join([*parts, f"{path}: the same as Markdown"])


def results_of_folds(
    frame_scores: pathlib.Path | str,
    workdir: pathlib.Path | str,
    seeds: Sequence[int],
) -> str:
    """Trains on all folds but one of 50 Salads, for each; gives the table.

    Args:
        frame_scores: Path of an .npz, see cross_validation.folds_of_scores.
        workdir: Folder for the networks, their scores and tables.md.
        seeds: Of the training runs.

    Returns:
        The table as text.

    Raises:
        InputError: The file is not of that form.
    """
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
                ).mean
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
            ).mean
            for seed in seeds
        ]
    cells = salads_table.table(found)
    path = workdir / "tables.md"
    files.write_text(path, report.markdown_table(cells) + "\n")
    return f"{report.text_table(cells)}\n\n{path}: the same as Markdown"


def experiment_folder() -> pathlib.Path:
    """The experiments that come along, of a wheel or of a checkout."""
    in_wheel, in_checkout = _FOLDERS
    return in_wheel if in_wheel.is_dir() else in_checkout
