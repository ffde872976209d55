"""Frame scores of annotated videos, beside the labels of their frames."""

import collections
from collections import abc

import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.grouping import frame_scores
from fsn_tf.segments import names

# Scores that lie in memory at a time, of frames and classes.
_VALUES_AT_ONCE = 2**25


def left_out(
    scores: abc.Mapping[str, frame_scores.FrameScores],
    annotations: segments.Annotations,
) -> list[str]:
    """Notes on scored videos that do not count, as they are not annotated.

    Args:
        scores: {video: its scores}.
        annotations: Their videos are those that are wanted.

    Raises:
        InputError: A video has no scores, or what is given is something else.
    """
    scores = called(scores, annotations.videos)
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
    extra = sorted(scores.keys() - set(annotations.videos))
    note = (
        f"{len(extra)} scored videos left out, as they are not annotated: "
        f"{_first_few(extra)}"
    )
    return [note] if extra else []


def called(
    scores: abc.Mapping[str, frame_scores.FrameScores],
    videos: abc.Sequence[str],
) -> abc.Mapping[str, frame_scores.FrameScores]:
    """The scores, by the names that these videos go by; none is read."""
    if not isinstance(scores, abc.Mapping):
        return scores
    found = names.known_as(videos, scores)
    if all(name == other for name, other in found.items()):
        return scores
    return _Called(scores, {other: name for name, other in found.items()})


class _Called(abc.Mapping):
    """A mapping, some of its keys called otherwise."""

    def __init__(self, values, new):
        self._values = values
        self._old = {new.get(key, key): key for key in values}

    def __getitem__(self, key):
        return self._values[self._old[key]]

    def __iter__(self):
        return iter(self._old)

    def __len__(self):
        return len(self._old)


def of_video(
    scores: abc.Mapping[str, frame_scores.FrameScores],
    video: str,
    annotations: segments.Annotations,
) -> frame_scores.FrameScores:
    """The scores of one annotated video.

    Raises:
        InputError: They are none, or of other classes than the annotations.
    """
    one = scores[video]
    if not isinstance(one, frame_scores.FrameScores):
        raise errors.InputError(
            f"{video}: expected FrameScores, got {type(one).__name__}"
        )
    if one.action_classes != annotations.classes:
        raise errors.InputError(
            f"{video}: its scores are of other classes than the "
            f"annotations: {_first_few(one.action_classes)} "
            f"against {_first_few(annotations.classes)}"
        )
    return one


def _first_few(listed):
    return ", ".join(listed[:3]) + (" ..." if len(listed) > 3 else "")


def blocks(
    scores: abc.Iterable[tuple[str, frame_scores.FrameScores]],
    annotations: segments.Annotations,
    *,
    without_ambiguous: bool = False,
    most_values: int = _VALUES_AT_ONCE,
) -> abc.Iterator[tuple[np.ndarray, np.ndarray]]:
    """What frame mAP ranks: the frames of all videos, in their order.

    Args:
        scores: (video, its scores), one after another.
        annotations: Of the same K classes.
        without_ambiguous: Whether to drop the frames of ambiguous intervals.
        most_values: About how many scores a block has.

    Yields:
        ((F, K) scores, (F, K) bool labels) of some videos.
    """
    instances = _by_video(annotations.instances)
    ambiguous = _by_video(annotations.ambiguous)
    held: list[tuple[np.ndarray, np.ndarray]] = []
    size = 0
    for video, one in scores:
        labels = _labels(instances[video], annotations.classes, one)
        values = one.actions
        if without_ambiguous and ambiguous[video]:
            fuzzy = _labels(ambiguous[video], (segments.AMBIGUOUS,), one)
            values, labels = values[~fuzzy[:, 0]], labels[~fuzzy[:, 0]]
        if held and size + values.size > most_values:
            yield _joined(held)
            held, size = [], 0
        held.append((values, labels))
        size += values.size
    if held:
        yield _joined(held)


def _by_video(instances):
    """{video: its instances}, empty for a video without."""
    found: dict[str, list] = collections.defaultdict(list)
    for one in instances:
        found[one.video].append(one)
    return found


def _labels(instances, classes, one):
    return segments.frame_labels(
        instances, classes, num_frames=len(one.scores), fps=one.fps
    )


def _joined(held):
    """One block, held class by class, which is how frames are ranked."""
    ends = np.cumsum([len(values) for values, _ in held])
    shape = held[0][0].shape[1], ends[-1]
    dtype = np.result_type(*(values for values, _ in held))
    values, labels = np.empty(shape, dtype), np.empty(shape, bool)
    for (some, shown), end in zip(held, ends, strict=True):
        values[:, end - len(some) : end] = some.T
        labels[:, end - len(some) : end] = shown.T
    return values.T, labels.T
