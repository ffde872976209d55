"""UR Fall, pixels to mAP: what is missing of its tables, done in order."""

from collections.abc import Callable
from collections.abc import Sequence
import dataclasses
import pathlib
import time

from fsn_tf import claims
from fsn_tf import files
from fsn_tf import fingerprints
from fsn_tf import progress
from fsn_tf.errors import InputError
from fsn_tf.evaluation import chance
from fsn_tf.evaluation import results_schema
from fsn_tf.paper import reproduction
from fsn_tf.paper import urfd_data
from fsn_tf.paper import urfd_plan
from fsn_tf.paper import urfd_report
from fsn_tf.paper import urfd_rows
from fsn_tf.reports import report

# (command, **flags) -> None
RunCommand = Callable[..., None]


def results(
    setting: urfd_plan.Setting,
    weights: pathlib.Path | str,
    seeds: Sequence[int],
    run: RunCommand,
) -> str:
    """Does what is missing of the tables; writes them, and gives their text.

    Args:
        setting: urfd_plan.Setting.
        weights: Of the 2D CNN, see urfd_data.prepare.
        seeds: Of the training runs.
        run: (command, **flags) -> None, runs one command of `fsn`.

    Raises:
        InputError: The data are not of that layout, the workdir was begun
            with others, or a command failed.
    """
    truth = urfd_data.check(setting.data)
    weights = pathlib.Path(weights)
    if not weights.is_file():
        raise InputError(f"{weights}: no such weights file")
    _claim(setting, weights)
    names = [video for part in truth.values() for video in part.videos]
    urfd_data.prepare(setting.data, weights, setting.workdir, names, run)
    tested = setting.workdir / "test_videos.txt"
    files.write_text(tested, "\n".join(truth[urfd_data.TEST].videos) + "\n")
    shown = _Shown(setting, seeds)
    found: dict[str, list[dict]] = {}
    for caption, rows in urfd_rows.TABLES.items():
        for seed in seeds:
            for row in rows:
                _do(
                    urfd_plan.commands(row, seed, setting, tested),
                    seed,
                    run,
                    shown,
                )
        found |= {row.key: _results(row, seeds, setting) for row in rows}
        # One table after the other, so that there is something to look at.
        table = urfd_report.table(rows, found)
        print(f"\n{caption}\n{report.text_table(table)}", flush=True)
    _draw(setting, seeds[0], run)
    return _written(found, seeds, truth, setting)


def _do(left, seed, run, shown):
    for command, values in left:
        if command == "shift":
            chance.shift(values["scores"], values["out"], seed=seed)
            continue
        if command == "train":
            shown.before(values["workdir"])
        run(command, **values)


def _results(row, seeds, setting):
    return [
        results_schema.read(setting.folder("results", seed, row.key))
        for seed in seeds
    ]


def _rows():
    """Every row once."""
    rows = [row for table in urfd_rows.TABLES.values() for row in table]
    return list({row.key: row for row in rows}.values())


def _claim(setting, weights):
    """Notes what a workdir is for; refuses to mix two reproductions."""
    annotations = urfd_data.annotations_path(setting.data)
    runs = {run.experiment: run for row in _rows() for run in row.runs}
    ours = {
        "annotations": fingerprints.of_path(annotations),
        "weights": fingerprints.of_path(weights),
        "experiments": {
            name: fingerprints.of_value(
                dataclasses.asdict(setting.experiment(one))
            )
            for name, one in runs.items()
        },
    }
    path = setting.workdir / "reproduction.json"
    claims.claim(
        path,
        ours,
        lambda name, _: (
            f"{path}: was begun with other {name}; choose another --workdir"
        ),
    )


class _Shown:
    """A line before every network, with the time that remains."""

    def __init__(self, setting, seeds):
        runs = {run.key: run for row in _rows() for run in row.runs}
        trained = [
            reproduction.is_trained(
                setting.folder("runs", seed, run.key),
                setting.experiment(run).steps,
            )
            for seed in seeds
            for run in runs.values()
        ]
        self.done = sum(trained)
        self.progress = progress.Progress(
            len(trained), "networks", already=self.done
        )

    def before(self, workdir):
        """Says which network comes next."""
        elapsed = time.monotonic() - self.progress.started
        what = f"{workdir.name}, {workdir.parent.name}"
        self.progress.message(self.progress.line(self.done, elapsed, what))
        self.done += 1


def _draw(setting, seed, run):
    """Draws the best and the worst test video."""
    run(
        "figure",
        results=",".join(
            f"{name}={setting.folder('results', seed, row.key)}"
            for name, row in urfd_rows.FIGURE.items()
        ),
        annotations=urfd_data.annotations_path(setting.data),
        subset=urfd_data.TEST,
        videos=setting.data / "videos",
        best=1,
        worst=1,
        out=setting.workdir / "figure",
    )


def _written(found, seeds, truth, setting):
    """Writes tables.md; returns the same as text."""
    tables = urfd_report.tables(found)
    notes = urfd_report.notes(truth, seeds, setting.data.name)
    path = setting.workdir / "tables.md"
    files.write_text(path, urfd_report.markdown(tables, notes))
    where = [
        f"{path}: the same as Markdown",
        f"{setting.workdir / 'figure.png'}: the best and the worst video",
    ]
    return urfd_report.text(tables, [*notes, *where])
