"""What is wrong or odd in a data set, found before hours of work."""

import collections
import dataclasses

from fsn_tf import experiment
from fsn_tf.dataset_check import alike_labels
from fsn_tf.dataset_check import facts as dataset_facts
from fsn_tf.dataset_check.facts import FPS
from fsn_tf.training import learnable

_SNIPPET = experiment.Experiment.snippet_frames
_WINDOW = experiment.Experiment.clip_frames
_FEW_INSTANCES = 5
_IMBALANCE = 10
_USUAL_FPS = (20, 60)
_USUAL_BACKGROUND = (0.02, 0.98)
_DURATION_TOLERANCE_SECONDS = 1.0
_LEARNED = "FSN learns from them with --min_action_frames=0 alone"


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing that is wrong or odd.

    Attributes:
        kind: What.
        amount: How many, or which share.
        names: Where: videos, classes or rows.
        is_problem: Whether training cannot start, or learns what is wrong.
    """

    kind: str
    amount: str
    names: tuple[str, ...]
    is_problem: bool


def findings(dataset: dataset_facts.Dataset) -> list[Finding]:
    """All that is wrong or odd, the problems first; [] where nothing is.

    Args:
        dataset: facts.Dataset.

    Returns:
        [Finding].
    """
    found = [
        Finding(kind, str(len(names)), tuple(names), is_problem)
        for kind, names, is_problem in _lists(dataset)
        if names
    ]
    if dataset.truth is not None:
        found += [*_quiet(dataset), *_shares(dataset)]
    return sorted(found, key=lambda one: not one.is_problem)


def _lists(dataset):
    """Yields (kind, names, whether that is a problem)."""
    videos, known = dataset.videos, {*dataset.videos, *dataset.unreadable}
    missing = [x for x in dataset.annotated if x not in known]
    yield "annotated videos that are not in the folder", missing, True
    yield "videos that cannot be read", list(dataset.unreadable.values()), True
    present = any(video in videos for video, _ in dataset.labels)
    nothing = [] if present else sorted(known)
    yield "videos, and not one instance in them", nothing, True
    if dataset.truth is not None:
        yield from _instance_lists(dataset.truth, videos)
    unused = sorted(known - set(dataset.annotated))
    yield "videos without annotation, which nothing uses", unused, False
    yield from _video_lists(videos)
    yield from _class_lists(dataset)
    yield from _learnable_lists(dataset)
    yield "remarks on the annotations", list(dataset.notes), False


def _instance_lists(truth, videos):
    late, long, short, repeated = [], [], [], []
    for one, count in collections.Counter(truth.instances).items():
        length = one.end_seconds - one.start_seconds
        row = (
            f"{one.video}: {one.label} from {one.start_seconds:g} to "
            f"{one.end_seconds:g} s"
        )
        # 2.26 - 2.06 is below 0.2 in floats.
        if round(length * FPS, 6) < _SNIPPET:
            short.append(row)
        if count > 1:
            repeated.append(row)
        if one.video not in videos:
            continue
        duration = videos[one.video].seconds
        outside = f"{row} of {duration:g} s"
        if one.start_seconds > duration:
            late.append(outside)
        elif one.end_seconds > duration + 1 / FPS:
            long.append(outside)
    yield "instances that start after the end of their video", late, True
    yield "instances that end after their video", long, False
    kind = f"instances shorter than a snippet, {_SNIPPET / FPS:g} s"
    yield kind, short, False
    yield "instances that are listed more than once", repeated, False
    kind = "videos of another length than their annotation says"
    yield kind, _other_lengths(truth, videos), False


def _other_lengths(truth, videos):
    return [
        f"{video}: {videos[video].seconds:g} s instead of {seconds:g} s"
        for video, seconds in truth.durations_seconds.items()
        if video in videos
        and abs(videos[video].seconds - seconds) > _DURATION_TOLERANCE_SECONDS
    ]


def _video_lists(videos):
    low, high = _USUAL_FPS
    odd, uneven, brief, late, other = [], [], [], [], []
    for name, facts in videos.items():
        if not low <= facts.fps <= high:
            odd.append(f"{name}: {facts.fps:g}")
        if not facts.is_even:
            uneven.append(name)
        if facts.seconds * FPS < _WINDOW:
            brief.append(f"{name}: {facts.seconds:.2f} s")
        if facts.start_seconds >= 1 / facts.fps:
            late.append(f"{name}: at {facts.start_seconds:.2f} s")
        declared = facts.declared_seconds or facts.seconds
        if abs(declared - facts.seconds) > _DURATION_TOLERANCE_SECONDS:
            other.append(f"{name}: {facts.seconds:.2f} s, not {declared:.2f} s")
    kind = f"videos of less than {low} or more than {high} frames per second"
    yield kind, odd, False
    yield "videos of uneven frame rate, resampled by time", uneven, False
    kind = "videos whose picture starts after the file, the first frame stands"
    yield kind, late, False
    yield "videos of another length than they declare", other, False
    kind = f"videos shorter than a window, {_WINDOW / FPS:g} s"
    yield kind, brief, False


def _class_lists(dataset):
    counts = dataset_facts.instance_counts(dataset)
    few = [
        f"{name}: {count}"
        for name, count in counts.items()
        if count < _FEW_INSTANCES
    ]
    yield f"classes of fewer than {_FEW_INSTANCES} instances", few, False
    frequent = max(counts.values(), default=0)
    rare = [
        f"{name}: {count} of up to {frequent}"
        for name, count in counts.items()
        if count * _IMBALANCE < frequent
    ]
    kind = f"classes over {_IMBALANCE} times rarer than the most frequent"
    yield kind, rare, False
    kind = "labels that differ in case, blanks, `_` or `-` alone"
    yield kind, alike_labels.groups(dataset.classes), False


def _learnable_lists(dataset):
    """Yields what training refuses, or what TSN and WFSN refuse alone."""
    problem = learnable.classes_problem(dataset.classes)
    yield "labels that nothing can be learned from", _one(problem), True
    labels = collections.defaultdict(set)
    for video, label in dataset.labels:
        labels[video].add(label)
    if dataset.truth is None:
        problem = learnable.videos_problem(labels.values())
        yield "labels that tell no videos apart", _one(problem), True


def _one(line):
    return [line] if line else []


def _quiet(dataset):
    """A finding on videos that the paper's rule does not learn from."""
    acting = {video for video, _ in dataset.labels}
    quiet = [video for video in dataset.annotated if video not in acting]
    if not quiet:
        return []
    seconds = {
        video: dataset.videos[video].seconds
        for video in dataset.annotated
        if video in dataset.videos
    }
    lost = sum(seconds.get(video, 0) for video in quiet)
    share = _percent(lost / (sum(seconds.values()) or 1))
    amount = f"{len(quiet)}, {share} of the frames; {_LEARNED}"
    kind = "annotated videos without an action"
    return [Finding(kind, amount, tuple(quiet), False)]


def _shares(dataset):
    """Findings on shares of the frames."""
    shares = dataset_facts.frame_shares(dataset)
    found = []
    several, background = shares["several_classes"], shares["background"]
    if several:
        kind = "action frames of several classes, a softmax learns one (C14)"
        pairs = tuple(
            f"{first} + {second}: {seconds:g} s"
            for (first, second), seconds in shares["pairs_seconds"].items()
        )
        found.append(Finding(kind, _percent(several), pairs, False))
    low, high = _USUAL_BACKGROUND
    if background is not None and not low <= background <= high:
        kind = f"background in the frames, unlike {low:.0%} to {high:.0%}"
        found.append(Finding(kind, _percent(background), (), False))
    return found


def _percent(share):
    return f"{100 * share:.1f} %"
