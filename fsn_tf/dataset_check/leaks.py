"""What several parts of a data set have in common, and should not."""

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
import dataclasses
import itertools

import numpy as np

from fsn_tf import errors
from fsn_tf.annotations import rows
from fsn_tf.dataset_check import checks
from fsn_tf.dataset_check import likeness
from fsn_tf.datasets import part_files
from fsn_tf.datasets import splitting
from fsn_tf.segments import names
from fsn_tf.videos import sources


@dataclasses.dataclass(frozen=True)
class Part:
    """One part of a data set, such as its training videos.

    Attributes:
        name: What to call it.
        videos: Names of the videos.
        motions: {video: what moves in it}, of those that were looked at.
    """

    name: str
    videos: Sequence[str]
    motions: Mapping[str, np.ndarray] = dataclasses.field(default_factory=dict)


def read(
    paths: Sequence[str], subsets: Sequence[str | None] = (None,)
) -> list[Part]:
    """The parts that annotations name.

    Args:
        paths: Annotations of any format, see part_files.read.
        subsets: Of ActivityNet JSONs; several make as many parts of each.

    Raises:
        InputError: Annotations are damaged, or of no format.
    """
    found = []
    for path, subset in itertools.product(paths, subsets):
        labeled = part_files.read(path, subset=subset)
        name = path if subset is None else f"{path}:{subset}"
        found.append(Part(name, labeled.videos))
    return found


def with_motions(
    parts: Sequence[Part],
    folders: Sequence[str],
    source_fps: float | None = None,
) -> tuple[list[Part], list[checks.Finding]]:
    """The parts with what moves in their videos, and what was not looked at.

    Args:
        parts: The parts.
        folders: One for each part, or one for all.
        source_fps: Frames per second of folders of frames.

    Raises:
        InputError: There are other numbers of folders than of parts, or one
            holds no video.
    """
    if len(folders) == 1:
        folders = list(folders) * len(parts)
    if len(folders) != len(parts):
        raise errors.InputError(
            f"expected one folder of videos or {len(parts)}, one for each "
            f"part; got {len(folders)}"
        )
    found: list[Part] = []
    missing: list[str] = []
    reasons: dict[str, str] = {}
    for part, folder in zip(parts, folders, strict=True):
        there = {sources.name(x): x for x in sources.find(folder)[0]}
        called = names.known_as(part.videos, there)
        missing += [x for x in part.videos if called[x] not in there]
        paths = {x: there[y] for x, y in called.items() if y in there}
        motions, unseen = likeness.motions(paths, source_fps)
        reasons |= unseen
        found.append(dataclasses.replace(part, motions=motions))
    kinds = {
        "annotated videos that are not in the folder": missing,
        "videos that were not compared": list(reasons.values()),
    }
    return found, [_finding(*one, is_problem=False) for one in kinds.items()]


def findings(
    parts: Sequence[Part], group: str | None = None
) -> list[checks.Finding]:
    """What any two parts have in common.

    Args:
        parts: Two or more.
        group: A regular expression, see splitting.groups_by_pattern; None
            looks for no groups.

    Returns:
        [checks.Finding], of which those without a name found nothing.
    """
    same, shared, alike = [], [], []
    for one, other in itertools.combinations(parts, 2):
        pairs = _same(one.videos, other.videos)
        where = f"{one.name} and {other.name}"
        same += [_said(pair, where) for pair in pairs]
        if group is not None:
            shared += _shared(one, other, group)
        alike += [
            f"{_said((first, second), where)}: {number:.3f}"
            for first, second, number in likeness.alike(
                one.motions, other.motions
            )
            if (first, second) not in pairs
        ]
    return [
        _finding("videos that are in two parts", same),
        _finding("groups that are in two parts", shared),
        _finding("videos that look alike in two parts", alike),
    ]


def _finding(kind, names, *, is_problem=True):
    return checks.Finding(kind, str(len(names)), tuple(names), is_problem)


def _said(pair, where):
    first, second = pair
    both = first if first == second else f"{first} = {second}"
    return f"{both} in {where}"


def _same(videos: Collection[str], others: Collection[str]):
    """[(video, the same by another name or none)]."""
    found = {_key(video): video for video in videos}
    return [
        (found[_key(other)], other) for other in others if _key(other) in found
    ]


def _key(video):
    """A name without what does not make another video of it."""
    return rows.video_name("", video).lower().removeprefix("v_")


def _shared(one, other, group):
    """Lines on the groups that both parts have videos of."""
    videos = dict.fromkeys([*one.videos, *other.videos])
    groups, alone = splitting.groups_by_pattern(videos, group)
    grouped = {x: name for x, name in groups.items() if x not in set(alone)}
    both = [
        [grouped[x] for x in part.videos if x in grouped]
        for part in (one, other)
    ]
    return [
        f"{name}: {both[0].count(name)} videos of {one.name}, "
        f"{both[1].count(name)} of {other.name}"
        for name in sorted({*both[0]} & {*both[1]})
    ]
