"""Prepared videos and annotations joined: what there is to learn from."""

import collections
import dataclasses

import numpy as np

from fsn_tf.annotations import frame_labels
from fsn_tf.errors import InputError
from fsn_tf.snippets import prepared_folders
from fsn_tf.training import pipeline
from fsn_tf.training import windows as training_windows


@dataclasses.dataclass(frozen=True)
class TrainingSet:
    """Prepared videos and a schedule of what to learn from them.

    Attributes:
        classes: K action names.
        videos: snippet_files.SnippetFile or feature_files.FeatureFile of the
            annotated videos, in name order.
        groups: (E,) int, class of each example; what `balance` equalizes.
    """

    classes: tuple[str, ...]
    videos: tuple
    groups: np.ndarray

    def batches(self, experiment):
        """(first_step, pipeline.Share) -> batches, for `loop.fit`."""
        order = training_windows.schedule(
            self.groups,
            experiment.steps * experiment.batch_size,
            balance=experiment.balance,
            seed=experiment.seed,
        )
        load = self._loader(order, experiment)

        def make_batches(first_step, share):
            return pipeline.training_batches(
                load, experiment, first_step=first_step, share=share
            )

        return make_batches

    def durations_seconds(self):
        """{video: length}."""
        return {video.video: video.seconds for video in self.videos}

    def facts(self):
        """What experiment.json keeps of the data."""
        return {
            "classes": list(self.classes),
            **self.videos[0].setting(),
            "training_videos": len(self.videos),
            "training_examples": len(self.groups),
        }


@dataclasses.dataclass(frozen=True)
class WindowSet(TrainingSet):
    """What FSN learns from: windows with a class for every frame.

    Attributes:
        windows: windows.Windows that point into videos.
    """

    windows: training_windows.Windows

    def _loader(self, order, experiment):
        return pipeline.clips(self.windows, self.videos, order, experiment)


@dataclasses.dataclass(frozen=True)
class VideoSet(TrainingSet):
    """What TSN learns from: whole videos with a label.

    Attributes:
        targets: (V, K) float32 share of each class in a video's label.
    """

    targets: np.ndarray

    def _loader(self, order, experiment):
        return pipeline.segments(self.videos, self.targets, order, experiment)


def load_windows(prepared, annotations, experiment):
    """Joins prepared videos with the times of their actions.

    Args:
        prepared: Folder that `fsn prepare` made.
        annotations: segments.Annotations.
        experiment: Experiment.

    Returns:
        WindowSet.

    Raises:
        InputError: An annotated video is not prepared, the snippets do not
            fit the experiment, or no window shows enough action.
    """
    videos = _joined(prepared, annotations.videos, experiment)
    targets = _targets(videos, annotations)
    num_classes = len(annotations.classes)
    windows = _windows(targets, num_classes, experiment, prepared)
    return WindowSet(annotations.classes, videos, windows.action, windows)


def _windows(targets, num_classes, experiment, prepared):
    windows = training_windows.windows(targets, num_classes, experiment)
    if not len(windows):
        raise InputError(
            f"{prepared}: no window of {experiment.clip_frames} frames shows "
            f"{experiment.min_action_frames} frames of action; check that "
            "the annotations are in seconds"
        )
    return windows


def load_frames(prepared, labels, experiment, *, background=None):
    """Joins prepared videos with a class for every frame.

    Args:
        prepared: Folder that `fsn prepare` made.
        labels: frame_labels.FrameLabels.
        experiment: Experiment.
        background: Name of the class that is no action, or None. Where there
            are several, with commas between them, each is learned as a class
            like any other.

    Returns:
        WindowSet.

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
    videos = _joined(prepared, sorted(labels.labels), experiment)
    targets = []
    for video in videos:
        of_frames = column[labels.labels[video.video]]
        if len(of_frames) != video.num_frames:
            raise InputError(
                f"{video.path}: has {video.num_frames} frames; "
                f"{len(of_frames)} are labeled"
            )
        targets.append((of_frames, np.ones(len(of_frames), np.float32)))
    windows = _windows(targets, len(actions), experiment, prepared)
    return WindowSet(tuple(actions), videos, windows.action, windows)


def load_videos(prepared, labels, experiment):
    """Joins prepared videos with labels of the whole video.

    Args:
        prepared: Folder that `fsn prepare` made.
        labels: video_labels.VideoLabels.
        experiment: Experiment.

    Returns:
        VideoSet.

    Raises:
        InputError: A labeled video is not prepared, or the snippets do not
            fit the experiment.
    """
    videos = _joined(prepared, labels.videos, experiment)
    targets = labels.targets()
    return VideoSet(labels.classes, videos, targets.argmax(axis=1), targets)


def _joined(prepared, names, experiment):
    """Snippets of these videos, all alike and fit for the experiment."""
    available = prepared_folders.index(prepared, experiment.stream)
    missing = [name for name in names if name not in available]
    if missing:
        some = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
        raise InputError(
            f"{prepared}: {len(missing)} of {len(names)} annotated videos are "
            f"not prepared ({some}); prepare them, or take them out of the "
            "annotations"
        )
    videos = tuple(available[name] for name in names)
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
        if experiment.stream == "features":
            continue
        if min(video.width, video.height) < experiment.image_size:
            raise InputError(
                f"{video.path}: frames are {video.width}x{video.height}, the "
                f"network sees {experiment.image_size} pixels square; prepare "
                "larger frames (--size) or choose a smaller --image_size"
            )


def _check_alike(video, other):
    """Refuses files that were prepared differently."""
    theirs = other.setting()
    for name, value in video.setting().items():
        if value != theirs[name]:
            raise InputError(
                f"{video.path}: has {name} {value} where {other.path} has "
                f"{theirs[name]}; prepare all videos alike"
            )


def _targets(videos, annotations):
    of_video = collections.defaultdict(lambda: ([], []))
    for instance in annotations.instances:
        of_video[instance.video][0].append(instance)
    for interval in annotations.ambiguous:
        of_video[interval.video][1].append(interval)
    return [
        training_windows.frame_targets(
            *of_video[video.video],
            annotations.classes,
            num_frames=video.num_frames,
            fps=video.fps,
        )
        for video in videos
    ]
