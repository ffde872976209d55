"""Frame scores of annotated videos, beside the labels of their frames."""

import collections
from collections import abc

import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.grouping import frame_scores
from fsn_tf.segments import names


def annotated(
    scores: abc.Mapping[str, frame_scores.FrameScores],
    annotations: segments.Annotations,
) -> tuple[dict[str, frame_scores.FrameScores], list[str]]:
    """The scores of the annotated videos, and notes on what is left out.

    Args:
        scores: {video: its scores}.
        annotations: Their videos are those that are wanted, in this order.

    Raises:
        InputError: A video has no scores, or scores of other classes, or what
            is given is something else.
    """
    scores = called(scores, annotations.videos)
    _check(scores, annotations)
    extra = sorted(scores.keys() - set(annotations.videos))
    notes = [
        f"{len(extra)} scored videos left out, as they are not annotated: "
        f"{_first_few(extra)}"
    ]
    chosen = {video: scores[video] for video in annotations.videos}
    return chosen, notes if extra else []


def called(
    scores: abc.Mapping[str, frame_scores.FrameScores],
    videos: abc.Sequence[str],
) -> abc.Mapping[str, frame_scores.FrameScores]:
    """The scores, by the names that these videos go by."""
    if not isinstance(scores, abc.Mapping):
        return scores
    found = names.known_as(videos, scores).items()
    by_other = {other: name for name, other in found}
    return {by_other.get(name, name): one for name, one in scores.items()}


def _check(scores, annotations):
    """Raises InputError where scores do not fit the annotations."""
    if not isinstance(scores, abc.Mapping):
        raise errors.InputError(
            "expected Detections or {video: FrameScores}, got "
            f"{type(scores).__name__}"
        )
    missing = [name for name in annotations.videos if name not in scores]
    if missing:
        raise errors.InputError(
            f"{len(missing)} of {len(annotations.videos)} annotated videos "
            f"have no scores: {_first_few(missing)}; score them with fsn "
            "predict, or take them out of the annotations"
        )
    for video in annotations.videos:
        if not isinstance(scores[video], frame_scores.FrameScores):
            raise errors.InputError(
                f"{video}: expected FrameScores, got "
                f"{type(scores[video]).__name__}"
            )
        if scores[video].action_classes != annotations.classes:
            raise errors.InputError(
                f"{video}: its scores are of other classes than the "
                f"annotations: {_first_few(scores[video].action_classes)} "
                f"against {_first_few(annotations.classes)}"
            )


def _first_few(listed):
    return ", ".join(listed[:3]) + (" ..." if len(listed) > 3 else "")


def frames(
    scores: abc.Mapping[str, frame_scores.FrameScores],
    annotations: segments.Annotations,
) -> tuple[np.ndarray, np.ndarray]:
    """What frame mAP ranks: all frames of all videos, in their order.

    Args:
        scores: {video: its scores}.
        annotations: Of the same K classes.

    Returns:
        ((F, K) scores, (F, K) bool labels).
    """
    instances = collections.defaultdict(list)
    for instance in annotations.instances:
        instances[instance.video].append(instance)
    num_frames = [len(one.scores) for one in scores.values()]
    ends = np.cumsum(num_frames)
    # Held class by class, which is how frames are ranked.
    shape = len(annotations.classes), sum(num_frames)
    dtype = np.result_type(*(one.scores for one in scores.values()))
    values, labels = np.empty(shape, dtype), np.empty(shape, bool)
    for (video, one), size, end in zip(
        scores.items(), num_frames, ends, strict=True
    ):
        values[:, end - size : end] = one.actions.T
        labels[:, end - size : end] = segments.frame_labels(
            instances[video],
            annotations.classes,
            num_frames=size,
            fps=one.fps,
        ).T
    return values.T, labels.T
