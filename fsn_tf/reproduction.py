"""What it takes to reproduce the paper's tables: runs, rows, commands."""

import dataclasses
import json
import pathlib

from fsn_tf import experiment as experiments
from fsn_tf import files
from fsn_tf import workdirs
from fsn_tf.errors import InputError


@dataclasses.dataclass(frozen=True)
class Row:
    """One of our rows of a table.

    Attributes:
        method: As the paper calls it.
        runs: Names of the training runs whose scores are fused.
        is_chance: Whether each video's scores are turned round in time, so
            that nothing but chance puts them where the actions are.
    """

    method: str
    runs: tuple[str, ...]
    is_chance: bool = False

    @property
    def key(self):
        """Name of its folder of results."""
        chance = ["chance"] if self.is_chance else []
        return "+".join([*self.runs, *chance])


_TWO_STREAM = (
    Row("FSN RGB", ("fsn_rgb",)),
    Row("FSN Flow", ("fsn_flow",)),
    Row("FSN", ("fsn_rgb", "fsn_flow")),
)
ROWS = {
    1: _TWO_STREAM,
    2: _TWO_STREAM,
    3: (
        Row("WFSN", ("wfsn_rgb", "wfsn_flow")),
        Row("WFSN, turned in time", ("wfsn_rgb", "wfsn_flow"), True),
    ),
    4: (
        Row("RGB FSN w/o temporal CNN", ("without_temporal_cnn",)),
        Row("RGB FSN", ("fsn_rgb",)),
    ),
    5: (
        Row("RGB WFSN w GAP", ("wfsn_rgb_average",)),
        Row("RGB WFSN w GMP", ("wfsn_rgb",)),
        Row("RGB WFSN w GMP, turned in time", ("wfsn_rgb",), True),
    ),
}

# Which experiment files the runs are, on THUMOS'14 and on the benchmark.
EXPERIMENTS = {
    "thumos14": {
        "tsn_rgb": "tsn_rgb",
        "tsn_flow": "tsn_flow",
        "fsn_rgb": "table1_fsn_rgb",
        "fsn_flow": "table1_fsn_flow",
        "wfsn_rgb": "table3_wfsn_rgb",
        "wfsn_flow": "table3_wfsn_flow",
        "without_temporal_cnn": "table4_without_temporal_cnn",
        "wfsn_rgb_average": "table5_wfsn_rgb_average",
    },
    "demo": {
        "tsn_rgb": "demo_tsn_rgb",
        "tsn_flow": "demo_tsn_flow",
        "fsn_rgb": "demo",
        "fsn_flow": "demo_fsn_flow",
        "wfsn_rgb": "demo_wfsn_rgb",
        "wfsn_flow": "demo_wfsn_flow",
        "without_temporal_cnn": "demo_without_temporal_cnn",
        "wfsn_rgb_average": "demo_wfsn_rgb_average",
    },
}


@dataclasses.dataclass(frozen=True)
class Setting:
    """Where everything lies.

    Attributes:
        prepared: Folder with validation/ and test/ of both streams, and
            training/ where TSN is trained too.
        annotations: Folder with annotation_val/ and annotation_test/, and
            splits/trainlist01.txt, the labels of training/.
        workdir: Folder for runs, scores and results.
        experiments: Folder of the experiment files.
        kind: Key of EXPERIMENTS.
        weights: {stream: weights of a trained TSN}; a stream without is
            trained from training/.
        steps: Training steps instead of those of the experiments, or None.
    """

    prepared: pathlib.Path
    annotations: pathlib.Path
    workdir: pathlib.Path
    experiments: pathlib.Path
    kind: str
    weights: dict[str, str]
    steps: int | None = None

    def experiment_file(self, run):
        """Path of the experiment of a run."""
        return self.experiments / f"{EXPERIMENTS[self.kind][run]}.py"

    def experiment(self, run):
        """The Experiment of a run, but for its seed and its start."""
        loaded = experiments.load(self.experiment_file(run))
        if self.steps is None:
            return loaded
        return dataclasses.replace(loaded, steps=self.steps)

    def start(self, run, seed):
        """What the 2D CNN of a run starts from, for --init_from."""
        stream = self.experiment(run).stream
        if stream in self.weights:
            return self.weights[stream]
        if run == "tsn_rgb":
            return ""
        # TSN's flow network starts from its RGB one.
        parent = "tsn_rgb" if run == "tsn_flow" else f"tsn_{stream}"
        return self.run_folder(parent, seed)

    def run_folder(self, run, seed):
        """Workdir of a run."""
        return self.workdir / "runs" / f"seed-{seed}" / run

    def score_folder(self, run, seed):
        """Folder of a run's scores."""
        return self.workdir / "scores" / f"seed-{seed}" / run

    def result_folder(self, row, seed):
        """Folder of a row's results."""
        return self.workdir / "results" / f"seed-{seed}" / row.key


