"""Prepared videos and annotations joined: what there is to learn from."""

import collections
import pathlib

import numpy as np

from fsn_tf import claims
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations.frame_labels import FrameLabels
from fsn_tf.annotations.video_labels import VideoLabels
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.segments import Annotations
from fsn_tf.segments import names
from fsn_tf.snippets import encoders
from fsn_tf.snippets import prepared_folders
from fsn_tf.training import windows as training_windows
from fsn_tf.training.examples import TrainingSet
from fsn_tf.training.examples import VideoExamples
from fsn_tf.training.examples import WindowExamples


def load_windows(
    prepared: pathlib.Path | str,
    annotations: Annotations,
    experiment: Experiment,
) -> TrainingSet:
    """Joins prepared videos with the times of their actions.

    Args:
        prepared: Folder that `fsn prepare` made.
        annotations: segments.Annotations.
        experiment: Experiment.

    Returns:
        TrainingSet of windows.

    Raises:
        InputError: An annotated video is not prepared, the snippets do not
            fit the experiment, or no window shows enough action.
    """
    videos = _joined(prepared, annotations.videos, experiment)
    targets = _targets(annotations.videos, videos, annotations)
    num_classes = len(annotations.classes)
    windows = _windows(targets, num_classes, experiment, prepared)
    return _of_windows(annotations.classes, videos, windows)


def _windows(targets, num_classes, experiment, prepared):
    windows = training_windows.windows(targets, num_classes, experiment)
    if not (windows.action < num_classes).any():
        least = experiment.min_action_frames or "any"
        raise InputError(
            f"{prepared}: no window of {experiment.clip_frames} frames shows "
            f"{least} frames of action; check that "
            "the annotations are in seconds"
        )
    return windows


def _of_windows(classes, videos, windows):
    return TrainingSet(classes, videos, windows.action, WindowExamples(windows))


def load_frames(
    prepared: pathlib.Path | str,
    labels: FrameLabels,
    experiment: Experiment,
    *,
    background: str | None = None,
) -> TrainingSet:
    """Joins prepared videos with a class for every frame.

    Args:
        prepared: Folder that `fsn prepare` made.
        labels: frame_labels.FrameLabels.
        experiment: Experiment.
        background: Name of the class that is no action, or None. Where there
            are several, with commas between them, each is learned as a class
            like any other.

    Returns:
        TrainingSet of windows.

    Raises:
        InputError: A labeled video is not prepared, has another number of
            frames, or the snippets do not fit the experiment.
    """
    background = frame_labels.only_background(background, labels.classes)
    actions = [name for name in labels.classes if name != background]
    column = np.array(
        [
            len(actions) if name == background else actions.index(name)
            for name in labels.classes
        ],
        np.int32,
    )
    listed = sorted(labels.labels)
    videos = _joined(prepared, listed, experiment)
    targets = []
    for name, video in zip(listed, videos, strict=True):
        # (F,) columns of the file -> (F,) classes of the network
        of_frames = column[labels.labels[name]]
        if len(of_frames) != video.num_frames:
            raise InputError(
                f"{video.path}: has {video.num_frames} frames; "
                f"{len(of_frames)} are labeled"
            )
        targets.append((of_frames, np.ones(len(of_frames), np.float32)))
    windows = _windows(targets, len(actions), experiment, prepared)
    return _of_windows(tuple(actions), videos, windows)


def load_videos(
    prepared: pathlib.Path | str,
    labels: VideoLabels,
    experiment: Experiment,
) -> TrainingSet:
    """Joins prepared videos with labels of the whole video.

    Args:
        prepared: Folder that `fsn prepare` made.
        labels: video_labels.VideoLabels.
        experiment: Experiment.

    Returns:
        TrainingSet of videos.

    Raises:
        InputError: A labeled video is not prepared, or the snippets do not
            fit the experiment.
    """
    videos = _joined(prepared, labels.videos, experiment)
    targets = labels.targets()
    groups, examples = targets.argmax(axis=1), VideoExamples(targets)
    return TrainingSet(labels.classes, videos, groups, examples)


def _joined(prepared, listed, experiment):
    """Snippets of these videos, all alike and fit for the experiment."""
    available = prepared_folders.index(prepared, experiment.stream)
    called = list(names.known_as(listed, available).values())
    missing = [name for name in called if name not in available]
    if missing:
        some = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
        raise InputError(
            f"{prepared}: {len(missing)} of {len(called)} annotated videos are "
            f"not prepared ({some}); prepare them, or take them out of the "
            "annotations"
        )
    videos = tuple(available[name] for name in called)
    _check(videos, experiment)
    return videos


def _check(videos, experiment):
    for video in videos:
        if video.snippet_frames != experiment.snippet_frames:
            raise InputError(
                f"{video.path}: has {video.snippet_frames} frames per "
                f"snippet; the experiment has {experiment.snippet_frames}"
            )
        _check_alike(video, videos[0])
        video.check_shows(experiment.image_size)


def _check_alike(video, other):
    """Refuses files that were prepared differently."""
    mine, theirs = video.setting(), other.setting()
    claims.check_same(
        theirs,
        encoders.agreed(theirs, mine),
        lambda name: (
            f"{video.path}: has {name} {mine[name]} where {other.path} has "
            f"{theirs[name]}; prepare all videos alike"
        ),
    )


def _targets(listed, videos, annotations):
    of_video: dict[str, tuple[list, list]] = collections.defaultdict(
        lambda: ([], [])
    )
    for instance in annotations.instances:
        of_video[instance.video][0].append(instance)
    for interval in annotations.ambiguous:
        of_video[interval.video][1].append(interval)
    return [
        training_windows.frame_targets(
            *of_video[name],
            annotations.classes,
            num_frames=video.num_frames,
            fps=video.fps,
        )
        for name, video in zip(listed, videos, strict=True)
    ]
