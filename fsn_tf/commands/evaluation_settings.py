"""The flags of `fsn evaluate` as settings, once they fit each other."""

from collections import abc
import math

from fsn_tf import errors
from fsn_tf.commands import evaluated_lists
from fsn_tf.commands import evaluation_flags as given
from fsn_tf.commands import list_flags
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import settings

# Flags that only mean something where actions have segments of their own.
_OF_SEGMENTS = (
    "detections class_list test_videos tiou nms confidence smoothing "
    "copy_cliff_diving diagnosis threshold tune_thresholds "
    + " ".join(list_flags.NAMES)
).split()
_OF_GROUPING = "threshold", "thresholds", "min_duration", "max_gap"
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
        *("detections", "class_list", "test_videos", "nms", "confidence"),
        "smoothing",
        *_OF_SPOTTING,
    ),
}


def refuse_unused(names: abc.Sequence[str]) -> None:
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


def of(protocol: str) -> settings.Settings:
    """What the flags say of one protocol.

    Raises:
        UsageError: They do not fit each other.
    """
    return _SETTINGS.get(protocol, _detection)(protocol)


def _detection(name):
    """settings.Detection, once the flags fit each other."""
    _one_of("scores", "detections")
    tious = numbers("tiou", given.TIOU.value, 1)
    _refuse_of_others()
    if not given.SCORES.value:
        _refuse("needs --scores", *_OF_GROUPING, "tune_thresholds")
    rules = settings.Detection(
        protocol=name,
        tious=tious,
        nms=given.NMS.value,
        confidence=given.CONFIDENCE.value,
        smoothing=given.SMOOTHING.value,
        copy_cliff_diving=given.COPY_CLIFF_DIVING.value,
        diagnose=given.DIAGNOSIS.value,
    )
    return evaluated_lists.settled(rules) if given.SCORES.value else rules


def _refuse_of_others():
    """Raises UsageError for a flag of scores, or of detections, without."""
    if given.SCORES.value:
        _refuse("needs --detections", "class_list")
    else:
        _refuse("needs --scores", *_OF_STREAMS, "confidence", "smoothing")


def _spotting(name):
    """settings.Spotting, once the flags fit each other."""
    del name
    _one_of("scores", "detections")
    _refuse_of_others()
    tolerances = numbers("tolerance", given.TOLERANCE.value, float("inf"))
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


def meaning():
    """What meaning.Asked is made of, or None where nobody asked."""
    if not given.MEANING.value:
        _refuse("needs --meaning", "num_resamples", "seed")
        return None
    # Loaded only now, so that --help answers at once.
    from fsn_tf.evaluation import meaning as meanings

    return meanings.Asked(
        num_resamples=given.NUM_RESAMPLES.value,
        seed=given.SEED.value,
        fps=given.FPS.value,
    )


def _one_of(*names):
    if given.SCORES.value is not None and not all(given.SCORES.value or [""]):
        raise errors.UsageError("--scores: expected folders, got none")
    if sum(given.FLAGS[name].value is not None for name in names) != 1:
        flags = " and ".join(f"--{name}" for name in names)
        one = "one of " if len(names) > 1 else ""
        raise errors.UsageError(f"give {one}{flags}")


def _refuse(reason, *names):
    for name in names:
        if given.FLAGS[name].present:
            raise errors.UsageError(f"--{name} {reason}")


def weights() -> list[float] | None:
    """One weight for each folder of scores."""
    folders, texts = given.SCORES.value or [], given.FUSION_WEIGHTS.value
    if texts is None:
        return None
    shares = numbers("fusion_weights", texts, float("inf"))
    if len(shares) != len(folders) or not sum(shares):
        raise errors.UsageError(
            f"{len(folders)} folders of --scores need as many "
            f"--fusion_weights, not all 0; got {len(shares)}"
        )
    return shares


def numbers(flag: str, texts: abc.Collection[str], most: float) -> list[float]:
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
