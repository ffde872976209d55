"""Prepared videos and annotations joined: what there is to learn from."""

import collections
import dataclasses

from fsn_tf import pipeline
from fsn_tf import records
from fsn_tf import snippets
from fsn_tf.errors import InputError


@dataclasses.dataclass(frozen=True)
class TrainingSet:
    """Training windows and the files they are read from.

    Attributes:
        classes: K action names.
        videos: records.Snippets of the annotated videos, in name order.
        windows: snippets.Windows that point into videos.
    """

    classes: tuple[str, ...]
    videos: tuple[records.Snippets, ...]
    windows: snippets.Windows

    def batches(self, experiment):
        """(first_step, pipeline.Share) -> batches, for `training.fit`."""
        order = snippets.schedule(
            self.windows.action,
            experiment.steps * experiment.batch_size,
            balance=experiment.balance,
            seed=experiment.seed,
        )

        def make_batches(first_step, share):
            return pipeline.training_batches(
                self.windows,
                self.videos,
                order,
                experiment,
                first_step=first_step,
                share=share,
            )

        return make_batches

    def durations_seconds(self):
        """{video: length}."""
        return {video.video: video.seconds for video in self.videos}

    def facts(self):
        """What experiment.json keeps of the data."""
        first = self.videos[0]
        return {
            "classes": list(self.classes),
            "fps": first.fps,
            "frame_size": [first.width, first.height],
            "training_videos": len(self.videos),
            "training_windows": len(self.windows),
        }


def load(prepared, annotations, experiment):
    """Joins prepared videos with annotations.

    Args:
        prepared: Folder that `fsn prepare` made.
        annotations: segments.Annotations.
        experiment: Experiment.

    Returns:
        TrainingSet.

    Raises:
        InputError: An annotated video is not prepared, the snippets do not
            fit the experiment, or no window shows enough action.
    """
    available = records.index(prepared, experiment.stream)
    missing = [name for name in annotations.videos if name not in available]
    if missing:
        some = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
        raise InputError(
            f"{prepared}: {len(missing)} of {len(annotations.videos)} "
            f"annotated videos are not prepared ({some}); prepare them, or "
            "take them out of the annotations"
        )
    videos = tuple(available[name] for name in annotations.videos)
    _check(videos, experiment)
    windows = snippets.windows(
        _targets(videos, annotations), len(annotations.classes), experiment
    )
    if not len(windows):
        raise InputError(
            f"{prepared}: no window of {experiment.clip_frames} frames shows "
            f"{experiment.min_action_frames} frames of action; check that "
            "the annotations are in seconds"
        )
    return TrainingSet(annotations.classes, videos, windows)


def _check(videos, experiment):
    for video in videos:
        if video.snippet_frames != experiment.snippet_frames:
            raise InputError(
                f"{video.path}: has {video.snippet_frames} frames per "
                f"snippet; the experiment has {experiment.snippet_frames}"
            )
        check_alike(video, videos[0])
        if min(video.width, video.height) < experiment.image_size:
            raise InputError(
                f"{video.path}: frames are {video.width}x{video.height}, the "
                f"network sees {experiment.image_size} pixels square; prepare "
                "larger frames (--size) or choose a smaller --image_size"
            )


def check_alike(video, other):
    """Refuses snippet files that were prepared differently.

    Raises:
        InputError: Frame rate or frame size differ.
    """
    for name in ("fps", "width", "height"):
        if getattr(video, name) != getattr(other, name):
            raise InputError(
                f"{video.path}: has {name} {getattr(video, name)} where "
                f"{other.path} has {getattr(other, name)}; prepare all "
                "videos alike"
            )


def _targets(videos, annotations):
    of_video = collections.defaultdict(lambda: ([], []))
    for instance in annotations.instances:
        of_video[instance.video][0].append(instance)
    for interval in annotations.ambiguous:
        of_video[interval.video][1].append(interval)
    return [
        snippets.frame_targets(
            *of_video[video.video],
            annotations.classes,
            num_frames=video.num_frames,
            fps=video.fps,
        )
        for video in videos
    ]
