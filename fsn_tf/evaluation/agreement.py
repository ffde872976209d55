"""How well two annotators agree, which is the ceiling of what can be found."""

import collections
import dataclasses

import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.evaluation import boundary_errors
from fsn_tf.evaluation import chance
from fsn_tf.evaluation import spotting
from fsn_tf.segments import columns
from fsn_tf.segments import overlaps

# F1 at these tIoU, as of frame-wise segmentation.
TIOUS = (0.1, 0.25, 0.5)
# Boundaries are those of instances that overlap by that much.
_SAME_TIOU = 0.5


def kappa(table: np.ndarray) -> float | None:
    """Cohen's kappa: agreement beyond that of chance.

    Args:
        table: (N, N) how many frames have the first annotator's label (row)
            and the second's (column).

    Returns:
        1 for full agreement, 0 for that of chance; None where there are no
        frames, or where all of them have one label with both.
    """
    total = table.sum()
    if not total:
        return None
    both = np.trace(table) / total
    by_chance = (table.sum(axis=0) @ table.sum(axis=1)) / total**2
    if by_chance == 1:
        return None
    return float((both - by_chance) / (1 - by_chance))


def agreement(
    first: segments.Annotations, second: segments.Annotations, *, fps: float
) -> dict:
    """Compares two annotations of the same videos.

    Frames: kappa of the classes that a frame shows, all together as one
    label, none of them among these; and of each class by itself. Instances:
    pairs of one class and video, those that overlap most first, each in one
    pair; F1 is twice the pairs that reach a tIoU among all instances. Offsets
    are of the pairs that reach 0.5, the second annotator's minus the first's.

    Args:
        first, second: Of the same videos; what only one of them has is left
            out with a note.
        fps: Frames per second. A video is as long as either source says, or
            until the last instance of both.

    Returns:
        A dict that JSON can hold: videos, frames, instances of both, kappa,
        f1 {"50": ...}, starts and ends as boundary_errors.summary has them,
        per_class {class: {kappa, f1, instances}}, notes.

    Raises:
        InputError: They have no video in common, or not one instance.
    """
    first, second, notes = _alike(first, second)
    tables, everything = _frame_tables(first, second, fps)
    pairs = _pairs(first, second)
    same = pairs.tiou >= _SAME_TIOU
    offsets = {
        name: boundary_errors.summary(
            spotting.frames_of(_times(second, name)[pairs.second[same]], fps)
            - spotting.frames_of(_times(first, name)[pairs.first[same]], fps)
        )
        for name in ("start", "end")
    }
    counts = np.array([_counts(one) for one in (first, second)])  # (2, K)
    label = _labels(first)[pairs.first]
    return {
        "videos": len(first.videos),
        "frames": int(everything.sum()),
        "fps": fps,
        "instances": counts.sum(axis=1).tolist(),
        "kappa": kappa(everything),
        "f1": _f1(pairs.tiou, counts.sum()),
        "starts": offsets["start"],
        "ends": offsets["end"],
        "per_class": {
            name: {
                "instances": counts[:, row].tolist(),
                "kappa": kappa(tables[row]),
                "f1": _f1(pairs.tiou[label == row], counts[:, row].sum()),
            }
            for row, name in enumerate(first.classes)
        },
        "notes": notes,
    }


def _alike(first, second):
    """Both with the same classes and videos, and notes on what differs."""
    videos = [name for name in first.videos if name in set(second.videos)]
    if not videos:
        raise errors.InputError(
            "expected two annotations of the same videos, but none is in both: "
            f"{columns.some(first.videos)} against "
            f"{columns.some(second.videos)}"
        )
    if not first.instances and not second.instances:
        raise errors.InputError(
            "expected an instance in one of two annotations, got none in either"
        )
    notes = []
    for place, one in (("first", first), ("second", second)):
        extra = len(one.videos) - len(videos)
        if extra:
            notes.append(f"{extra} videos left out: only the {place} has them")
    classes = tuple(sorted({*first.classes, *second.classes}))
    only = sorted(set(first.classes) ^ set(second.classes))
    if only:
        notes.append(f"classes that only one of them has: {', '.join(only)}")
    both = (
        dataclasses.replace(one, classes=classes).of_videos(videos)
        for one in (first, second)
    )
    return *both, notes


