"""experiment.json of a workdir: the experiment and facts about its run."""

import dataclasses
import json
import pathlib

from fsn_tf import files
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment


def write(path, experiment, **facts):
    """Writes the resolved experiment and facts about the run as JSON."""
    value = {"experiment": dataclasses.asdict(experiment), **facts}
    files.write_json(path, value)


def _check_facts(facts, stream):
    """Raises ValueError on facts that training would not have written."""
    classes = facts["classes"]
    if not classes or not all(isinstance(name, str) for name in classes):
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


def read(path):
    """Reads what `write` wrote: (Experiment, the other facts as a dict).

    Raises:
        InputError: There is no such file, or it is not of that form.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise InputError(
            f"{path}: no such file; expected a folder that fsn train made"
        )
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        fields = facts.pop("experiment")
        fields = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in fields.items()
        }
        experiment = Experiment(**fields)
        _check_facts(facts, experiment.stream)
        return experiment, facts
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: not an experiment: {error}") from error
