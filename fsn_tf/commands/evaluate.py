r"""Compares frame scores, or detections, with ground truth.

    fsn evaluate --scores=SCORES/rgb,SCORES/flow --fusion_weights=1,1 \
        --annotations=annotation_test --out=RESULTS

    fsn evaluate --detections=FILE --nms=false --annotations=annotation_test \
        --out=RESULTS

    fsn evaluate --protocol=segmentation --predicted_labels=PREDICTED \
        --annotations=LABELS --background=0 --out=RESULTS

    fsn evaluate --protocol=classification --scores=SCORES/rgb \
        --annotations=testlist01.txt --out=RESULTS

    fsn evaluate --protocol=thumos14,opentad,spotting --detections=FILE \
        --annotations=annotation_test --out=RESULTS

Writes results.json and report.md; also detections.json, per_class.csv,
matches.npz (for fsn compare), diagnosis.json and diagnosis.svg, or for
segmentation per_video.csv, or for classification per_class.csv and
confusion.csv. Of several protocols each has a folder of its own in there, and
protocols.json and protocols.md put them side by side.
"""

import math
import pathlib

from fsn_tf import errors
from fsn_tf import files
from fsn_tf.commands import evaluation_flags as given
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import settings

FLAGS = given.FLAGS
# Flags that only mean something where actions have segments of their own.
_OF_SEGMENTS = (
    "detections test_videos tiou nms confidence smoothing copy_cliff_diving "
    "diagnosis"
).split()
_OF_STREAMS = "fusion_weights", "fusion"
_OF_LABELS = "predicted_labels", "mapping", "videos"
_OF_SEGMENTATION = (*_OF_LABELS, "background")
_OF_SPOTTING = "fps", "tolerance"
_OF_ONE_KIND = {*_OF_SEGMENTS, *_OF_SEGMENTATION, *_OF_SPOTTING}
# Of _OF_ONE_KIND, what each protocol knows; those of segment mAP are not here.
_USED = {
    protocols.SEGMENTATION: _OF_SEGMENTATION,
    protocols.CLASSIFICATION: (),
    protocols.PHASES: _OF_LABELS,
    protocols.MULTILABEL: ("test_videos", "smoothing"),
    protocols.OAD: ("test_videos", "smoothing"),
    protocols.SPOTTING: (
        *("detections", "test_videos", "nms", "confidence", "smoothing"),
        *_OF_SPOTTING,
    ),
}


def main() -> None:
    """Evaluates by the chosen protocols, and writes the results."""
    names = _protocols()
    _refuse_unused(names)
    chosen = {name: _SETTINGS.get(name, _detection)(name) for name in names}
    # Loaded only now, so that --help answers at once.
    from fsn_tf.evaluation import from_files
    from fsn_tf.reports import protocol_table
    from fsn_tf.reports import result_files

    files.check_writable(given.OUT.value)
    inputs, out = from_files.Inputs(**_inputs()), given.OUT.value
    asked = _meaning()
    if len(chosen) == 1:
        result = from_files.evaluate(inputs, chosen[names[0]], asked)
        _show(result, out, result_files.write(out, result))
        return
    found = {}
    for name, one in chosen.items():
        found[name] = from_files.evaluate(inputs, one, asked)
        folder = pathlib.Path(out) / name
        _show(found[name], folder, result_files.write(folder, found[name]))
        print()
    protocol_table.write(out, found)
    print(protocol_table.text(found))


def _protocols():
    """The names of --protocol, each once and known."""
    names = list(dict.fromkeys(given.PROTOCOL.value))
    unknown = [name for name in names if name not in protocols.NAMES]
    if unknown or not names:
        raise errors.UsageError(
            f"--protocol={','.join(names)}: expected some of "
            f"{', '.join(protocols.NAMES)}, with commas between them"
        )
    return names


