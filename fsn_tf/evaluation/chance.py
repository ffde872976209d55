"""What is worth how much by chance: shifted in time, little is left."""

from collections import abc
import dataclasses
import functools
import pathlib
import zlib

import numpy as np

from fsn_tf import segments
from fsn_tf.annotations import frame_labels
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import score_folders


def shift(
    source: pathlib.Path | str, out: pathlib.Path | str, *, seed: int
) -> None:
    """Writes the scores of every video shifted in time, its end to its start.

    The shift is drawn uniformly, the same for all streams of a video. What
    is in the video and how long it lasts stays as it was; when it happens is
    left to chance.

    Args:
        source: Folder of score files.
        out: Folder of the shifted score files.
        seed: Of the shifts.
    """
    for video, found in ShiftedScores(
        score_folders.read_folder(source), seed
    ).items():
        frame_scores.write(
            out, video, found.scores, fps=found.fps, classes=found.classes
        )


def _share(video, seed):
    """By which share of its length a video is shifted."""
    return np.random.default_rng([seed, zlib.crc32(video.encode())]).random()


def _rolled(video, values, seed):
    """(T, ...) values of all frames, shifted."""
    return np.roll(values, int(_share(video, seed) * len(values)), axis=0)


class ShiftedScores(abc.Mapping):
    """{video: its scores shifted in time}, each when it is asked for.

    Args:
        scores: {video: its scores}.
        seed: Of the shifts.
    """

    def __init__(
        self, scores: abc.Mapping[str, frame_scores.FrameScores], seed: int
    ):
        self._scores, self._seed = scores, seed

    def __getitem__(self, video: str) -> frame_scores.FrameScores:
        one = self._scores[video]
        rolled = _rolled(video, one.scores, self._seed)
        return dataclasses.replace(one, scores=rolled)

    def __iter__(self) -> abc.Iterator[str]:
        return iter(self._scores)

    def __len__(self) -> int:
        return len(self._scores)


def shifted_labels(
    found: frame_labels.FrameLabels, seed: int
) -> frame_labels.FrameLabels:
    """Predicted classes of frames, shifted in time in every video."""
    labels = {x: _rolled(x, y, seed) for x, y in found.labels.items()}
    return dataclasses.replace(found, labels=labels)


def shifted_detections(
    found: segments.Detections, truth: segments.Annotations, seed: int
) -> segments.Detections:
    """Detections shifted in time in every video.

    What starts past the video's end starts that long after its start; all
    keep their length, and may stick out.

    Args:
        found: Detections.
        truth: Tells how long videos are; where it does not, a video ends
            with the last segment in it, detected or annotated.
        seed: Of the shifts.
    """
    length = lengths(truth, found)
    known = np.array([length.get(x, 0.0) for x in found.videos] + [0.0])
    share = np.array([_share(x, seed) for x in found.videos] + [0.0])
    whole = known[found.video]
    low = np.minimum(found.start_seconds, found.end_seconds)
    high = np.maximum(found.start_seconds, found.end_seconds)
    start = np.where(
        whole > 0,
        (low + share[found.video] * whole) % np.where(whole > 0, whole, 1),
        low,
    )
    return dataclasses.replace(
        found, start_seconds=start, end_seconds=start + high - low
    )


def lengths(
    truth: segments.Annotations, found: segments.Detections | None = None
) -> dict[str, float]:
    """{annotated video: seconds}, at least until the last segment in it."""
    known = dict.fromkeys(truth.videos, 0.0)
    for one in (*truth.instances, *truth.ambiguous):
        last = max(one.start_seconds, one.end_seconds)
        known[one.video] = max(known[one.video], last)
    if found is not None and len(found):
        ends = np.zeros(len(found.videos))
        last = np.maximum(found.start_seconds, found.end_seconds)
        np.maximum.at(ends, found.video, last)
        for video, end in zip(found.videos, ends.tolist(), strict=True):
            if video in known:
                known[video] = max(known[video], end)
    return known | {
        x: y for x, y in truth.durations_seconds.items() if x in known
    }


def cadence(
    truth: segments.Annotations, seconds: abc.Mapping[str, float]
) -> segments.Detections:
    """Moments at a fixed distance, as if nothing of the videos were known.

    Of each class there are as many as instances, all in all, as far from
    each other as these are on the mean; all have one score.

    Args:
        truth: The instances.
        seconds: {video: how long it is}.
    """
    total = sum(seconds[video] for video in truth.videos)
    rows = []
    counts = dict.fromkeys(truth.classes, 0)
    for one in truth.instances:
        counts[one.label] += 1
    for label, count in counts.items():
        # Videos are one after another, so that short ones have their share.
        passed, number = 0.0, 0
        for video in truth.videos:
            end = passed + seconds[video]
            while number < count and (number + 0.5) / count * total < end:
                moment = (number + 0.5) / count * total - passed
                rows.append((video, label, moment, moment, 1.0))
                number += 1
            passed = end
    return segments.Detections.from_rows(
        rows, classes=truth.classes, videos=truth.videos
    )


def most_frequent(
    truth: frame_labels.FrameLabels,
) -> frame_labels.FrameLabels:
    """The class that most frames show, in every frame."""
    counts = functools.reduce(
        np.add,
        (
            np.bincount(x, minlength=len(truth.classes))
            for x in truth.labels.values()
        ),
    )
    best = int(counts.argmax())
    return dataclasses.replace(
        truth,
        labels={x: np.full_like(y, best) for x, y in truth.labels.items()},
    )


def average_precision(num_positives: np.ndarray, total: int) -> np.ndarray:
    """Expected AP where scores say nothing: the mean over all orders.

    Slightly above the share of positives: of N in a random order, the one at
    rank r has the precision (1 + (r - 1)(P - 1) / (N - 1)) / r on the mean
    where it is positive.

    Args:
        num_positives: (K,) int, P.
        total: N.

    Returns:
        (K,); NaN for a class without positives.
    """
    harmonic = float((1 / np.arange(1, total + 1)).sum()) / max(total, 1)
    share = (num_positives - 1) / max(total - 1, 1)
    return np.where(
        num_positives > 0, harmonic + share * (1 - harmonic), np.nan
    )
