"""model.json: what an exported model says of itself."""

from collections.abc import Sequence
import pathlib
from typing import Any

import tensorflow as tf

import fsn_tf
from fsn_tf.annotations import text_files
from fsn_tf.errors import InputError
from fsn_tf.evaluation import results_schema
from fsn_tf.experiment import Experiment
from fsn_tf.grouping import frame_scores
from fsn_tf.networks import temporal_cnn

# What experiment.json knows of the training data.
_TRAINING = (
    "annotations",
    "annotations_sha256",
    "training_videos",
    "training_examples",
    "init_from_file",
    "init_from_sha256",
)
# What results of any protocol may say of their origin and in figures.
_RESULT = (
    "protocol",
    "videos",
    "frame_map",
    "segment_map",
    "average_map",
    "accuracy",
    "edit",
    "f1",
    "ground_truth_sha256",
    "fsn_tf_version",
)
_PREPROCESSING = {
    "rgb": "every frame of one clip at {fps:g} frames per second, RGB, "
    "resized whole to {width}x{height}; frame {center} of every "
    "{snippet_frames} is looked at, its middle square, {side} pixels wide; "
    "cropping and normalization are inside the model",
    "flow": "of every {snippet_frames} frames at {fps:g} frames per second "
    "five flows ({flow}) at {width}x{height}, x1, y1, ..., x5, y5, as fsn "
    "prepare stores them; cropping and normalization are inside the model",
    "features": "one feature vector of every {snippet_frames} frames at "
    "{fps:g} frames per second",
}


def card(
    workdir: pathlib.Path | str,
    experiment: Experiment,
    facts: dict[str, Any],
) -> dict[str, Any]:
    """What is known about the network of a workdir, as a dict for JSON."""
    return {
        "network": experiment.network,
        "stream": experiment.stream,
        "flow": facts.get("flow", ""),
        "classes": frame_scores.classes_of(
            experiment.network, facts["classes"]
        ),
        "fps": facts["fps"],
        "snippet_frames": experiment.snippet_frames,
        "frame_size": facts.get("frame_size"),
        "feature_size": facts.get("feature_size"),
        "features_from": facts.get("features_from"),
        "image_size": experiment.image_size,
        "preprocessing": _preprocessing(experiment, facts),
        "context_snippets": temporal_cnn.context_snippets(
            experiment.temporal_dilations, experiment.refinement_stages
        ),
        "clip_snippets": experiment.clip_snippets,
        "workdir": pathlib.Path(workdir).name,
        "training": {name: facts.get(name) for name in _TRAINING},
        "fsn_tf": fsn_tf.__version__,
        "versions": facts["versions"],
    }


def _preprocessing(experiment, facts):
    width, height = facts.get("frame_size") or (0, 0)
    return _PREPROCESSING[experiment.stream].format(
        fps=facts["fps"],
        flow=facts.get("flow"),
        width=width,
        height=height,
        side=min(width, height) * 7 // 8,
        center=experiment.snippet_frames // 2,
        snippet_frames=experiment.snippet_frames,
    )


def signature(takes: tf.TensorSpec) -> dict[str, Any]:
    """What the card says of a signature that takes a tf.TensorSpec."""
    return {
        "input": takes.name,
        "shape": takes.shape.as_list(),
        "type": takes.dtype.name,
    }


def result(
    folder: pathlib.Path | str, classes: Sequence[str]
) -> dict[str, Any]:
    """Protocol and figures of what fsn evaluate found.

    Args:
        folder: Folder of results.json.
        classes: K names that the model was trained on.

    Raises:
        InputError: There are no results, or they are of other classes.
    """
    path = pathlib.Path(folder) / "results.json"
    found = results_schema.read(folder)
    known = list(found.get("instances_per_class", classes))
    if sorted(known) != sorted(classes):
        raise InputError(
            f"{path}: is of the classes {text_files.shown(known)}; expected "
            f"those of the model, {text_files.shown(list(classes))}"
        )
    return {name: found[name] for name in _RESULT if name in found}
