"""Where training starts from: TSN before FSN (Section 3.5)."""

import pathlib
from typing import Any

import keras

from fsn_tf import fingerprints
from fsn_tf import workdirs
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.networks import backbones
from fsn_tf.networks import fsn
from fsn_tf.snippets import streams
from fsn_tf.training import checkpoints

# Names of what `facts` returns.
FACTS = ("init_from_file", "init_from_sha256")


def build(
    experiment: Experiment,
    num_classes: int,
    feature_size: int | None = None,
) -> keras.Model:
    """The network of an experiment with its starting weights.

    Args:
        experiment: Experiment; `init_from` says where the 2D CNN's weights
            come from, a weights file or a workdir.
        num_classes: K.
        feature_size: As for fsn.build.

    Returns:
        keras.Model, see fsn.build.

    Raises:
        InputError: There is nothing to start from, or it does not fit.
    """
    start = experiment.init_from
    if experiment.stream == streams.FEATURES:
        if start:
            raise InputError(
                f"init_from: {start}: features have no 2D CNN to start; leave "
                "it empty"
            )
        return fsn.build(experiment, num_classes, feature_size=feature_size)
    if not _is_workdir(start):
        return fsn.build(experiment, num_classes, weights=start)
    network = fsn.build(experiment, num_classes)
    trained, other, _ = checkpoints.load_network(start)
    if other.backbone != experiment.backbone:
        raise InputError(
            f"init_from: {start} was trained with --backbone={other.backbone}, "
            f"not {experiment.backbone}"
        )
    backbones.copy_weights(fsn.backbone(trained), fsn.backbone(network))
    return network


def facts(experiment: Experiment) -> dict[str, Any]:
    """What experiment.json keeps of the start: which file, and its SHA-256."""
    start = experiment.init_from
    if start in ("", "imagenet"):
        return {}
    path = start
    if _is_workdir(start):
        newest = workdirs.latest(start)
        if newest is None:
            raise InputError(
                f"init_from: {start}: holds no whole checkpoint; train it first"
            )
        path = f"{newest}.data-00000-of-00001"
    if not pathlib.Path(path).is_file():
        raise InputError(
            f"init_from: {start}: no such file or workdir; expected a weights "
            "file (see fsn import-weights) or what fsn train made"
        )
    values = str(path), fingerprints.of_path(path)
    return dict(zip(FACTS, values, strict=True))


def _is_workdir(start):
    return start != "" and workdirs.experiment_path(start).is_file()
