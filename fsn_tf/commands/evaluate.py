r"""Compares frame scores, or detections, with ground truth.

    fsn evaluate --scores=SCORES/rgb,SCORES/flow --fusion_weights=1,1 \
        --annotations=annotation_test --out=RESULTS

    fsn evaluate --detections=FILE --nms=false --annotations=annotation_test \
        --out=RESULTS

    fsn evaluate --scores=VALIDATION --annotations=validation.csv \
        --tune_thresholds=f1 --out=TUNED
    fsn evaluate --scores=TEST --annotations=test.csv --summary \
        --thresholds=TUNED/thresholds.json --out=RESULTS

    fsn evaluate --protocol=segmentation --predicted_labels=PREDICTED \
        --annotations=LABELS --background=0 --out=RESULTS

    fsn evaluate --protocol=classification --scores=SCORES/rgb \
        --annotations=testlist01.txt --out=RESULTS

Writes results.json and report.md; also detections.json, per_class.csv,
matches.npz (for fsn compare), diagnosis.json and diagnosis.svg, or for
segmentation per_video.csv, or for classification per_class.csv and
confusion.csv.
"""

import dataclasses
import math

from fsn_tf import errors
from fsn_tf.commands import evaluation_flags as given
from fsn_tf.commands import list_flags
from fsn_tf.commands import numbers
from fsn_tf.commands import threshold_tuning
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import settings

FLAGS = given.FLAGS
# Flags that only mean something where actions have segments of their own.
_OF_SEGMENTS = (
    "detections test_videos tiou nms confidence smoothing copy_cliff_diving "
    "diagnosis threshold tune_thresholds " + " ".join(list_flags.NAMES)
).split()
_OF_GROUPING = "threshold", "thresholds", "min_duration", "max_gap"
_OF_STREAMS = "fusion_weights", "fusion"
_OF_SEGMENTATION = "predicted_labels", "background", "mapping", "videos"


def main() -> None:
    """Evaluates by the chosen protocol, and writes the results."""
    kinds = {
        protocols.SEGMENTATION: _segmentation,
        protocols.CLASSIFICATION: _classification,
    }
    chosen = kinds.get(given.PROTOCOL.value, _detection)()
    # Loaded only now, so that --help answers at once.
    from fsn_tf.evaluation import detection
    from fsn_tf.evaluation import from_files
    from fsn_tf.reports import overviews
    from fsn_tf.reports import result_files

    inputs = from_files.Inputs(**_inputs())
    if given.TUNE_THRESHOLDS.value is not None:
        chosen = threshold_tuning.tuned(inputs, chosen)
    result = from_files.evaluate(inputs, chosen)
    written = result_files.write(given.OUT.value, result)
    if isinstance(result, detection.Result):
        wanted = list_flags.overviews_wanted(FLAGS)
        is_drawn = overviews.ETHOGRAM in wanted
        seconds = from_files.lengths(inputs) if is_drawn else {}
        written += overviews.write(
            given.OUT.value, result.detections, wanted, seconds
        )
    _show(result, written)


def _detection():
    """settings.Detection, once the flags fit each other."""
    _refuse("needs --protocol=segmentation", *_OF_SEGMENTATION)
    _one_of("scores", "detections")
    tious = _numbers("tiou", given.TIOU.value, 1)
    if not given.SCORES.value:
        _refuse("needs --scores", *_OF_STREAMS, "confidence", "smoothing")
        _refuse("needs --scores", *_OF_GROUPING, "tune_thresholds")
    rules = settings.Detection(
        protocol=given.PROTOCOL.value,
        tious=tious,
        nms=given.NMS.value,
        confidence=given.CONFIDENCE.value,
        smoothing=given.SMOOTHING.value,
        copy_cliff_diving=given.COPY_CLIFF_DIVING.value,
        diagnose=given.DIAGNOSIS.value,
    )
    return _of_a_list(rules) if given.SCORES.value else rules


def _of_a_list(rules):
    """The settings with what makes one list of segments, once it fits."""
    _at_most_one("threshold", "thresholds", "tune_thresholds")
    numbers.check(given.THRESHOLD)
    of_class, tidied = list_flags.chosen(FLAGS)
    rules = dataclasses.replace(rules, class_thresholds=of_class, tidied=tidied)
    if given.THRESHOLD.value is not None:
        rules = dataclasses.replace(rules, thresholds=[given.THRESHOLD.value])
    if given.TUNE_THRESHOLDS.value is not None:
        threshold_tuning.check(rules)
    elif not rules.is_a_list:
        _refuse(
            "needs --threshold, --thresholds or --detections: segments of "
            "eleven thresholds lie inside each other",
            *("summary", "ethogram"),
        )
    return rules


def _segmentation():
    """settings.Segmentation, once the flags fit each other."""
    reason = "has no meaning in --protocol=segmentation"
    _refuse(reason, "subset", *_OF_SEGMENTS)
    _one_of("scores", "predicted_labels")
    if given.PREDICTED_LABELS.value is not None:
        _refuse("needs --scores", *_OF_STREAMS)
    return settings.Segmentation(background=given.BACKGROUND.value)


def _classification():
    """settings.Classification, once the flags fit each other."""
    _refuse("needs --protocol=segmentation", *_OF_SEGMENTATION)
    _refuse("has no meaning in --protocol=classification", *_OF_SEGMENTS)
    _one_of("scores")
    return settings.Classification()


def _inputs():
    """What from_files.Inputs is made of."""
    scores = given.SCORES.value or ()
    return dict(
        annotations=given.ANNOTATIONS.value,
        scores=scores,
        fusion_weights=_weights() if scores else None,
        fusion=given.FUSION.value,
        detections=given.DETECTIONS.value,
        predicted_labels=given.PREDICTED_LABELS.value,
        subset=given.SUBSET.value,
        test_videos=int(given.TEST_VIDEOS.value),
        mapping=given.MAPPING.value,
        videos=given.VIDEOS.value,
    )


def _show(result, written):
    """Prints tables of the results, and which files were written."""
    from fsn_tf.reports import report
    from fsn_tf.reports import result_files

    shown = result_files.shown(result)
    for note in result.notes:
        print(f"note: {note}")
    print("\n".join([shown.setting, *report.origins(result)]))
    print("\n\n".join(map(report.text_table, shown.tables)))
    print(f"{given.OUT.value}: {' '.join(written)}")


def _one_of(*names):
    if given.SCORES.value is not None and not all(given.SCORES.value or [""]):
        raise errors.UsageError("--scores: expected folders, got none")
    if sum(FLAGS[name].value is not None for name in names) != 1:
        flags = " and ".join(f"--{name}" for name in names)
        one = "one of " if len(names) > 1 else ""
        raise errors.UsageError(f"give {one}{flags}")


def _at_most_one(*names):
    if sum(FLAGS[name].value is not None for name in names) > 1:
        flags = ", ".join(f"--{name}" for name in names)
        raise errors.UsageError(f"give at most one of {flags}")


def _refuse(reason, *names):
    for name in names:
        if FLAGS[name].present:
            raise errors.UsageError(f"--{name} {reason}")


def _weights():
    """One weight for each folder of scores."""
    folders, weights = given.SCORES.value, given.FUSION_WEIGHTS.value
    if weights is None:
        return None
    weights = _numbers("fusion_weights", weights, float("inf"))
    if len(weights) != len(folders) or not sum(weights):
        raise errors.UsageError(
            f"{len(folders)} folders of --scores need as many "
            f"--fusion_weights, not all 0; got {len(weights)}"
        )
    return weights


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
