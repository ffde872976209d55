r"""Compares frame scores, or detections, with ground truth.

    fsn evaluate --scores=SCORES/rgb,SCORES/flow --fusion_weights=1,1 \
        --annotations=annotation_test --out=RESULTS

    fsn evaluate --detections=FILE --nms=false --annotations=annotation_test \
        --out=RESULTS

Writes detections.json, results.json, report.md and per_class.csv.
"""

import math

from absl import flags

from fsn_tf import errors
from fsn_tf import evaluation
from fsn_tf import localization
from fsn_tf import metrics
from fsn_tf import report

FLAGS = flags.FlagValues()
_SCORES = flags.DEFINE_list(
    "scores",
    None,
    "Folders of score files, one per stream; several are fused.",
    flag_values=FLAGS,
)
_FUSION_WEIGHTS = flags.DEFINE_list(
    "fusion_weights",
    None,
    "A weight for each folder of scores; equal if not given.",
    flag_values=FLAGS,
)
_DETECTIONS = flags.DEFINE_string(
    "detections",
    None,
    "Detections instead of scores: ActivityNet JSON, CSV, or the text of the "
    "THUMOS'14 kit.",
    flag_values=FLAGS,
)
_ANNOTATIONS = flags.DEFINE_string(
    "annotations",
    None,
    "Ground truth: a THUMOS'14 kit folder, an ActivityNet JSON or a CSV.",
    required=True,
    flag_values=FLAGS,
)
_SUBSET = flags.DEFINE_string(
    "subset",
    None,
    "Which videos of an ActivityNet JSON count, such as validation.",
    flag_values=FLAGS,
)
_OUT = flags.DEFINE_string(
    "out", None, "Folder for the results.", required=True, flag_values=FLAGS
)
_PROTOCOL = flags.DEFINE_enum(
    "protocol",
    "thumos14",
    metrics.PROTOCOLS,
    "How segment mAP is computed.",
    flag_values=FLAGS,
)
_TIOU = flags.DEFINE_list(
    "tiou",
    [f"{tiou:g}" for tiou in evaluation.TIOUS],
    "Overlaps at which segment mAP is computed.",
    flag_values=FLAGS,
)
_NMS = flags.DEFINE_boolean(
    "nms",
    True,
    "Suppress overlapping detections, at tIoU - 0.1.",
    flag_values=FLAGS,
)
_CONFIDENCE = flags.DEFINE_enum(
    "confidence",
    "mean",
    localization.CONFIDENCES,
    "A segment's score: mean or max of its frames' (choice C20).",
    flag_values=FLAGS,
)


def main():
    if (_SCORES.value is None) == (_DETECTIONS.value is None):
        raise errors.UsageError("give one of --scores and --detections")
    evaluate = _evaluate_scores if _SCORES.value else _evaluate_detections
    results, detections = evaluate(
        annotations=_ANNOTATIONS.value,
        subset=_SUBSET.value,
        tious=_numbers("tiou", _TIOU.value, 1),
        protocol=_PROTOCOL.value,
        nms=_NMS.value,
    )
    report.write(_OUT.value, results, detections)
    for note in results["notes"]:
        print(f"note: {note}")
    print(report.setting(results))
    print(report.text_table(report.summary(results)))
    print(f"{_OUT.value}: detections.json results.json report.md per_class.csv")


def _evaluate_scores(**options):
    weights = _FUSION_WEIGHTS.value
    if weights is not None:
        weights = _numbers("fusion_weights", weights, float("inf"))
        if len(weights) != len(_SCORES.value) or not sum(weights):
            raise errors.UsageError(
                f"{len(_SCORES.value)} folders of --scores need as many "
                f"--fusion_weights, not all 0; got {len(weights)}"
            )
    return evaluation.evaluate_score_folders(
        _SCORES.value, weights=weights, confidence=_CONFIDENCE.value, **options
    )


def _evaluate_detections(**options):
    for name in ("fusion_weights", "confidence"):
        if FLAGS[name].present:
            raise errors.UsageError(f"--{name} needs --scores")
    return evaluation.evaluate_detections_file(_DETECTIONS.value, **options)


def _numbers(flag, texts, most):
    """The finite numbers of a list flag, each from 0 to `most`."""
    try:
        values = [float(text) for text in texts]
    except ValueError:
        values = []
    if not values or not all(
        0 <= value <= most and math.isfinite(value) for value in values
    ):
        raise errors.UsageError(
            f"--{flag}={','.join(texts)}: expected numbers from 0"
            f"{f' to {most}' if math.isfinite(most) else ''} with commas "
            "between them"
        )
    return values
