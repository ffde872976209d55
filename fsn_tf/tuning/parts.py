"""Labels in two parts: what is learned from, and what is held out."""

from collections.abc import Sequence
import dataclasses

import numpy as np

from fsn_tf import segments
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import video_labels
from fsn_tf.errors import InputError
from fsn_tf.training import runs

# Of so many ways to part them, the one whose parts show the most classes.
_DRAWS = 100


def parted(
    labels: runs.Labels, share: float, seed: int
) -> tuple[list[str], list[str]]:
    """Names of the videos to learn from, and of those to hold out.

    Every class of the second part is in the first, if there is such a way.

    Args:
        labels: Of times, of frames or of videos.
        share: Of the videos to hold out.
        seed: Of the choice.

    Raises:
        InputError: There is one video alone.
    """
    shown = classes_of(labels)
    videos = sorted(shown)
    if len(videos) < 2:
        raise InputError(
            f"--validation_share: expected two videos or more, got {videos}"
        )
    count = min(max(round(share * len(videos)), 1), len(videos) - 1)
    rng = np.random.default_rng([seed, count])

    def worth(order):
        learned = set().union(*(shown[x] for x in order[count:]))
        held_out = set().union(*(shown[x] for x in order[:count]))
        return -len(held_out - learned), len(held_out), len(learned)

    draws = [rng.permutation(videos).tolist() for _ in range(_DRAWS)]
    order = max(draws, key=worth)
    return sorted(order[count:]), sorted(order[:count])


def classes_of(labels: runs.Labels) -> dict[str, set[str]]:
    """{video: the classes that it shows}."""
    if isinstance(labels, segments.Annotations):
        shown: dict[str, set[str]] = {name: set() for name in labels.videos}
        for one in labels.instances:
            shown[one.video].add(one.label)
        return shown
    if isinstance(labels, video_labels.VideoLabels):
        return {name: {*labels.labels[name]} for name in labels.videos}
    return {
        name: {labels.classes[x] for x in np.unique(of_frames)}
        for name, of_frames in labels.labels.items()
    }


def only(labels: runs.Labels, videos: Sequence[str]) -> runs.Labels:
    """The labels of some of the videos; the classes stay what they are."""
    if isinstance(labels, segments.Annotations):
        return labels.of_videos(videos)
    chosen = set(videos)
    if isinstance(labels, frame_labels.FrameLabels):
        frames = {name: labels.labels[name] for name in sorted(chosen)}
        return dataclasses.replace(labels, labels=frames)
    kept = {name: labels.labels[name] for name in sorted(chosen)}
    return dataclasses.replace(labels, labels=kept, videos=tuple(kept))
