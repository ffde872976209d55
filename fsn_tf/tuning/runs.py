"""A training run with its validation, as `fsn train` does it."""

from collections.abc import Sequence
import functools
import pathlib
from typing import Any

from fsn_tf import quietly
from fsn_tf.errors import UsageError
from fsn_tf.experiment import Experiment
from fsn_tf.training import runs
from fsn_tf.tuning import held_out as validation_sets


def train(
    experiment: Experiment,
    *,
    prepared: pathlib.Path | str,
    annotations: pathlib.Path | str,
    workdir: pathlib.Path | str,
    background: str | None = None,
    mapping: pathlib.Path | str | None = None,
    validation_annotations: pathlib.Path | str | None = None,
    validation_prepared: pathlib.Path | str | None = None,
    validation_subset: str | None = None,
    validation_videos: pathlib.Path | str | None = None,
    validation_steps: int | None = None,
    validation_inference: str | None = None,
    validation_tious: Sequence[float] | None = None,
    best_by: str | None = None,
    **options: Any,
) -> None:
    """Trains an experiment into a workdir, or goes on where it stopped.

    Examples:
        >>> experiment = fsn_tf.Experiment(
        ...     backbone="tiny", image_size=32, batch_size=2, steps=2
        ... )
        >>> fsn_tf.train(
        ...     experiment,
        ...     prepared="prepared",
        ...     annotations="train.csv",
        ...     workdir="run",
        ... )

    With validation_annotations the network scores the videos of these every
    so often, as `predict` would; what that is worth goes to metrics.jsonl,
    and the checkpoint "best" is the best by it.

    Args:
        experiment: Experiment.
        prepared: Folder that `fsn prepare` made.
        annotations: What is learned, see training.runs.train.
        workdir: Folder; made if it is missing.
        background: Class that is no action, where frames are labeled.
        mapping: MS-TCN's list of classes, of these annotations and those of
            the validation.
        validation_annotations: The same of videos that are not learned from;
            None validates nothing.
        validation_prepared: Folder of these videos; `prepared` by default.
        validation_subset: Which videos of an ActivityNet JSON they are.
        validation_videos: With a mapping, MS-TCN's list of them.
        validation_steps: Updates between two validations; as many as between
            checkpoints by default.
        validation_inference: "windows" or "whole"; by default as `predict`.
        validation_tious: Overlaps of segment mAP; by default as `evaluate`.
        best_by: Metric that says which step is the best; by default frame_map
            where frames are scored by times, else accuracy.
        **options: strategy, subset, videos, logical_cpus, host_wait_seconds
            and profile of training.runs.train.

    Raises:
        InputError: Annotations, prepared videos and experiment do not fit,
            the workdir belongs to another experiment, a snippet file is
            damaged, or the loss is no longer a number.
        OSError: The workdir cannot be written.
    """
    validation = None
    rules: dict[str, Any] = {
        "subset": validation_subset,
        "videos": validation_videos,
        "steps": validation_steps,
        "inference": validation_inference,
        "tious": validation_tious,
        "best_by": best_by,
    }
    if validation_annotations is not None:
        chosen = validation_sets.read(
            validation_annotations,
            experiment,
            prepared=validation_prepared or prepared,
            background=background,
            mapping=mapping,
            **rules,
        )
        validation = functools.partial(_validation, chosen, experiment)
    else:
        _check_unasked(experiment, prepared=validation_prepared, **rules)
    runs.train(
        experiment,
        prepared=prepared,
        annotations=annotations,
        workdir=workdir,
        background=background,
        mapping=mapping,
        validation=validation,
        **options,
    )


def _validation(chosen, experiment, data):
    measuring = quietly.imported("fsn_tf.tuning.measuring")
    return measuring.validation(chosen, experiment, data)


def _check_unasked(experiment, *, best_by, **rules):
    """Refuses what has no meaning without a validation."""
    given = {f"validation_{name}": value for name, value in rules.items()}
    given |= {"best_by": best_by, "patience": experiment.patience or None}
    for name, value in given.items():
        if value is not None:
            raise UsageError(f"--{name} needs --validation_annotations")
