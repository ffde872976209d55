"""Frame-wise segmentation: the class of every frame against the true one."""

from collections import abc
import dataclasses
import functools
import typing

import numpy as np

from fsn_tf import errors
from fsn_tf import fingerprints
from fsn_tf.annotations import frame_labels
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import results
from fsn_tf.evaluation import segmentation_metrics
from fsn_tf.evaluation import settings as evaluation_settings
from fsn_tf.grouping import frame_scores


@dataclasses.dataclass(frozen=True)
class Metrics:
    """How well frames and segments are found; all of it in [0, 1].

    Attributes:
        accuracy: Share of the frames that are right.
        edit: Edit score.
        f1: F1 at each tIoU of segmentation_metrics.F1_TIOUS.
    """

    accuracy: float
    edit: float
    f1: dict[float, float]

    def as_json(self) -> dict[str, object]:
        """For results.json, which has F1@50 where tIoU is 0.5."""
        return {
            "accuracy": self.accuracy,
            "edit": self.edit,
            "f1": segmentation_metrics.named_f1(self.f1),
        }

    @classmethod
    def from_json(cls, values: abc.Mapping[str, typing.Any]) -> "Metrics":
        """The same from what as_json gave, or from a whole results.json."""
        f1 = values["f1"].items()
        return cls(
            accuracy=values["accuracy"],
            edit=values["edit"],
            f1={float(percent) / 100: value for percent, value in f1},
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Result(results.Result):
    """Accuracy, edit score and F1.

    Attributes:
        frames: How many frames there are.
        mean: Means of the metrics of each video.
        micro_accuracy: Accuracy of the frames of all videos together.
        micro_f1: {tIoU: F1} of the segments of all videos together.
        per_video: {video: its metrics}.
        frames_per_video: {video: how many frames it has}.
    """

    frames: int
    mean: Metrics
    micro_accuracy: float
    micro_f1: dict[float, float]
    per_video: dict[str, Metrics]
    frames_per_video: dict[str, int]

    def figures(self) -> dict[str, float | None]:
        """Means over the videos, and what sums up all of them together."""
        means, whole = (
            segmentation_metrics.named_f1(self.mean.f1),
            segmentation_metrics.named_f1(self.micro_f1),
        )
        return {
            "accuracy": self.mean.accuracy,
            "edit": self.mean.edit,
            **{f"F1@{name}": value for name, value in means.items()},
            "accuracy of all": self.micro_accuracy,
            **{f"F1@{name} of all": value for name, value in whole.items()},
        }

    def metrics(self) -> dict[str, object]:
        """The keys of results.json that only segmentation has."""
        return {
            "frames": self.frames,
            **self.mean.as_json(),
            "micro_accuracy": self.micro_accuracy,
            "micro_f1": segmentation_metrics.named_f1(self.micro_f1),
            "per_video": {
                video: {"frames": self.frames_per_video[video], **one.as_json()}
                for video, one in self.per_video.items()
            },
        }


def evaluate(
    found: frame_labels.FrameLabels,
    truth: frame_labels.FrameLabels,
    settings: evaluation_settings.Segmentation,
    *,
    origin: results.Origin = results.ARRAYS,
) -> Result:
    """Evaluates predicted frame labels.

    Args:
        found: What was predicted; more videos than annotated do not count.
        truth: The true classes.
        settings: Says which classes are background.
        origin: The files that both come from.

    Raises:
        InputError: A video has no prediction or one of another length, or no
            class is in both.
    """
    background = settings.background
    found = _with_background(found, background, truth)
    notes = check(truth, found)
    measured = _measured(found, truth, background)
    frames = {video: len(labels) for video, labels in truth.labels.items()}
    return Result(
        protocol=protocols.SEGMENTATION,
        videos=tuple(truth.labels),
        notes=notes,
        options=origin.options | {"background": background},
        origin=origin,
        ground_truth_sha256=fingerprints.of_frame_labels(truth),
        frames=sum(frames.values()),
        mean=_metrics(
            measured.accuracy.mean(),
            measured.edit.mean(),
            measured.f1.mean(axis=0),
        ),
        micro_accuracy=float(measured.micro_accuracy),
        micro_f1=_by_tiou(measured.micro_f1),
        per_video=_per_video(truth, measured),
        frames_per_video=frames,
        resample=functools.partial(
            segmentation_metrics.resampled,
            measured,
            np.array(list(frames.values())),
        ),
    )


def _measured(found, truth, background):
    """segmentation_metrics.Scores, by the classes of both."""
    # The classes that only the predictions know come after the true ones.
    classes = tuple(dict.fromkeys((*truth.classes, *found.classes)))
    place = np.array([classes.index(name) for name in found.classes])
    return segmentation_metrics.scores(
        list(truth.labels.values()),
        [place[found.labels[video]] for video in truth.labels],
        background=_backgrounds(background, truth, classes),
    )


def _per_video(truth, measured):
    """{video: Metrics} of segmentation_metrics.Scores."""
    return {
        video: _metrics(*row)
        for video, *row in zip(
            truth.labels,
            measured.accuracy,
            measured.edit,
            measured.f1,
            strict=True,
        )
    }


def _metrics(accuracy, edit, f1):
    return Metrics(float(accuracy), float(edit), _by_tiou(f1))


def _by_tiou(values):
    return dict(
        zip(segmentation_metrics.F1_TIOUS, map(float, values), strict=True)
    )


def check(
    truth: frame_labels.FrameLabels, found: frame_labels.FrameLabels
) -> tuple[str, ...]:
    """Notes; InputError where the predictions do not fit the truth."""
    missing = [video for video in truth.labels if video not in found.labels]
    if missing:
        raise errors.InputError(
            f"{len(missing)} of {len(truth.labels)} annotated videos have no "
            f"prediction, such as {missing[0]}"
        )
    for video, labels in truth.labels.items():
        if len(labels) != len(found.labels[video]):
            raise errors.InputError(
                f"{video}: {len(labels)} frames are annotated, "
                f"{len(found.labels[video])} predicted"
            )
    if not set(truth.classes) & set(found.classes):
        raise errors.InputError(
            f"annotations and predictions share no class: {truth.classes[0]}, "
            f"... against {found.classes[0]}, ..."
        )
    extra = sorted(found.labels.keys() - truth.labels.keys())
    note = f"{len(extra)} predicted videos left out, as they are not annotated"
    return (f"{note}: such as {extra[0]}",) if extra else ()


def _with_background(found, background, truth):
    """Calls the background of scores as the true labels do, if it is one."""
    if background is None or frame_scores.BACKGROUND in truth.classes:
        return found
    places = _backgrounds(background, truth, truth.classes)
    if len(places) > 1:
        return found
    name = truth.classes[places[0]]
    classes = [
        name if one == frame_scores.BACKGROUND else one for one in found.classes
    ]
    if len(set(classes)) < len(classes):
        return found
    return dataclasses.replace(found, classes=tuple(classes))


def _backgrounds(background, truth, classes):
    """Indices of the classes that are left out."""
    names = frame_labels.background_names(background, classes)
    places = [_place(name, truth, classes) for name in names]
    if len(names) > 1 and frame_scores.BACKGROUND in classes:
        # Of scores: what their network calls none of the classes.
        places.append(classes.index(frame_scores.BACKGROUND))
    return places


def _place(background, truth, classes):
    """Index of the class that a name or a number means."""
    if background in classes:
        return classes.index(background)
    if background.isdigit() and int(background) < len(truth.classes):
        return int(background)
    raise errors.InputError(
        f"background {background!r}: expected one of {len(classes)} classes "
        f"({', '.join(classes[:3])}, ...) or an index"
    )
