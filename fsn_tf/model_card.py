"""model.json: what an exported model says of itself."""

import json
import pathlib

import fsn_tf
from fsn_tf import scores
from fsn_tf import temporal_cnn
from fsn_tf.errors import InputError

NAME = "model.json"
_NUMBERS = ("fps", "snippet_frames", "clip_snippets", "context_snippets")


def card(workdir, experiment, facts):
    """What is known about the network of a workdir, as a dict for JSON."""
    return {
        "format": "fsn_tf SavedModel",
        "network": experiment.network,
        "stream": experiment.stream,
        "flow": facts.get("flow", ""),
        "classes": scores.classes_of(experiment.network, facts["classes"]),
        "fps": facts["fps"],
        "snippet_frames": experiment.snippet_frames,
        "frame_size": facts.get("frame_size"),
        "feature_size": facts.get("feature_size"),
        "features_from": facts.get("features_from"),
        "image_size": experiment.image_size,
        "context_snippets": temporal_cnn.context_snippets(
            experiment.temporal_dilations
        ),
        "clip_snippets": experiment.clip_snippets,
        "workdir": pathlib.Path(workdir).name,
        "training_videos": facts["training_videos"],
        "fsn_tf": fsn_tf.__version__,
        "versions": facts["versions"],
    }


def read(folder):
    """Reads and checks the card of an exported model.

    Raises:
        InputError: It is not whole.
    """
    path = pathlib.Path(folder) / NAME
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        sizes = value["frame_size"] or [value["feature_size"]] * 2
        numbers = [value[name] for name in _NUMBERS] + sizes
        classes, stream = value["classes"], value["stream"]
        whole = isinstance(stream, str) and len(sizes) == 2 and len(classes) > 1
        whole &= all(isinstance(name, str) for name in classes)
        whole &= all(number > 0 for number in numbers)
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise InputError(f"{path}: is not whole; export the model again")
    return value
