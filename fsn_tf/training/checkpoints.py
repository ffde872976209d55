"""Weights and training state on the disk, in a workdir."""

import dataclasses
import pathlib
import shutil
from typing import Any
from typing import NamedTuple

import keras
import tensorflow as tf

from fsn_tf import quietly
from fsn_tf import workdirs
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.training import checkpoint_facts


def write(
    checkpoint: tf.train.Checkpoint,
    folder: pathlib.Path,
    step: int,
    *,
    keep: int,
) -> None:
    """Writes FOLDER/ckpt-STEP and deletes all but the newest `keep`.

    Raises:
        OSError: It cannot be written; the others stay as they are.
    """
    path = folder / f"ckpt-{step}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        checkpoint.write(str(path))
    except tf.errors.OpError as error:
        remove_half_written(folder)
        raise OSError(
            f"{folder}: no checkpoint written: {quietly.reason(error)}"
        ) from error
    for old in workdirs.complete(folder)[:-keep]:
        for part in folder.glob(f"{pathlib.Path(old).name}.*"):
            part.unlink()


def remove_half_written(folder: pathlib.Path) -> None:
    """Deletes what a killed or failed `write` left."""
    for partial in folder.glob("*_temp"):
        shutil.rmtree(partial, ignore_errors=True)


def state(network: keras.Model) -> dict[str, tf.Variable]:
    """{path: variable} of everything that makes up a network's state.

    Seeds of random layers count in.
    """
    by_path = {variable.path: variable.value for variable in network.variables}
    if len(by_path) != len(network.variables):
        raise ValueError(f"{network.name}: two variables share a name")
    return by_path


def weights(network: keras.Model) -> tf.train.Checkpoint:
    """A network's state as something to save.

    tf.train.Checkpoint would pass some of it over on a Keras model.
    """
    return tf.train.Checkpoint(weights=state(network))


class Loaded(NamedTuple):
    """What a workdir holds.

    Attributes:
        network: keras.Model in the precision asked for, see fsn.build.
        experiment: Experiment that it was trained as.
        facts: The other entries of experiment.json, such as `classes`.
    """

    network: keras.Model
    experiment: Experiment
    facts: dict[str, Any]


def load_network(
    workdir: pathlib.Path | str,
    *,
    which: str = "last",
    precision: str = "float32",
) -> Loaded:
    """The trained network of a workdir, for prediction.

    Examples:
        >>> network, experiment, facts = fsn_tf.load("run")
        >>> network.output_shape[-1], experiment.network, facts["classes"]
        (3, 'fsn', ['a', 'b'])

    Args:
        workdir: Folder that training made.
        which: "last" or "best" checkpoint.
        precision: One of precisions.PRECISIONS; weights are float32 in both.

    Returns:
        Loaded, which is (network, experiment, facts).

    Raises:
        InputError: The workdir is missing or holds no checkpoint.
    """
    experiment, facts = workdirs.read_experiment(workdir)
    newest = workdirs.latest(workdir, which)
    if newest is None:
        folder = workdirs.checkpoint_folder(workdir, which)
        raise InputError(
            f"{folder}: holds no whole checkpoint; train before predicting"
        )
    checkpoint_facts.check(newest, workdirs.trained_as(experiment, facts))
    network = for_prediction(experiment, facts, precision)
    restore(tf.train.Checkpoint(network=weights(network)), newest)
    return Loaded(network, experiment, facts)


def for_prediction(
    experiment: Experiment, facts: dict[str, Any], precision: str = "float32"
) -> keras.Model:
    """The network of a workdir as it predicts, without its weights.

    Args:
        experiment: Experiment.
        facts: `classes`, and where features are given `feature_size`.
        precision: One of precisions.PRECISIONS, whatever it was trained in.
    """
    # Checkpoints have the weights; computing in float32 costs no accuracy.
    asked = dataclasses.replace(
        experiment, mixed_precision=precision == "bfloat16"
    )
    return fsn.build(
        asked, len(facts["classes"]), feature_size=facts.get("feature_size")
    )


def load_frame_network(
    workdir: pathlib.Path | str,
    *,
    which: str = "last",
    precision: str = "float32",
) -> Loaded:
    """The trained network of a workdir, where it scores frames.

    Args:
        workdir: Folder that training made.
        which, precision: As for load_network.

    Returns:
        (network, experiment, facts), see load_network.

    Raises:
        InputError: The workdir is missing, holds no checkpoint, or holds a
            TSN.
    """
    trained = load_network(workdir, which=which, precision=precision)
    if trained.experiment.network == "tsn":
        raise InputError(
            f"{workdir}: holds a TSN, which scores whole videos; expected an "
            "FSN or WFSN"
        )
    return trained


def restore(checkpoint: tf.train.Checkpoint, path: str) -> None:
    """Restores every object of `checkpoint`.

    Raises:
        InputError: The file does not hold all of them.
    """
    try:
        # What else the file holds, such as the optimizer, may stay there.
        status = checkpoint.read(path).expect_partial()
        status.assert_existing_objects_matched()
    except checkpoint_facts.UNREADABLE as error:
        raise checkpoint_facts.unreadable(path, error) from error
