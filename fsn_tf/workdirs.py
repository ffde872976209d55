"""What lies where in the folder of a training run."""

import pathlib


def experiment_path(workdir):
    """Where a workdir keeps its experiment."""
    return pathlib.Path(workdir) / "experiment.json"


def checkpoint_folder(workdir, which):
    """Where the "last" checkpoints or the "best" one lie."""
    return pathlib.Path(workdir) / "checkpoints" / which


def complete(folder):
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


def latest(workdir, which="last"):
    """Path of the newest complete checkpoint, or None."""
    return ([None] + complete(checkpoint_folder(workdir, which)))[-1]
