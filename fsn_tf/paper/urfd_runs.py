"""UR Fall, pixels to mAP: what is missing of its tables, done in order."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
import dataclasses
import pathlib
import time
from typing import Any

from fsn_tf import claims
from fsn_tf import experiment as experiments
from fsn_tf import files
from fsn_tf import fingerprints
from fsn_tf import progress
from fsn_tf.errors import InputError
from fsn_tf.evaluation import chance
from fsn_tf.experiment import Experiment
from fsn_tf.paper import reproduction
from fsn_tf.paper import urfd_data
from fsn_tf.paper import urfd_report
from fsn_tf.paper import urfd_rows
from fsn_tf.reports import report

# (command, **flags) -> None
RunCommand = Callable[..., None]


@dataclasses.dataclass(frozen=True)
class Setting:
    """Where everything lies.

    Attributes:
        data: Folder with videos/ and annotations.json.
        workdir: Folder for features, runs, scores and results.
        experiments: Folder of the experiment files.
        steps: Training steps instead of those of the experiments, or None.
    """

    data: pathlib.Path
    workdir: pathlib.Path
    experiments: pathlib.Path
    steps: int | None = None

    def experiment_file(self, run: urfd_rows.Run) -> pathlib.Path:
        """Path of the experiment of a run."""
        return self.experiments / f"{run.experiment}.py"

    def experiment(self, run: urfd_rows.Run) -> Experiment:
        """The Experiment of a run, but for its seed."""
        loaded = experiments.load(self.experiment_file(run))
        if self.steps is None:
            return loaded
        return dataclasses.replace(loaded, steps=self.steps)

    def folder(self, kind: str, seed: int, key: str) -> pathlib.Path:
        """Folder of "runs", "scores" or "results" of something."""
        return self.workdir / kind / f"seed-{seed}" / key


def results(
    setting: Setting,
    weights: pathlib.Path | str,
    seeds: Sequence[int],
    run: RunCommand,
) -> str:
    """Does what is missing of the tables; writes them, and gives their text.

    Args:
        setting: Setting.
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
                _do(commands(row, seed, setting, tested), seed, run, shown)
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
        report.read(setting.folder("results", seed, row.key)) for seed in seeds
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


def commands(
    row: urfd_rows.Row, seed: int, setting: Setting, tested: pathlib.Path
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields what is left to do for a row, as (command, {flag: value}).

    Each is looked for when its turn comes, so a run that was stopped goes on
    where it was.

    Args:
        row: urfd_rows.Row.
        seed: Of all its training runs.
        setting: Setting.
        tested: File of the names of the test videos.
    """
    out = setting.folder("results", seed, row.key)
    if (out / "results.json").exists():
        return
    folders = []
    for run in row.runs:
        yield from _trained(run, seed, setting)
        scores = f"{run.key}-{row.inference}"
        folder = setting.folder("scores", seed, scores)
        # Videos that are scored already cost nothing.
        yield (
            "predict",
            {
                "workdir": setting.folder("runs", seed, run.key),
                "prepared": urfd_data.feature_folder(
                    setting.workdir, run.stream
                ),
                "videos": tested,
                "inference": row.inference,
                "out": folder,
            },
        )
        if row.is_chance:
            shifted = folder.with_name(f"{folder.name}-shifted")
            yield "shift", {"scores": folder, "out": shifted}
            folder = shifted
        folders.append(folder)
    yield (
        "evaluate",
        {
            "scores": ",".join(map(str, folders)),
            "annotations": urfd_data.annotations_path(setting.data),
            "subset": urfd_data.TEST,
            "out": out,
        },
    )


def _trained(run, seed, setting):
    workdir = setting.folder("runs", seed, run.key)
    if reproduction.is_trained(workdir, setting.experiment(run).steps):
        return
    annotations = urfd_data.annotations_path(setting.data)
    if run.percent < 100:
        annotations = urfd_data.write_part(
            setting.data, setting.workdir / "parts", run.percent, seed
        )
    steps = {} if setting.steps is None else {"steps": setting.steps}
    yield (
        "train",
        {
            "experiment": setting.experiment_file(run),
            **steps,
            "seed": seed,
            "prepared": urfd_data.feature_folder(setting.workdir, run.stream),
            "annotations": annotations,
            "subset": urfd_data.TRAINING,
            "workdir": workdir,
        },
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