def claim(setting):
    """Notes what a workdir is for; refuses to mix two reproductions.

    Raises:
        InputError: The workdir belongs to another one.
    """
    ours = {
        "prepared": str(setting.prepared),
        "annotations": str(setting.annotations),
        "weights": setting.weights,
        "experiments": {
            run: dataclasses.asdict(setting.experiment(run))
            for run in EXPERIMENTS[setting.kind]
        },
    }
    ours = json.loads(json.dumps(ours))
    path = setting.workdir / "reproduction.json"
    if path.exists():
        try:
            theirs = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            theirs = {}
        for name, value in ours.items():
            if theirs.get(name) != value:
                raise InputError(
                    f"{path}: was begun with other {name}; choose another "
                    "--workdir"
                )
    else:
        files.write_json(path, ours)


def commands(rows, seed, setting):
    """Yields what is left to do, as (command, {flag: value}), in order.

    Each is looked for when its turn comes, so a run that was stopped goes on
    where it was.

    Args:
        rows: Rows, of one table or of several.
        seed: Of all training runs.
        setting: Setting.
    """
    for row in dict.fromkeys(rows):
        results = setting.result_folder(row, seed)
        if (results / "results.json").exists():
            continue
        for run in row.runs:
            yield from _scored(run, seed, setting)
        folders = [setting.score_folder(run, seed) for run in row.runs]
        if row.is_chance:
            turned = [f"{folder}-turned" for folder in folders]
            for source, out in zip(folders, turned, strict=True):
                yield "turn", {"scores": source, "out": out, "seed": seed}
            folders = turned
        yield (
            "evaluate",
            {
                "scores": ",".join(map(str, folders)),
                "annotations": setting.annotations / "annotation_test",
                "out": results,
            },
        )


def _scored(run, seed, setting):
    yield from _trained(run, seed, setting)
    experiment, out = setting.experiment(run), setting.score_folder(run, seed)
    test = setting.prepared / "test"
    names = {
        path.stem for path in (test / experiment.stream).glob("[!.]*.json")
    }
    if not names or not names <= {path.stem for path in out.glob("*.npz")}:
        workdir = setting.run_folder(run, seed)
        yield "predict", {"workdir": workdir, "prepared": test, "out": out}


def _trained(run, seed, setting):
    workdir = setting.run_folder(run, seed)
    experiment = setting.experiment(run)
    if _is_trained(workdir, experiment.steps):
        return
    start = setting.start(run, seed)
    if start and start not in setting.weights.values():
        yield from _trained(start.name, seed, setting)
    is_tsn = experiment.network == "tsn"
    split, labels = "validation", setting.annotations / "annotation_val"
    if is_tsn:
        split = "training"
        labels = setting.annotations / "splits" / "trainlist01.txt"
        if not (setting.prepared / split).is_dir():
            raise InputError(
                f"{setting.prepared / split}: no such folder; prepare UCF101 "
                "there to train TSN, or give --rgb_weights and --flow_weights"
            )
    values = {
        "experiment": setting.experiment_file(run),
        "prepared": setting.prepared / split,
        "annotations": labels,
        "workdir": workdir,
        "seed": seed,
    }
    if start:
        values["init_from"] = start
    if setting.steps is not None:
        values["steps"] = setting.steps
    yield "train", values


def _is_trained(workdir, steps):
    if not workdirs.experiment_path(workdir).exists():
        return False
    newest = workdirs.latest(workdir)
    return newest is not None and newest.endswith(f"ckpt-{steps}")