def _refuse_unused(names):
    """Raises UsageError for a flag that none of the protocols knows."""
    used = {x for name in names for x in _USED.get(name, _OF_SEGMENTS)}
    for flag in sorted(_OF_ONE_KIND - used):
        if flag in _OF_SEGMENTATION and protocols.PHASES not in names:
            reason = "needs --protocol=segmentation"
        elif flag == "fps" and given.MEANING.value:
            continue
        elif flag in _OF_SPOTTING:
            reason = "needs --protocol=spotting"
        else:
            reason = f"has no meaning in --protocol={','.join(names)}"
        _refuse(reason, flag)


def _detection(name):
    """settings.Detection, once the flags fit each other."""
    _one_of("scores", "detections")
    tious = _numbers("tiou", given.TIOU.value, 1)
    if not given.SCORES.value:
        _refuse("needs --scores", *_OF_STREAMS, "confidence", "smoothing")
    return settings.Detection(
        protocol=name,
        tious=tious,
        nms=given.NMS.value,
        confidence=given.CONFIDENCE.value,
        smoothing=given.SMOOTHING.value,
        copy_cliff_diving=given.COPY_CLIFF_DIVING.value,
        diagnose=given.DIAGNOSIS.value,
    )


def _spotting(name):
    """settings.Spotting, once the flags fit each other."""
    del name
    _one_of("scores", "detections")
    if not given.SCORES.value:
        _refuse("needs --scores", *_OF_STREAMS, "confidence", "smoothing")
    tolerances = _numbers("tolerance", given.TOLERANCE.value, float("inf"))
    if any(value != int(value) for value in tolerances):
        raise errors.UsageError(
            f"--tolerance={','.join(given.TOLERANCE.value)}: expected whole "
            "numbers of frames with commas between them"
        )
    return settings.Spotting(
        nms=given.NMS.value,
        fps=given.FPS.value,
        tolerances=tuple(map(int, tolerances)),
        confidence=given.CONFIDENCE.value,
        smoothing=given.SMOOTHING.value,
    )


def _frames(name):
    """settings.Frames, once there are scores."""
    if given.SCORES.value is None:
        raise errors.UsageError(f"--protocol={name} needs --scores")
    _one_of("scores")
    return settings.Frames(protocol=name, smoothing=given.SMOOTHING.value)


def _of_labels(name):
    """settings.Segmentation or Phases, once the flags fit each other."""
    _refuse(f"has no meaning in --protocol={name}", "subset")
    _one_of("scores", "predicted_labels")
    if given.PREDICTED_LABELS.value is not None:
        _refuse("needs --scores", *_OF_STREAMS)
    if name == protocols.PHASES:
        return settings.Phases()
    return settings.Segmentation(background=given.BACKGROUND.value)


def _classification(name):
    """settings.Classification, once there are scores."""
    del name
    _one_of("scores")
    return settings.Classification()


_SETTINGS = {
    protocols.SEGMENTATION: _of_labels,
    protocols.PHASES: _of_labels,
    protocols.CLASSIFICATION: _classification,
    protocols.MULTILABEL: _frames,
    protocols.OAD: _frames,
    protocols.SPOTTING: _spotting,
}


def _meaning():
    """What meaning.Asked is made of, or None where nobody asked."""
    if not given.MEANING.value:
        _refuse("needs --meaning", "num_resamples", "seed")
        return None
    from fsn_tf.evaluation import meaning

    return meaning.Asked(
        num_resamples=given.NUM_RESAMPLES.value,
        seed=given.SEED.value,
        fps=given.FPS.value,
    )


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


def _show(result, folder, written):
    """Prints tables of the results, and which files were written."""
    from fsn_tf.reports import report
    from fsn_tf.reports import result_files

    shown = result_files.shown(result)
    for note in result.notes:
        print(f"note: {note}")
    print("\n".join([shown.setting, *report.origins(result)]))
    print("\n\n".join(map(report.text_table, shown.tables)))
    print(f"{folder}: {' '.join(written)}")


def _one_of(*names):
    if given.SCORES.value is not None and not all(given.SCORES.value or [""]):
        raise errors.UsageError("--scores: expected folders, got none")
    if sum(FLAGS[name].value is not None for name in names) != 1:
        flags = " and ".join(f"--{name}" for name in names)
        one = "one of " if len(names) > 1 else ""
        raise errors.UsageError(f"give {one}{flags}")


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
