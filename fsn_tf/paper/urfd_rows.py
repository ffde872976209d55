"""UR Fall: the rows of its tables, and the training runs behind them."""

import dataclasses

# Of the streams, in the order of fusion.
STREAMS = ("rgb", "flow")


@dataclasses.dataclass(frozen=True)
class Run:
    """One network, trained on the kept features of one stream.

    Attributes:
        experiment: Name of its experiment file.
        stream: Whose features it sees.
        percent: Share of the training videos that it learns from.
    """

    experiment: str
    stream: str
    percent: int = 100

    @property
    def key(self) -> str:
        """Name of its folder."""
        share = "" if self.percent == 100 else f"-{self.percent}"
        return f"{self.experiment}-{self.stream}{share}"


@dataclasses.dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes:
        name: What the table calls it.
        runs: Whose scores are fused.
        inference: "whole" or "windows", see prediction.
        is_chance: Whether each video's scores are shifted in time.
    """

    name: str
    runs: tuple[Run, ...]
    inference: str = "whole"
    is_chance: bool = False

    @property
    def key(self) -> str:
        """Name of its folder of results."""
        runs = "+".join(run.key for run in self.runs)
        chance = ["chance"] if self.is_chance else []
        return "-".join([runs, self.inference, *chance])


_HEADS = {
    "FSN": "urfd_fsn",
    "1x1 head": "urfd_without_temporal_cnn",
}
_ONLY_ACTION = {
    "FSN": "urfd_fsn_action_windows",
    "1x1 head": "urfd_without_temporal_cnn_action_windows",
}
_POOLINGS = {
    "GMP": "urfd_wfsn",
    "GAP": "urfd_wfsn_average",
    "mean of the larger half": "urfd_wfsn_top_k",
}
_PERCENT = (10, 25, 50, 100)


def _fused(experiment):
    return tuple(Run(experiment, stream) for stream in STREAMS)


def _streams(name, experiment):
    rgb, flow = _fused(experiment)
    return (
        Row(f"{name} RGB", (rgb,)),
        Row(f"{name} Flow", (flow,)),
        Row(f"{name}, both", (rgb, flow)),
    )


def _poolings():
    for name, experiment in _POOLINGS.items():
        runs = (Run(experiment, "rgb"),)
        yield Row(f"WFSN RGB w {name}", runs)
        yield Row(
            f"WFSN RGB w {name}, scores shifted in time", runs, is_chance=True
        )


TABLES = {
    "FSN against the same head without temporal context": tuple(
        row for head in _HEADS.items() for row in _streams(*head)
    ),
    "Whole videos against windows": tuple(
        Row(f"{name}, both, {inference}", _fused(experiment), inference)
        for name, experiment in _HEADS.items()
        for inference in ("whole", "windows")
    ),
    "With and without windows that show no action": tuple(
        Row(f"{name}, both, {what}", _fused(experiments[name]))
        for name in _HEADS
        for what, experiments in (
            ("all windows", _HEADS),
            ("windows with action", _ONLY_ACTION),
        )
    ),
    "Weak supervision against chance": tuple(_poolings()),
    "Learning curve": tuple(
        Row(f"{name} RGB, {percent} %", (Run(experiment, "rgb", percent),))
        for name, experiment in _HEADS.items()
        for percent in _PERCENT
    ),
}

# What the figure shows.
FIGURE = {
    name: Row(name, _fused(experiment)) for name, experiment in _HEADS.items()
}
