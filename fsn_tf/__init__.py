"""Frame Segmentation Networks for temporal action localization.

Examples:
    >>> truth = fsn_tf.read_annotations("test.csv")
    >>> found = fsn_tf.Detections.from_rows(
    ...     [("game", "Diving", 1.0, 2.5, 0.9)], classes=truth.classes
    ... )
    >>> result = fsn_tf.evaluate(found, truth)

Each name is loaded when it is first used, so that importing this package costs
next to nothing, and TensorFlow waits until something is trained or predicted.
"""

import importlib
import typing

if typing.TYPE_CHECKING:
    from fsn_tf.annotations import read as read_annotations
    from fsn_tf.annotations import read_detections
    from fsn_tf.errors import InputError
    from fsn_tf.evaluation import evaluate
    from fsn_tf.experiment import Experiment
    from fsn_tf.exports.model_folders import export
    from fsn_tf.grouping.score_folders import read_folders as read_scores
    from fsn_tf.networks.fsn import build
    from fsn_tf.prediction.prepared_videos import predict
    from fsn_tf.segments import Annotations
    from fsn_tf.segments import Detections
    from fsn_tf.timeline.localizer import Localizer
    from fsn_tf.training.checkpoints import load_network as load
    from fsn_tf.tuning.runs import train

__version__ = "0.2.0"

__all__ = [
    "Annotations",
    "Detections",
    "Experiment",
    "InputError",
    "Localizer",
    "__version__",
    "build",
    "evaluate",
    "export",
    "load",
    "predict",
    "read_annotations",
    "read_detections",
    "read_scores",
    "train",
]

# Where each name lives, and what it is called there.
_HOMES = {
    "Annotations": ("segments", "Annotations"),
    "Detections": ("segments", "Detections"),
    "Experiment": ("experiment", "Experiment"),
    "InputError": ("errors", "InputError"),
    "Localizer": ("timeline.localizer", "Localizer"),
    "build": ("networks.fsn", "build"),
    "evaluate": ("evaluation", "evaluate"),
    "export": ("exports.model_folders", "export"),
    "load": ("training.checkpoints", "load_network"),
    "predict": ("prediction.prepared_videos", "predict"),
    "read_annotations": ("annotations", "read"),
    "read_detections": ("annotations", "read_detections"),
    "read_scores": ("grouping.score_folders", "read_folders"),
    "train": ("tuning.runs", "train"),
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, attribute = _HOMES[name]
    quietly = importlib.import_module("fsn_tf.quietly")
    value = getattr(quietly.loaded(f"fsn_tf.{home}"), attribute)
    # The next time it is found without asking here.
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
