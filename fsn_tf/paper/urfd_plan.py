"""UR Fall: where everything lies, and what is left to do for a row."""

from collections.abc import Iterator
import dataclasses
import pathlib
from typing import Any

from fsn_tf import experiment as experiments
from fsn_tf.experiment import Experiment
from fsn_tf.paper import reproduction
from fsn_tf.paper import urfd_data
from fsn_tf.paper import urfd_rows


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
