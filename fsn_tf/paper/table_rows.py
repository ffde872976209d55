"""The rows of the paper's tables, and the training runs behind them."""

import dataclasses
import pathlib

from fsn_tf import experiment as experiments
from fsn_tf.experiment import Experiment
from fsn_tf.snippets import streams


@dataclasses.dataclass(frozen=True)
class Row:
    """One of our rows of a table.

    Attributes:
        method: As the paper calls it.
        runs: Names of the training runs whose scores are fused.
        is_chance: Whether each video's scores are shifted in time, so
            that nothing but chance puts them where the actions are.
    """

    method: str
    runs: tuple[str, ...]
    is_chance: bool = False

    @property
    def key(self) -> str:
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
        Row("WFSN, scores shifted in time", ("wfsn_rgb", "wfsn_flow"), True),
    ),
    4: (
        Row("RGB FSN w/o temporal CNN", ("without_temporal_cnn",)),
        Row("RGB FSN", ("fsn_rgb",)),
    ),
    5: (
        Row("RGB WFSN w GAP", ("wfsn_rgb_average",)),
        Row("RGB WFSN w GMP", ("wfsn_rgb",)),
        Row("RGB WFSN w GMP, scores shifted in time", ("wfsn_rgb",), True),
    ),
}

# What each run sees; where its experiment takes features, they are those of
# the TSN of that stream.
STREAMS = {
    "tsn_rgb": "rgb",
    "tsn_flow": "flow",
    "fsn_rgb": "rgb",
    "fsn_flow": "flow",
    "wfsn_rgb": "rgb",
    "wfsn_flow": "flow",
    "without_temporal_cnn": "rgb",
    "wfsn_rgb_average": "rgb",
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

    def experiment_file(self, run: str) -> pathlib.Path:
        """Path of the experiment of a run."""
        return self.experiments / f"{EXPERIMENTS[self.kind][run]}.py"

    def experiment(self, run: str) -> Experiment:
        """The Experiment of a run, but for its seed and its start."""
        loaded = experiments.load(self.experiment_file(run))
        if self.steps is None:
            return loaded
        return dataclasses.replace(loaded, steps=self.steps)

    def takes_features(self, run: str) -> bool:
        """Whether a run sees features of its TSN instead of images."""
        return self.experiment(run).stream == streams.FEATURES

    def prepared_folder(self, run: str, split: str, seed: int) -> pathlib.Path:
        """What a run learns from or is tested on."""
        if self.takes_features(run):
            folder = self.workdir / "features" / f"seed-{seed}"
            return folder / STREAMS[run] / split
        return self.prepared / split

    def run_folder(self, run: str, seed: int) -> pathlib.Path:
        """Workdir of a run."""
        return self.workdir / "runs" / f"seed-{seed}" / run

    def score_folder(self, run: str, seed: int) -> pathlib.Path:
        """Folder of a run's scores."""
        return self.workdir / "scores" / f"seed-{seed}" / run

    def result_folder(self, row: Row, seed: int) -> pathlib.Path:
        """Folder of a row's results."""
        return self.workdir / "results" / f"seed-{seed}" / row.key
