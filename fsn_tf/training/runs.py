"""A training run from files to a workdir, as `fsn train` does it."""

import os
import pathlib
import sys
import typing

import fsn_tf
from fsn_tf import annotations as ground_truth
from fsn_tf import errors
from fsn_tf import fingerprints
from fsn_tf import quietly
from fsn_tf import segments
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import video_labels
from fsn_tf.experiment import Experiment

if typing.TYPE_CHECKING:
    import tensorflow as tf

    from fsn_tf.training import training_sets

# Wrong durations make every row odd; the first few tell as much.
_MOST_NOTES = 10

_RANDOM_START = (
    "note: the 2D CNN starts from random weights; the paper's starts from "
    "TSN (--init_from)"
)

Labels: typing.TypeAlias = (
    segments.Annotations | frame_labels.FrameLabels | video_labels.VideoLabels
)


def train(
    experiment: Experiment,
    *,
    prepared: pathlib.Path | str,
    annotations: pathlib.Path | str,
    workdir: pathlib.Path | str,
    strategy: "tf.distribute.Strategy | str | None" = None,
    background: str | None = None,
    subset: str | None = None,
    logical_cpus: int = 0,
) -> None:
    """Trains an experiment into a workdir, or goes on where it stopped.

    >>> experiment = fsn_tf.Experiment(
    ...     backbone="tiny", image_size=32, batch_size=2, steps=2
    ... )
    >>> fsn_tf.train(
    ...     experiment,
    ...     prepared="prepared",
    ...     annotations="train.csv",
    ...     workdir="run",
    ... )

    Args:
        experiment: Experiment.
        prepared: Folder that `fsn prepare` made.
        annotations: What annotations.read takes; for FSN also labels of
            frames, an .npz; for TSN and WFSN also labels of whole videos, see
            video_labels.read.
        workdir: Folder; made if it is missing.
        strategy: tf.distribute strategy, or its name, see strategies.make;
            None takes one device.
        background: Class that is no action, where frames are labeled.
        subset: Which videos of an ActivityNet JSON to learn from.
        logical_cpus: Cut the CPU into so many devices, to try a strategy.

    Raises:
        InputError: Annotations, prepared videos and experiment do not fit,
            the workdir belongs to another experiment, a snippet file is
            damaged, or the loss is no longer a number.
        OSError: The workdir cannot be written.
    """
    if _starts_anywhere(experiment):
        # Easily forgotten, and weeks of training cannot make up for it.
        print(_RANDOM_START, file=sys.stderr)
    labels = _labels(
        annotations, experiment, background=background, subset=subset
    )
    _check_writable(pathlib.Path(workdir))
    # TensorFlow takes seconds to load; most mistakes are found by now.
    strategies = quietly.imported("fsn_tf.training.strategies")
    loop = quietly.imported("fsn_tf.training.loop")
    if strategy is None or isinstance(strategy, str):
        name = strategy or "default"
        strategy = strategies.make(name, logical_cpus=logical_cpus)
    data, notes = _joined(prepared, labels, experiment, background)
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    loop.train(
        experiment,
        data,
        workdir,
        strategy,
        version=fsn_tf.__version__,
        **_annotation_facts(pathlib.Path(annotations)),
    )


def _starts_anywhere(experiment):
    return experiment.stream != "features" and not (
        experiment.init_from
        or experiment.backbone == "tiny"
        or experiment.backbone.startswith("keras_hub:")
    )


def _labels(
    path: pathlib.Path | str,
    experiment: Experiment,
    *,
    background: str | None = None,
    subset: str | None = None,
) -> Labels:
    """Labels of frames, or of times, or of videos, as the network needs."""
    is_archive = str(path).lower().endswith(".npz")
    if is_archive and experiment.network == "fsn":
        return frame_labels.read(path)
    if background is not None:
        raise errors.UsageError("--background needs --annotations=FILE.npz")
    if experiment.network == "fsn":
        truth = ground_truth.read(path, subset=subset)
        if not truth.instances:
            raise errors.InputError(f"{path}: expected an instance, got none")
        return truth
    return video_labels.read(path, subset=subset)


def _check_writable(workdir):
    if workdir.exists() and not os.access(workdir, os.W_OK | os.X_OK):
        raise errors.InputError(f"{workdir}: cannot be written to")


def _joined(
    prepared: pathlib.Path | str,
    labels: Labels,
    experiment: Experiment,
    background: str | None,
) -> "tuple[training_sets.TrainingSet, list[str]]":
    """(the training set, what is odd about it)."""
    sets = quietly.imported("fsn_tf.training.training_sets")
    if isinstance(labels, frame_labels.FrameLabels):
        data = sets.load_frames(
            prepared, labels, experiment, background=background
        )
        return data, []
    if isinstance(labels, video_labels.VideoLabels):
        data = sets.load_videos(prepared, labels, experiment)
        return data, list(labels.notes)
    data = sets.load_windows(prepared, labels, experiment)
    odd = ground_truth.check(labels, data.durations_seconds())
    notes = [*labels.notes, *odd[:_MOST_NOTES]]
    if len(odd) > _MOST_NOTES:
        notes.append(f"{len(odd) - _MOST_NOTES} more")
    return data, notes


def _annotation_facts(path):
    """What experiment.json keeps of the annotations."""
    kept = {"annotations": path.absolute().name}
    # Of a folder of class folders the names are all there is.
    if path.is_file() or any(one.is_file() for one in path.iterdir()):
        kept["annotations_sha256"] = fingerprints.of_path(path)
    return kept
