"""Whether a run that was begun is the one that is asked for."""

import dataclasses
import pathlib
from typing import Any

from fsn_tf import claims
from fsn_tf import workdirs
from fsn_tf.experiment import Experiment
from fsn_tf.snippets import encoders
from fsn_tf.training import initialization

# What may change while a run goes on; runs of earlier versions lack some.
_FREE = workdirs.FREE_FIELDS | {
    "versions",
    "version",
    "annotations",
    "annotations_sha256",
}


def start(experiment: Experiment, workdir: pathlib.Path) -> dict[str, Any]:
    """Facts on the start; a run that has begun no longer needs its files."""
    path = workdirs.experiment_path(workdir)
    if not (path.exists() and workdirs.latest(workdir)):
        return initialization.facts(experiment)
    _, known = workdirs.read_experiment(workdir)
    return {name: known[name] for name in initialization.FACTS if name in known}


def check_same(
    path: pathlib.Path, experiment: Experiment, facts: dict[str, Any]
) -> None:
    """Refuses to go on with anything but more steps.

    Args:
        path: Of the workdir's experiment.json.
        experiment: Experiment that is asked for.
        facts: What experiment.json would keep beside it; None for what it
            must not have.

    Raises:
        InputError: The run was begun as another one.
    """
    before, known = workdirs.read_experiment(path.parent)
    old = {**dataclasses.asdict(before), **known}
    new = {**dataclasses.asdict(experiment), **encoders.agreed(known, facts)}
    # How the rate goes down is a matter of all steps.
    bound = {"steps"} if experiment.learning_rate_decay != "none" else set()
    free = _FREE - bound
    claims.check_same(
        old,
        {name: value for name, value in new.items() if name not in free},
        lambda name: (
            f"{path.parent}: was trained with {name} {old.get(name)!r}, "
            f"not {new[name]!r}; choose another --workdir"
        ),
    )
