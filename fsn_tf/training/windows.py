"""Training windows as index arithmetic (Section 3.5)."""

from collections.abc import Sequence
import dataclasses

import numpy as np

from fsn_tf import progress
from fsn_tf import segments
from fsn_tf.experiment import Experiment
from fsn_tf.segments import Instance

Targets = tuple[np.ndarray, np.ndarray]

# An instance of the first class is one of the second as well; a softmax has
# room for one of them, the more specific one (choice C14).
_CONTAINED = {"CliffDiving": "Diving"}


@dataclasses.dataclass(frozen=True)
class Windows:
    """Training windows of all videos, as columns of one table.

    Attributes:
        video: (W,) int, index of the video.
        first_snippet: (W,) int, where the window starts.
        action: (W,) int, its most frequent action class; K without any.
        labels: (W, T) int32, class of every frame; K is background.
        weights: (W, T) float32, 0 for frames that teach nothing: ambiguous
            ones, and those beyond the end of a short video.
    """

    video: np.ndarray
    first_snippet: np.ndarray
    action: np.ndarray
    labels: np.ndarray
    weights: np.ndarray

    def __len__(self) -> int:
        return len(self.video)


def frame_targets(
    instances: Sequence[Instance],
    ambiguous: Sequence[Instance],
    classes: Sequence[str],
    *,
    num_frames: int,
    fps: float,
) -> Targets:
    """One class for every frame of one video, as a softmax needs it.

    Where actions overlap, the shorter instance has the frame, and CliffDiving
    has it before Diving (choice C14). Ambiguous background has no weight
    (choice C15).

    Args:
        instances: Instance of this video alone.
        ambiguous: Ambiguous intervals of this video alone.
        classes: K action names.
        num_frames: F.
        fps: Frames per second.

    Returns:
        (labels, weights): (F,) int32 where K is background, (F,) float32.
    """
    column = segments.index_of(classes)
    labels = np.full(num_frames, len(classes), np.int32)

    def span(instance):
        return slice(
            *segments.frame_span(
                instance.start_seconds,
                instance.end_seconds,
                num_frames=num_frames,
                fps=fps,
            )
        )

    def duration(instance):
        return instance.end_seconds - instance.start_seconds

    for instance in sorted(instances, key=duration, reverse=True):
        labels[span(instance)] = column[instance.label]
    for instance in instances:
        container = column.get(_CONTAINED.get(instance.label, ""))
        frames = labels[span(instance)]
        frames[frames == container] = column[instance.label]
    weights = np.ones(num_frames, np.float32)
    for interval in ambiguous:
        weights[span(interval)] = 0
    weights[labels < len(classes)] = 1
    return labels, weights


def windows(
    targets: Sequence[Targets], num_classes: int, experiment: Experiment
) -> Windows:
    """Slides a window over every video and keeps those with enough action.

    The last window of a video that would run past its end is moved back, so
    that every frame can be learned from (choice C12). A video shorter than a
    window gives one window; the frames it lacks have weight 0.

    Args:
        targets: One (labels, weights) per video, as `frame_targets` gives.
        num_classes: K.
        experiment: Experiment.

    Returns:
        Windows, in the order of the videos and in time. Where the experiment
        asks for no action, those of background alone are among them.
    """
    parts = [
        _of_video(video, *of_video, num_classes, experiment)
        for video, of_video in enumerate(
            progress.followed(targets, len(targets), "videos cut into windows")
        )
    ]
    columns = map(np.concatenate, zip(*parts, strict=True))
    return Windows(*columns) if parts else _none(experiment.clip_frames)


def _none(clip_frames):
    nothing, clips = np.zeros(0, np.int64), np.zeros((0, clip_frames), np.int32)
    return Windows(nothing, nothing, nothing, clips, clips.astype(np.float32))


def _of_video(video, labels, weights, num_classes, experiment):
    """The columns of Windows that one video has, each (w,) or (w, T)."""
    first_snippet = np.array(_window_starts(len(labels), experiment), np.int64)
    first = first_snippet * experiment.snippet_frames
    beyond = (0, max(first[-1] + experiment.clip_frames - len(labels), 0))
    # (w, T) places of the frames in the video
    places = first[:, None] + np.arange(experiment.clip_frames)
    labels = np.pad(labels, beyond, constant_values=num_classes)[places]
    weights = np.pad(weights, beyond)[places]
    action, acting = _most_frequent(labels, num_classes)
    # What is ambiguous alone, without any action, teaches nothing.
    keeps = (acting >= experiment.min_action_frames) & weights.any(axis=1)
    columns = first_snippet, action, labels, weights
    kept = [column[keeps] for column in columns]
    return np.full(keeps.sum(), video, np.int64), *kept


def _most_frequent(labels, num_classes):
    """The first of the most frequent actions, and the frames of any.

    Args:
        labels: (w, T) where K is background.
        num_classes: K.

    Returns:
        ((w,) int64, (w,) int64); K where there is no action: background
        alone is a class of its own (choice C13).
    """
    kinds, places = np.unique(labels, return_inverse=True)
    places = places.reshape(labels.shape)
    # Of the few that a video shows; there may be a thousand classes.
    places += len(kinds) * np.arange(len(labels))[:, None]
    counts = np.bincount(places.ravel(), minlength=len(labels) * len(kinds))
    counts = counts.reshape(len(labels), len(kinds))[:, kinds < num_classes]
    acting = counts.sum(axis=1)
    if not counts.size:
        return np.full(len(labels), num_classes, np.int64), acting
    most = kinds[counts.argmax(axis=1)].astype(np.int64)
    return np.where(acting, most, num_classes), acting


def _window_starts(num_frames, experiment):
    num_snippets = -(-num_frames // experiment.snippet_frames)
    last = max(num_snippets - experiment.clip_snippets, 0)
    stride = experiment.window_stride // experiment.snippet_frames
    starts = list(range(0, last + 1, stride))
    return starts if starts[-1] == last else [*starts, last]


def schedule(
    actions: np.ndarray, num_examples: int, *, balance: bool, seed: int
) -> np.ndarray:
    """The order in which windows are learned from.

    A pure function of its arguments, and a longer schedule starts like a
    shorter one: training can stop and go on anywhere. Balanced, every class
    that occurs is drawn equally often, and the windows of a class all come
    once before any comes again (choice C13); else all windows come once
    before any comes again.

    Args:
        actions: (W,) the most frequent action of each window.
        num_examples: Length of the schedule.
        balance: Whether to draw classes uniformly.
        seed: Of the random order.

    Returns:
        (num_examples,) int64, indices of windows.
    """
    groups = np.asarray(actions) if balance else np.zeros(len(actions), int)
    kinds = np.unique(groups)
    draws = np.random.default_rng([seed, 0]).random(num_examples)
    drawn = kinds[(draws * len(kinds)).astype(int)]
    order = np.empty(num_examples, np.int64)
    for kind in kinds:
        places = np.flatnonzero(drawn == kind)
        members = np.flatnonzero(groups == kind)
        rng = np.random.default_rng([seed, 1, kind])
        passes = -(-len(places) // len(members))
        # passes x (members,) -> at least (places,)
        rounds = [rng.permutation(members) for _ in range(passes)]
        order[places] = np.concatenate(rounds or [members])[: len(places)]
    return order
