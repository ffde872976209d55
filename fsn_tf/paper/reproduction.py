"""What is left to do to reproduce tables of the paper, as commands."""

from collections.abc import Iterable
from collections.abc import Iterator
import dataclasses
import json
import pathlib
from typing import Any

from fsn_tf import claims
from fsn_tf import workdirs
from fsn_tf.errors import InputError
from fsn_tf.paper import table_rows
from fsn_tf.snippets import streams

# (command, {flag: value}) of each.
Commands = Iterator[tuple[str, dict[str, Any]]]

# UCF101's list of what TSN learns from.
_CLIP_LABELS = pathlib.Path("splits", "trainlist01.txt")


def claim(setting: table_rows.Setting) -> None:
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
            for run in table_rows.EXPERIMENTS[setting.kind]
        },
    }
    claim_folder(setting.workdir, ours)


def claim_folder(workdir: pathlib.Path, ours: dict[str, Any]) -> None:
    """Notes what a workdir is for; refuses to mix it with anything else.

    Args:
        workdir: Folder.
        ours: {name: value that JSON can hold}, what must stay the same.

    Raises:
        InputError: The workdir belongs to another reproduction.
    """
    path = workdir / "reproduction.json"
    claims.claim(
        path,
        json.loads(json.dumps(ours)),
        lambda name, _: (
            f"{path}: was begun with other {name}; choose another --workdir"
        ),
    )


def commands(
    rows: Iterable[table_rows.Row], seed: int, setting: table_rows.Setting
) -> Commands:
    """Yields what is left to do, in order.

    Each is looked for when its turn comes, so a run that was stopped goes on
    where it was.

    Args:
        rows: table_rows.Row, of one table or of several.
        seed: Of all training runs.
        setting: table_rows.Setting.
    """
    for row in dict.fromkeys(rows):
        if is_done(row, seed, setting):
            continue
        for run in row.runs:
            yield from scored(run, seed, setting)
        folders = [setting.score_folder(run, seed) for run in row.runs]
        if row.is_chance:
            shifted = [x.with_name(f"{x.name}-shifted") for x in folders]
            for source, out in zip(folders, shifted, strict=True):
                yield "shift", {"scores": source, "out": out, "seed": seed}
            folders = shifted
        yield (
            "evaluate",
            {
                "scores": ",".join(map(str, folders)),
                "annotations": setting.annotations / "annotation_test",
                "out": setting.result_folder(row, seed),
            },
        )


def is_done(
    row: table_rows.Row, seed: int, setting: table_rows.Setting
) -> bool:
    """Whether a row has its results."""
    return (setting.result_folder(row, seed) / "results.json").exists()


def scored(run: str, seed: int, setting: table_rows.Setting) -> Commands:
    """Yields what is left to do until a run has scored the test videos."""
    yield from trained(run, seed, setting)
    stream, out = (
        setting.experiment(run).stream,
        setting.score_folder(run, seed),
    )
    test = setting.prepared_folder(run, "test", seed)
    yield from _with_features(run, "test", seed, setting)
    names = {path.stem for path in (test / stream).glob("[!.]*.json")}
    if not names or not names <= {path.stem for path in out.glob("*.npz")}:
        workdir = setting.run_folder(run, seed)
        yield "predict", {"workdir": workdir, "prepared": test, "out": out}


def trained(run: str, seed: int, setting: table_rows.Setting) -> Commands:
    """Yields what is left to do until a run is trained."""
    workdir, experiment = setting.run_folder(run, seed), setting.experiment(run)
    if is_trained(workdir, experiment.steps):
        return
    values: dict[str, Any] = {"experiment": setting.experiment_file(run)}
    if experiment.network == "tsn":
        split, labels = "training", _CLIP_LABELS
    else:
        split, labels = "validation", pathlib.Path("annotation_val")
    if setting.takes_features(run):
        yield from _with_features(run, split, seed, setting)
    else:
        start = yield from _start(run, seed, setting)
        values |= {"init_from": start} if start else {}
    if setting.steps is not None:
        values["steps"] = setting.steps
    yield (
        "train",
        {
            **values,
            "seed": seed,
            "prepared": setting.prepared_folder(run, split, seed),
            "annotations": setting.annotations / labels,
            "workdir": workdir,
        },
    )


def _start(run, seed, setting):
    """Yields what trains the TSN of a run; returns where it lies, or ""."""
    stream = table_rows.STREAMS[run]
    if stream in setting.weights:
        return setting.weights[stream]
    if run == "tsn_rgb":
        return ""
    # TSN's flow network starts from its RGB one.
    parent = "tsn_rgb" if run == "tsn_flow" else f"tsn_{stream}"
    if not (setting.prepared / "training").is_dir():
        raise InputError(
            f"{setting.prepared / 'training'}: no such folder; prepare UCF101 "
            "there to train TSN, or give --rgb_weights and --flow_weights"
        )
    yield from trained(parent, seed, setting)
    return setting.run_folder(parent, seed)


def _with_features(run, split, seed, setting):
    """Yields what keeps the features of a run's TSN, where it takes them."""
    if not setting.takes_features(run):
        return
    start = yield from _start(run, seed, setting)
    out = setting.prepared_folder(run, split, seed)
    snippets = setting.prepared / split / table_rows.STREAMS[run]
    kept = {path.stem for path in (out / streams.FEATURES).glob("*.json")}
    if not {path.stem for path in snippets.glob("[!.]*.json")} <= kept:
        yield (
            "prepare",
            {
                "stream": streams.FEATURES,
                "workdir": start,
                "prepared": setting.prepared / split,
                "out": out,
            },
        )


def is_trained(workdir: pathlib.Path, steps: int) -> bool:
    """Whether a workdir holds the last checkpoint of that many steps."""
    if not workdirs.experiment_path(workdir).exists():
        return False
    newest = workdirs.latest(workdir)
    return newest is not None and newest.endswith(f"ckpt-{steps}")
