"""What results.json holds, in words and in types; its version is results'.

COMMON is in the results of every kind; DETECTION, SEGMENTATION and
CLASSIFICATION are what one kind has besides; MEASURES, what the protocols
multilabel, oad, spotting and phases have; MEANING, the keys of `meaning`,
which is there where it was asked for. All metrics are fractions from 0 to 1,
and null where there is nothing to measure: AP of a class without instances,
or frame mAP where there are no scores. Keys may be added without a new
version; scripts may rely on those that are here.
"""

import math
import pathlib
import types
import typing

from fsn_tf import errors
from fsn_tf.annotations import text_files
from fsn_tf.evaluation import protocols

# A tIoU as text, such as "0.5"; in F1@k in percent, such as "50".
Tiou = str

# {key: (type, meaning)}.
Keys = dict[str, tuple[typing.Any, str]]

COMMON: Keys = {
    "version": (int, "Of this schema."),
    "protocol": (str, "The value of --protocol."),
    "videos": (int, "How many videos were evaluated."),
    "options": (dict, "Settings and files, as they were given."),
    "notes": (list[str], "What is odd, or was left out."),
    "video_names": (list[str], "The videos, in the order of the evaluation."),
    "origins": (dict[str, dict], "What fsn predict noted in score folders."),
    "sha256": (dict[str, str], "Fingerprint of each file or folder read."),
    "ground_truth_sha256": (str, "Fingerprint of what is annotated."),
    "fsn_tf_version": (str, "Of the program."),
}

DETECTION: Keys = {
    "instances": (int, "How many are annotated."),
    "instances_per_class": (
        dict[str, int],
        "How many of each class.",
    ),
    "segment_map": (dict[Tiou, float | None], "Segment mAP."),
    "segment_ap": (
        dict[Tiou, dict[str, float | None]],
        "AP of the segments of each class.",
    ),
    "average_map": (float | None, "Mean of segment_map."),
    "frames": (int | None, "How many frames there are."),
    "frame_map": (float | None, "Frame mAP."),
    "frame_ap": (
        dict[str, float | None] | None,
        "AP of the frames of each class.",
    ),
    "detections": (int, "How many detections are in detections.json."),
    "detections_tiou": (float, "The tIoU that these were suppressed for."),
}

# Besides, where scores were grouped at one threshold for each class.
DETECTION_LIST: Keys = {
    "segment_f1": (
        dict[str, typing.Any],
        "tiou; mean_f1 over classes; precision, recall, f1, right, found and "
        "instances of all segments, and of each class in per_class.",
    ),
}

SEGMENTATION: Keys = {
    "frames": (int, "How many frames there are."),
    "accuracy": (float, "Share of right frames, mean over the videos."),
    "edit": (float, "Edit score, mean over the videos."),
    "f1": (dict[Tiou, float], "F1@k, mean over the videos."),
    "micro_accuracy": (float, "Accuracy of all frames together."),
    "micro_f1": (dict[Tiou, float], "F1@k of all segments together."),
    "per_video": (dict[str, dict], "frames, accuracy, edit and f1 of each."),
}

CLASSIFICATION: Keys = {
    "classes": (int, "How many classes there are."),
    "top1": (float, "Share of right videos."),
    "top5": (float | None, "Share with a right class among the five best."),
    "mean_class_accuracy": (float, "Mean of the accuracy of each class."),
    "per_class": (dict[str, dict], "videos of each class, and accuracy."),
    "per_video": (dict[str, dict], "found in each, and whether it is right."),
}


MEASURES: Keys = {
    "measures": (dict[str, float | None], "By name, of everything."),
    "deviations": (dict[str, float | None], "Their s.d. over the videos."),
    "per_class": (dict[str, dict], "The measures of each class."),
    "per_video": (dict[str, dict], "The measures of each video."),
}

MEANING: Keys = {
    "chance": (
        dict[str, dict[str, float | None]],
        "What chance alone reaches, by row and figure.",
    ),
    "intervals": (
        dict[str, list[float] | None],
        "95 % of each figure, videos drawn again.",
    ),
    "num_resamples": (int, "How often they were drawn."),
    "seed": (int, "Of the draws and of chance."),
    "worst_videos": (list[dict], "video, figure, value; the worst first."),
}
# Of MEANING, where the protocol has them.
MEANING_OF_SOME: Keys = {
    "boundaries": (dict, "fps; starts and ends, see boundary_errors."),
    "calibration": (dict, "ece, brier, bins and more, see calibration."),
}


def keys(protocol: str) -> Keys:
    """All keys of the results of a protocol."""
    kinds = {
        protocols.SEGMENTATION: SEGMENTATION,
        protocols.CLASSIFICATION: CLASSIFICATION,
        protocols.MULTILABEL: MEASURES,
        protocols.OAD: MEASURES,
        protocols.SPOTTING: MEASURES,
        protocols.PHASES: MEASURES,
    }
    return COMMON | kinds.get(protocol, DETECTION)


# What per_video has of each, where there is one: {key: type}.
_OF_VIDEO: dict[str, dict[str, typing.Any]] = {
    protocols.SEGMENTATION: {
        "accuracy": float,
        "edit": float,
        "f1": dict[Tiou, float],
    },
    protocols.CLASSIFICATION: {"right": bool},
}


def read(folder: pathlib.Path | str) -> dict[str, typing.Any]:
    """The results.json of a folder that fsn evaluate left.

    Raises:
        InputError: It is missing, or not what this module says.
    """
    path = pathlib.Path(folder) / "results.json"
    found = text_files.json_value(path)
    if not isinstance(found, dict) or not isinstance(
        found.get("protocol"), str
    ):
        raise errors.InputError(
            f"{path}: expected results of fsn evaluate, got "
            f"{text_files.shown(found)}"
        )
    for name, (kind, _) in keys(found["protocol"]).items():
        if name in found and not fits(found[name], kind):
            raise _mistake(path, name, kind, found[name])
    of_video = _OF_VIDEO.get(found["protocol"], {})
    for video, row in found.get("per_video", {}).items():
        for name, kind in of_video.items():
            if not fits(row.get(name), kind):
                raise _mistake(path, f"{name} of {video!r}", kind, row)
    return found


def _mistake(path, name, kind, value):
    expected = kind.__name__ if isinstance(kind, type) else str(kind)
    return text_files.mistake(
        path, f"{name} of the type {expected} (evaluate again)", value
    )


def fits(value: object, kind: typing.Any) -> bool:
    """Whether a value from JSON is of a type of the schema."""
    inside = typing.get_args(kind)
    if isinstance(kind, types.UnionType):
        return any(fits(value, one) for one in inside)
    if kind is types.NoneType:
        return value is None
    if kind is float:
        return type(value) is int or (
            type(value) is float and math.isfinite(value)
        )
    if isinstance(value, dict) and typing.get_origin(kind) is dict:
        return all(
            fits(key, inside[0]) and fits(one, inside[1])
            for key, one in value.items()
        )
    if isinstance(value, list) and typing.get_origin(kind) is list:
        return all(fits(one, inside[0]) for one in value)
    return type(value) is kind
