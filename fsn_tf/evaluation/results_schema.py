"""What results.json holds, in words and in types; its version is results'.

COMMON is in the results of every kind; DETECTION, SEGMENTATION and
CLASSIFICATION are what one kind has besides; MEASURES, what the protocols
multilabel, oad, spotting and phases have; MEANING, the keys of `meaning`,
which is there where it was asked for. All metrics are fractions from 0 to 1,
and null where there is nothing to measure: AP of a class without instances,
or frame mAP where there are no scores. Keys may be added without a new
version; scripts may rely on those that are here.
"""

import typing

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
