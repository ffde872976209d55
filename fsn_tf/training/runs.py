"""A training run from files to a workdir."""

import pathlib
import sys
import typing

import fsn_tf
from fsn_tf import annotations as ground_truth
from fsn_tf import errors
from fsn_tf import files
from fsn_tf import fingerprints
from fsn_tf import quietly
from fsn_tf import segments
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import video_labels
from fsn_tf.experiment import Experiment
from fsn_tf.training import hosts
from fsn_tf.training import learnable

if typing.TYPE_CHECKING:
    import tensorflow as tf

    from fsn_tf.training import examples
    from fsn_tf.training import training_sets
    from fsn_tf.training import validation as validations

# Wrong durations make every row odd; the first few tell as much.
_MOST_NOTES = 10

_RANDOM_START = (
    "note: the 2D CNN starts from random weights; the paper's starts from "
    "TSN (--init_from)"
)

Labels: typing.TypeAlias = (
    segments.Annotations | frame_labels.FrameLabels | video_labels.VideoLabels
)


class MakeValidation(typing.Protocol):
    """How a network is measured, given what it learns from."""

    def __call__(
        self, data: "examples.TrainingSet"
    ) -> "validations.Validation":
        """The validation of a training run."""


def train(
    experiment: Experiment,
    *,
    prepared: pathlib.Path | str,
    annotations: pathlib.Path | str,
    workdir: pathlib.Path | str,
    strategy: "tf.distribute.Strategy | str | None" = None,
    background: str | None = None,
    subset: str | None = None,
    mapping: pathlib.Path | str | None = None,
    videos: pathlib.Path | str | None = None,
    logical_cpus: int = 0,
    host_wait_seconds: float = hosts.WAIT_SECONDS,
    validation: MakeValidation | None = None,
) -> None:
    """Trains an experiment into a workdir, or goes on where it stopped.

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
            Several, with commas between them, are learned as classes like any
            other.
        subset: Which videos of an ActivityNet JSON to learn from.
        mapping: MS-TCN's list of classes, see frame_labels.read; annotations
            is then a folder of VIDEO.txt, with a class for every frame.
        videos: With a mapping, MS-TCN's list of the videos to learn from.
        logical_cpus: Cut the CPU into so many devices, to try a strategy.
        host_wait_seconds: For all hosts of "multiworker" to come.
        validation: Gives, of what is learned from, how the network is
            measured meanwhile; None measures nothing.

    Raises:
        InputError: Annotations, prepared videos and experiment do not fit,
            the workdir or another host has another experiment, a snippet file
            is damaged, a host is lost, or the loss is no longer a number.
        OSError: The workdir cannot be written.
    """
    note_random_start(experiment)
    labels = read_labels(
        annotations,
        experiment,
        background=background,
        subset=subset,
        mapping=mapping,
        videos=videos,
    )
    learn(
        experiment,
        labels,
        prepared=prepared,
        workdir=workdir,
        strategy=strategy,
        background=background,
        logical_cpus=logical_cpus,
        host_wait_seconds=host_wait_seconds,
        validation=validation,
        **annotation_facts(annotations),
        **_list_facts(mapping=mapping, videos=videos),
    )


def learn(
    experiment: Experiment,
    labels: Labels,
    *,
    prepared: pathlib.Path | str,
    workdir: pathlib.Path | str,
    strategy: "tf.distribute.Strategy | str | None" = None,
    background: str | None = None,
    logical_cpus: int = 0,
    host_wait_seconds: float = hosts.WAIT_SECONDS,
    validation: MakeValidation | None = None,
    **facts: typing.Any,
) -> None:
    """Trains on labels that were read before; see train.

    Args:
        labels: What read_labels gives, or a part of it.
        **facts: More to keep in experiment.json.
    """
    source = facts.get("annotations", "annotations")
    learnable.check(labels, source)
    files.check_writable(workdir)
    joined = hosts.joined(strategy, experiment, host_wait_seconds)
    with joined as all_hosts:
        # TensorFlow takes seconds to load; most mistakes are found by now.
        strategies = quietly.imported("fsn_tf.training.strategies")
        loop = quietly.imported("fsn_tf.training.loop")
        if strategy is None or isinstance(strategy, str):
            name = strategy or "default"
            strategy = strategies.make(name, logical_cpus=logical_cpus)
        else:
            strategies.check_one_host(strategy)
        data, notes = _joined(prepared, labels, experiment, background, source)
        for note in notes:
            print(f"note: {note}", file=sys.stderr)
        loop.train(
            experiment,
            data,
            workdir,
            strategy,
            validation and validation(data),
            all_hosts,
            version=fsn_tf.__version__,
            **facts,
        )


