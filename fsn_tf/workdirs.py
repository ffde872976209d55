"""The folder of a training run: what lies where, and its experiment.json."""

from collections.abc import Mapping
import dataclasses
import pathlib
from typing import Any

from fsn_tf import files
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment

# Fields of an experiment that may change while a run goes on.
FREE_FIELDS = frozenset(
    ("steps", "keep_checkpoints", "patience", "steps_per_call")
)
# Facts on the data without which weights say nothing.
_SEEN = ("classes", "fps", "frame_size", "flow", "feature_size")


def experiment_path(workdir: pathlib.Path | str) -> pathlib.Path:
    """Where a workdir keeps its experiment."""
    return pathlib.Path(workdir) / "experiment.json"


def checkpoint_folder(workdir: pathlib.Path | str, which: str) -> pathlib.Path:
    """Where the "last" checkpoints or the "best" one lie."""
    return pathlib.Path(workdir) / "checkpoints" / which


def complete(folder: pathlib.Path) -> list[str]:
    """Paths of the complete checkpoints in a folder, the oldest first.

    Found by their files alone: a pointer to the newest, as TensorFlow's
    CheckpointManager keeps, can be damaged or out of date.
    """
    steps = sorted(
        int(path.stem.removeprefix("ckpt-"))
        for path in folder.glob("ckpt-*.index")
        if path.with_name(f"{path.stem}.data-00000-of-00001").exists()
    )
    return [str(folder / f"ckpt-{step}") for step in steps]


def latest(workdir: pathlib.Path | str, which: str = "last") -> str | None:
    """Path of the newest complete checkpoint, or None."""
    paths = complete(checkpoint_folder(workdir, which))
    return paths[-1] if paths else None


def trained_as(
    experiment: Experiment, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """What a checkpoint keeps of how its weights were trained.

    Args:
        experiment: Experiment.
        facts: The other facts of experiment.json.

    Returns:
        A dict that JSON can hold, without what may change while a run goes
        on.
    """
    fields = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in dataclasses.asdict(experiment).items()
        if name not in FREE_FIELDS
    }
    return fields | {name: facts[name] for name in _SEEN if name in facts}


def write_experiment(
    workdir: pathlib.Path | str, experiment: Experiment, **facts: Any
) -> None:
    """Writes the resolved experiment and facts about its run."""
    value = {"experiment": dataclasses.asdict(experiment), **facts}
    files.write_json(experiment_path(workdir), value)


def _check_types(experiment):
    """Raises ValueError on a field of another type than its default."""
    for field in dataclasses.fields(experiment):
        value = getattr(experiment, field.name)
        values, defaults = (value,), (field.default,)
        if isinstance(field.default, tuple) and isinstance(value, tuple):
            # What is empty by default are whole numbers.
            values, defaults = value, field.default or (0,)
        kind = type(defaults[0])
        kinds = (int, float) if kind is float else (kind,)
        if not all(type(one) in kinds for one in values):
            raise ValueError(
                f"{field.name}: expected {kind.__name__}, got {value!r}"
            )


def _check_facts(facts, stream):
    """Raises ValueError on facts that training would not have written."""
    classes = facts["classes"]
    named = isinstance(classes, list) and bool(classes)
    if not named or not all(isinstance(name, str) for name in classes):
        raise ValueError(f"classes: expected names, got {classes!r}")
    if not facts["fps"] > 0:
        raise ValueError(f"fps: expected above 0, got {facts['fps']!r}")
    if stream == "features":
        size = [facts["feature_size"]]
    else:
        size = facts["frame_size"]
        if len(size) != 2:
            raise ValueError(f"frame_size: expected two numbers, got {size!r}")
        if not isinstance(facts["flow"], str):
            raise ValueError(f"flow: expected a name, got {facts['flow']!r}")
    if not all(type(side) is int for side in size):
        raise ValueError(f"expected whole sizes, got {size!r}")


def read_experiment(
    workdir: pathlib.Path | str,
) -> tuple[Experiment, dict[str, Any]]:
    """Reads it back: (Experiment, the other facts as a dict).

    Raises:
        InputError: There is no such file, or it is not of that form.
    """
    path = experiment_path(workdir)
    if not path.is_file():
        raise InputError(
            f"{path}: no such file; expected a folder that fsn train made"
        )
    try:
        facts = files.read_json(path)
        fields = facts.pop("experiment")
        fields = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in fields.items()
        }
        experiment = Experiment(**fields)
        _check_types(experiment)
        _check_facts(facts, experiment.stream)
        return experiment, facts
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        cause = " ".join(str(error).split())
        raise InputError(f"{path}: not an experiment: {cause}") from error
