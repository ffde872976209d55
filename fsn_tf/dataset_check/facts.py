"""A data set in figures: its videos, instances, classes and frames."""

import collections
from collections.abc import Sequence
import dataclasses

import numpy as np

from fsn_tf import segments
from fsn_tf.annotations import video_labels

# Frames are counted at the rate at which videos are cut by default.
FPS = 25


@dataclasses.dataclass(frozen=True)
class VideoFacts:
    """What a video file declares, and what its time stamps say.

    Attributes:
        seconds: Duration, from the start of the file.
        fps: Native frames per second.
        is_even: Whether its first frames follow each other at that rate.
        declared_seconds: Duration as declared; None for the same.
        start_seconds: From the start of the file to that of its picture.
    """

    seconds: float
    fps: float
    is_even: bool = True
    declared_seconds: float | None = None
    start_seconds: float = 0.0


@dataclasses.dataclass(frozen=True)
class Dataset:
    """Videos beside what was annotated of them.

    Attributes:
        videos: {name: VideoFacts} of the videos that can be read.
        unreadable: {name: why} of the others.
        annotated: Names of the annotated videos.
        classes: K action names.
        labels: (video, class) of each instance, or of each label of a whole
            video.
        truth: segments.Annotations; None where whole videos are labeled.
        notes: Lines from reading the annotations.
    """

    videos: dict[str, VideoFacts]
    unreadable: dict[str, str]
    annotated: tuple[str, ...]
    classes: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    truth: segments.Annotations | None
    notes: tuple[str, ...]


def of_instances(
    truth: segments.Annotations,
    videos: dict[str, VideoFacts],
    unreadable: dict[str, str],
) -> Dataset:
    """Dataset of segments.Annotations."""
    labels = tuple((one.video, one.label) for one in truth.instances)
    return Dataset(
        videos,
        unreadable,
        truth.videos,
        truth.classes,
        labels,
        truth,
        truth.notes,
    )


def of_video_labels(
    labels: video_labels.VideoLabels,
    videos: dict[str, VideoFacts],
    unreadable: dict[str, str],
) -> Dataset:
    """Dataset of video_labels.VideoLabels."""
    pairs = tuple((x, name) for x in labels.videos for name in labels.labels[x])
    return Dataset(
        videos,
        unreadable,
        labels.videos,
        labels.classes,
        pairs,
        None,
        labels.notes,
    )


def instance_counts(dataset: Dataset) -> dict[str, int]:
    """{class: its instances, or the videos of that label}."""
    counts = collections.Counter(label for _, label in dataset.labels)
    return {name: counts[name] for name in dataset.classes}


def frame_shares(dataset: Dataset) -> dict:
    """Shares of the frames of all videos, at FPS.

    Args:
        dataset: Dataset of instances.

    Returns:
        {"background": frames without an action, among all, or None;
        "several_classes": frames of more than one, among those with one;
        "pairs_seconds": {(class, class): time in common}, longest first}.
    """
    instances = collections.defaultdict(list)
    for one in dataset.truth.instances if dataset.truth else ():
        instances[one.video].append(one)
    frames = acting = several = 0
    together = np.zeros((len(dataset.classes),) * 2, int)
    for video in dataset.annotated:
        if video not in dataset.videos:
            continue
        shown = segments.frame_labels(
            instances[video],
            dataset.classes,
            num_frames=round(dataset.videos[video].seconds * FPS),
            fps=FPS,
        )
        # (F, K) bool -> (F,) bool
        overlaps = _overlaps(shown)
        frames += len(shown)
        acting += int(shown.any(axis=1).sum())
        several += int(overlaps.sum())
        mixed = shown[overlaps].astype(int)
        # (K, F) x (F, K) -> (K, K) frames in common
        together += mixed.T @ mixed
    pairs = {
        (dataset.classes[row], dataset.classes[column]): seconds / FPS
        for row, column in zip(*np.triu_indices_from(together, 1), strict=True)
        if (seconds := int(together[row, column]))
    }
    return {
        "background": 1 - acting / frames if frames else None,
        "several_classes": several / acting if acting else 0.0,
        "pairs_seconds": dict(sorted(pairs.items(), key=lambda item: -item[1])),
    }


def _overlaps(shown):
    """(F,) bool, frames of several classes.

    One alone does not count: where an instance ends as another starts, both
    show the frame between them.
    """
    overlaps = shown.sum(axis=1) > 1
    _, firsts, stops = segments.runs(overlaps[None])
    overlaps[firsts[stops - firsts == 1]] = False
    return overlaps


def statistics(dataset: Dataset) -> dict:
    """Figures for a report, ready for JSON.

    Args:
        dataset: Dataset.

    Returns:
        Counts, lengths as five_numbers, and shares of the frames; what is
        about instances is None where whole videos are labeled.
    """
    seconds = [facts.seconds for facts in dataset.videos.values()]
    rates = collections.Counter(
        f"{facts.fps:.4g}" for facts in dataset.videos.values()
    )
    lengths = _lengths(dataset)
    shares = dataset.truth and frame_shares(dataset)
    return {
        "videos": len(dataset.videos) + len(dataset.unreadable),
        "annotated_videos": len(dataset.annotated),
        "video_seconds": five_numbers(seconds),
        "hours": sum(seconds) / 3600,
        "frame_rates": dict(rates.most_common()),
        "labels": len(dataset.labels),
        "instance_seconds": five_numbers(sum(lengths.values(), [])),
        "background_share": shares and shares["background"],
        "several_classes_share": shares and shares["several_classes"],
        "classes": _class_statistics(dataset, lengths),
        "video_histogram": histogram(seconds),
        "instance_histogram": histogram(sum(lengths.values(), [])),
    }


def _lengths(dataset):
    """{class: lengths of its instances in seconds}."""
    lengths = {name: [] for name in dataset.classes}
    for one in dataset.truth.instances if dataset.truth else ():
        lengths[one.label].append(one.end_seconds - one.start_seconds)
    return lengths


def _class_statistics(dataset, lengths):
    counts = instance_counts(dataset)
    videos = collections.Counter(label for _, label in set(dataset.labels))
    return {
        name: {
            "instances": counts[name],
            "videos": videos[name],
            "seconds": five_numbers(lengths[name]),
        }
        for name in dataset.classes
    }


def five_numbers(values: Sequence[float]) -> list[float] | None:
    """[least, lower quartile, median, upper quartile, greatest], or None."""
    if not len(values):
        return None
    return np.quantile(values, [0, 0.25, 0.5, 0.75, 1]).tolist()


def histogram(seconds: Sequence[float]) -> list[list[float]]:
    """Lengths counted in bins that double, from a frame upwards.

    Args:
        seconds: Lengths.

    Returns:
        [[from, to, count], ...] without empty bins at either end.
    """
    if not len(seconds):
        return []
    # A length on an edge opens the next bin.
    least = np.maximum(np.asarray(seconds, float), 1 / 32)
    places = np.floor(np.log2(least)).astype(int)
    first = int(places.min())
    counts = np.bincount(places - first).tolist()
    return [
        [2.0 ** (first + place), 2.0 ** (first + place + 1), count]
        for place, count in enumerate(counts)
    ]