def note_random_start(experiment: Experiment) -> None:
    """Says so on stderr where the 2D CNN starts from nothing."""
    starts_from_nothing = experiment.stream != "features" and not (
        experiment.init_from
        or experiment.backbone == "tiny"
        or experiment.backbone.startswith("keras_hub:")
    )
    if starts_from_nothing:
        # Easily forgotten, and weeks of training cannot make up for it.
        print(_RANDOM_START, file=sys.stderr)


def read_labels(
    path: pathlib.Path | str,
    experiment: Experiment,
    *,
    background: str | None = None,
    subset: str | None = None,
    mapping: pathlib.Path | str | None = None,
    videos: pathlib.Path | str | None = None,
) -> Labels:
    """Labels of frames, or of times, or of videos, as the network needs."""
    if mapping is not None:
        if experiment.network != "fsn":
            raise errors.UsageError("--mapping needs --network=fsn")
        return frame_labels.read(path, mapping=mapping, videos=videos)
    if videos is not None:
        raise errors.UsageError("--videos needs --mapping")
    is_archive = str(path).lower().endswith(".npz")
    if is_archive and experiment.network == "fsn":
        return frame_labels.read(path)
    if background is not None:
        raise errors.UsageError(
            "--background needs --annotations=FILE.npz or --mapping"
        )
    if experiment.network == "fsn":
        truth = ground_truth.read(path, subset=subset)
        if not truth.instances:
            raise errors.InputError(f"{path}: expected an instance, got none")
        return truth
    return video_labels.read(path, subset=subset)


def _joined(
    prepared: pathlib.Path | str,
    labels: Labels,
    experiment: Experiment,
    background: str | None,
    source: str,
) -> "tuple[training_sets.TrainingSet, list[str]]":
    """(the training set, what is odd about it)."""
    sets = quietly.imported("fsn_tf.training.training_sets")
    if isinstance(labels, frame_labels.FrameLabels):
        data = sets.load_frames(
            prepared, labels, experiment, background=background
        )
        learnable.check_drawn(data, experiment, source)
        return data, []
    if isinstance(labels, video_labels.VideoLabels):
        data = sets.load_videos(prepared, labels, experiment)
        return data, list(labels.notes)
    data = sets.load_windows(prepared, labels, experiment)
    learnable.check_drawn(data, experiment, source)
    odd = ground_truth.check(labels, data.durations_seconds())
    notes = [*labels.notes, *odd[:_MOST_NOTES]]
    if len(odd) > _MOST_NOTES:
        notes.append(f"{len(odd) - _MOST_NOTES} more")
    return data, notes


def annotation_facts(path: pathlib.Path | str) -> dict[str, typing.Any]:
    """What experiment.json keeps of the annotations."""
    path = ground_truth.location(path)
    kept = {"annotations": path.absolute().name}
    # Of a folder of class folders the names are all there is.
    if path.is_file() or any(one.is_file() for one in path.iterdir()):
        kept["annotations_sha256"] = fingerprints.of_path(path)
    return kept


def _list_facts(**lists):
    """What experiment.json keeps of MS-TCN's lists, where there are any."""
    kept = {}
    for name, path in lists.items():
        if path is not None:
            kept[name] = pathlib.Path(path).name
            kept[f"{name}_sha256"] = fingerprints.of_path(pathlib.Path(path))
    return kept