def _frame_tables(first, second, fps):
    """((K, 2, 2) frames of each class, (N, N) of all of them as one label)."""
    seconds = _seconds(first, second)
    known = [_by_video(one) for one in (first, second)]
    tables = np.zeros((len(first.classes), 2, 2), int)
    counts: collections.Counter = collections.Counter()
    for video in first.videos:
        one, other = (
            segments.frame_labels(
                instances[video],
                first.classes,
                num_frames=int(np.ceil(seconds[video] * fps)),
                fps=fps,
            )
            for instances in known
        )
        for row, column in np.ndindex(2, 2):
            both = (one == row) & (other == column)
            tables[:, row, column] += both.sum(axis=0)
        counts.update(_pairs_of_sets(one, other))
    place = {x: i for i, x in enumerate(dict.fromkeys(sum(counts, ())))}
    table = np.zeros((len(place), len(place)), int)
    for (row, column), count in counts.items():
        table[place[row], place[column]] = count
    return tables, table


def _seconds(first, second):
    """{video: how long it is}, by what both know."""
    one, other = chance.lengths(first), chance.lengths(second)
    return {video: max(one[video], other[video]) for video in first.videos}


def _pairs_of_sets(one, other):
    """{(set of classes, the other's): frames}, sets as bytes."""
    packed = [np.packbits(labels, axis=1) for labels in (one, other)]
    size = packed[0].shape[1]
    rows, counts = np.unique(np.hstack(packed), axis=0, return_counts=True)
    return {
        (row[:size].tobytes(), row[size:].tobytes()): int(count)
        for row, count in zip(rows, counts, strict=True)
    }


def _by_video(annotations):
    found = collections.defaultdict(list)
    for one in annotations.instances:
        found[one.video].append(one)
    return found


@dataclasses.dataclass(frozen=True)
class _Pairs:
    """(P,) places of instances of both, and how much they overlap."""

    first: np.ndarray
    second: np.ndarray
    tiou: np.ndarray


def _pairs(first, second):
    """Those that overlap most first, each instance in one pair at most."""
    one, other = (_table(x) for x in (first, second))
    rows, columns, tiou = overlaps.between(one, other, 0.0)
    # Of equals those that come first in time, whoever was first to annotate.
    order = np.lexsort(
        (
            one.high[rows] + other.high[columns],
            one.low[rows] + other.low[columns],
            -tiou,
        )
    )
    taken: tuple[set, set] = (set(), set())
    kept = []
    for place in order.tolist():
        row, column = int(rows[place]), int(columns[place])
        if tiou[place] and row not in taken[0] and column not in taken[1]:
            taken[0].add(row)
            taken[1].add(column)
            kept.append(place)
    return _Pairs(rows[kept], columns[kept], tiou[kept])


def _table(annotations):
    video = segments.index_of(annotations.videos)
    size = len(video)
    group = [
        annotations.class_index[one.label] * size + video[one.video]
        for one in annotations.instances
    ]
    return overlaps.Table(
        np.array(group, int),
        _times(annotations, "start"),
        _times(annotations, "end"),
    )


def _times(annotations, name):
    """(I,) seconds of all starts or ends, whichever way round they are."""
    times = np.array(
        [(x.start_seconds, x.end_seconds) for x in annotations.instances], float
    ).reshape(-1, 2)
    return times.min(axis=1) if name == "start" else times.max(axis=1)


def _labels(annotations):
    label = annotations.class_index
    return np.array([label[x.label] for x in annotations.instances], int)


def _counts(annotations):
    """(K,) int, instances of each class."""
    return np.bincount(_labels(annotations), minlength=len(annotations.classes))


def _f1(tiou, total):
    """{"50": F1}; None where neither has an instance."""
    return {
        f"{100 * least:g}": float(2 * (tiou >= least).sum() / total)
        if total
        else None
        for least in TIOUS
    }
