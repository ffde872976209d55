"""Classification of whole videos: top-1, top-k, of every class, confusion."""

from collections import abc
import dataclasses
import functools

import numpy as np

from fsn_tf import errors
from fsn_tf import fingerprints
from fsn_tf.annotations import video_labels
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import results
from fsn_tf.evaluation import scored_videos
from fsn_tf.grouping import frame_scores


@dataclasses.dataclass(frozen=True)
class Accuracy:
    """How often the classes of videos are found.

    A video with several labels is right where what was found is one of them,
    and counts in full for each of its classes.

    Attributes:
        top1: Share of the videos whose most probable class is right.
        topk: Share with a right class among the k most probable; None where
            there are no more than k classes.
        per_class: (K,) share of a class's videos that are right; NaN for a
            class without videos.
        confusion: (K, K) int, videos of a class (row) by what was found
            (column). A right video is on the diagonal of all its rows.
        hits: (V, 2) bool, which videos top1 and topk count.
    """

    top1: float
    topk: float | None
    per_class: np.ndarray
    confusion: np.ndarray
    hits: np.ndarray

    @property
    def mean_per_class(self) -> float:
        """Mean over the classes that have videos."""
        return float(np.nanmean(self.per_class))


def accuracy(scores: np.ndarray, labels: np.ndarray, *, k: int = 5) -> Accuracy:
    """Compares scores with labels.

    Args:
        scores: (V, K) score of every class for every video; among equals the
            first class is taken.
        labels: (V, K) bool; one label or more per video.
        k: How many classes topk looks at.
    """
    num_classes = labels.shape[1]
    ranking = np.argsort(-scores, axis=1, kind="stable")  # (V, K)
    hits = np.take_along_axis(labels, ranking, axis=1)  # (V, K) bool
    right, found = hits[:, 0], ranking[:, 0]
    video, true = np.nonzero(labels)  # (L,) of the L labels of all videos
    column = np.where(right[video], true, found[video])
    confusion = np.zeros((num_classes, num_classes), int)
    np.add.at(confusion, (true, column), 1)
    videos = confusion.sum(axis=1)
    per_class = np.where(
        videos, np.diag(confusion) / np.maximum(videos, 1), np.nan
    )
    among = hits[:, :k].any(axis=1)
    return Accuracy(
        top1=float(right.mean()),
        topk=float(among.mean()) if num_classes > k else None,
        per_class=per_class,
        confusion=confusion,
        hits=np.stack([right, among], axis=1),
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Result(results.Result):
    """Accuracy of whole videos, as shares.

    Attributes:
        classes: K names.
        accuracy: How often they are found.
        videos_per_class: {class: how many videos show it}.
        found: {video: its most probable class}.
        right: {video: whether that is one of its classes}.
    """

    classes: tuple[str, ...]
    accuracy: Accuracy
    videos_per_class: dict[str, int]
    found: dict[str, str]
    right: dict[str, bool]

    @property
    def accuracy_per_class(self) -> dict[str, float | None]:
        """{class: share of its videos that are right}; None without videos."""
        return {
            name: float(share) if self.videos_per_class[name] else None
            for name, share in zip(
                self.classes, self.accuracy.per_class, strict=True
            )
        }

    def figures(self) -> dict[str, float | None]:
        """Shares of right videos."""
        return {
            "top-1": self.accuracy.top1,
            "top-5": self.accuracy.topk,
            "mean over classes": self.accuracy.mean_per_class,
        }

    def metrics(self) -> dict[str, object]:
        """The keys of results.json that only classification has."""
        shares = self.accuracy_per_class
        return {
            "classes": len(self.classes),
            "top1": self.accuracy.top1,
            "top5": self.accuracy.topk,
            "mean_class_accuracy": self.accuracy.mean_per_class,
            "per_class": {
                name: {"videos": videos, "accuracy": shares[name]}
                for name, videos in self.videos_per_class.items()
            },
            "per_video": {
                video: {"found": name, "right": self.right[video]}
                for video, name in self.found.items()
            },
        }


def evaluate(
    found: abc.Mapping[str, frame_scores.FrameScores],
    truth: video_labels.VideoLabels,
    *,
    origin: results.Origin = results.ARRAYS,
) -> Result:
    """Evaluates the scores of whole videos.

    Args:
        found: {video: one row of scores}; more videos than labeled do not
            count.
        truth: The classes of each video.
        origin: The files that both come from.

    Raises:
        InputError: A labeled video has no scores, scores are of frames, or
            of other classes than the labels.
    """
    found = scored_videos.called(found, truth.videos)
    notes = [*truth.notes, *_check(truth, found)]
    classes = found[truth.videos[0]].classes
    labels = _labels(truth, classes)
    several = int((labels.sum(axis=1) > 1).sum())
    if several:
        notes.append(
            f"{several} videos have several labels; one is right where its "
            "most probable class is among them, and counts for each of them"
        )
    scores = np.concatenate([found[video].scores for video in truth.videos])
    best = [classes[place] for place in scores.argmax(axis=1)]
    names = dict(zip(truth.videos, best, strict=True))
    rows = {video: truth.labels[video] for video in truth.videos}
    found_out = accuracy(scores, labels)
    return Result(
        protocol=protocols.CLASSIFICATION,
        videos=tuple(truth.videos),
        notes=tuple(notes),
        options=origin.options,
        origin=origin,
        ground_truth_sha256=fingerprints.of_value([truth.classes, rows]),
        classes=tuple(classes),
        accuracy=found_out,
        videos_per_class=dict(
            zip(classes, labels.sum(axis=0).tolist(), strict=True)
        ),
        found=names,
        right={video: name in rows[video] for video, name in names.items()},
        resample=functools.partial(_resampled, found_out, labels),
    )


def _resampled(measured, labels, weights):
    """The figures of Result in test sets drawn again, see results.Resample."""
    right, among = measured.hits.T
    found = {"top-1": weights @ right / len(right)}
    if measured.topk is not None:
        found["top-5"] = weights @ among / len(among)
    totals = weights @ labels  # (B, K)
    shares = np.divide(
        weights @ (labels & right[:, None]),
        totals,
        out=np.full(totals.shape, np.nan),
        where=totals > 0,
    )
    return found | {"mean over classes": np.nanmean(shares, axis=1)}


def _labels(truth, classes):
    """(V, K) bool, which classes each video shows."""
    labels = np.zeros((len(truth.videos), len(classes)), bool)
    for row, video in zip(labels, truth.videos, strict=True):
        row[[classes.index(name) for name in truth.labels[video]]] = True
    return labels


def _check(truth, found):
    """Notes; InputError where the scores do not fit the labels."""
    missing = [video for video in truth.videos if video not in found]
    if missing:
        raise errors.InputError(
            f"{len(missing)} of {len(truth.videos)} labeled videos have no "
            f"scores, such as {missing[0]}; score them with fsn predict, or "
            "take them out of the annotations"
        )
    for video in truth.videos:
        rows = len(found[video].scores)
        if rows > 1 or frame_scores.BACKGROUND in found[video].classes:
            raise errors.InputError(
                f"{video}: {rows} rows of scores; expected one row for the "
                "whole video, without a background, as fsn predict writes it "
                "for a TSN"
            )
    classes = found[truth.videos[0]].classes
    unknown = sorted(
        {name for names in truth.labels.values() for name in names}
        - set(classes)
    )
    if unknown:
        raise errors.InputError(
            f"{len(unknown)} classes of the annotations have no scores, such "
            f"as {unknown[0]}; the scores are of {', '.join(classes[:3])}, ..."
        )
    extra = sorted(found.keys() - set(truth.videos))
    note = f"{len(extra)} scored videos left out, as they are not labeled"
    return [f"{note}: such as {extra[0]}"] if extra else []
