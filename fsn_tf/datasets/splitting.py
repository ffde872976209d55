"""Videos divided into parts: whole groups, with every class in each part."""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
import re

import numpy as np

from fsn_tf.errors import InputError

# Of so many ways to divide the videos the most even one is taken; fewer
# where there are more groups, for the sake of time.
_WAYS = 100
_PLACED = 50_000


def groups_by_pattern(
    videos: Iterable[str], pattern: str
) -> tuple[dict[str, str], list[str]]:
    """The group of every video, by its name.

    Args:
        videos: Names.
        pattern: A regular expression that is looked for in each name. What
            its first pair of parentheses takes is the group, or else all
            that it takes.

    Returns:
        ({video: group}, the videos without a match); each of the latter is a
        group of its own.

    Raises:
        InputError: It is no regular expression, or is in no name.
    """
    try:
        sought = re.compile(pattern)
    except re.error as error:
        raise InputError(
            f"group: expected a regular expression, got {pattern!r}: {error}"
        ) from error
    found = {video: sought.search(video) for video in videos}
    alone = [video for video, match in found.items() if match is None]
    if len(alone) == len(found):
        raise InputError(
            f"group: expected {pattern!r} in the names of videos, got names "
            f"such as {alone[0] if alone else None!r}"
        )
    return {
        video: match[min(1, sought.groups)] or video if match else video
        for video, match in found.items()
    }, alone


def parts(
    counts: Mapping[str, Mapping[str, int]],
    groups: Mapping[str, str],
    shares: Sequence[float],
    *,
    seed: int,
) -> list[list[str]]:
    """Divides videos; a group is never cut.

    Each part gets its share of the videos, of the instances of every class,
    and of the videos without any, as evenly as whole groups allow. A class
    that is in as many groups as there are parts is in each of them.

    Args:
        counts: {video: {class: how many instances it shows}}.
        groups: {video: its group}.
        shares: P numbers above 0 that add up to 1.
        seed: Of the choice among ways that are equally even.

    Returns:
        P lists of videos, each in name order.

    Raises:
        InputError: There are fewer groups than parts.
    """
    names = sorted({groups[video] for video in counts})
    if len(names) < len(shares):
        raise InputError(
            f"expected {len(shares)} groups of videos or more for as many "
            f"parts, got {len(names)}"
        )
    table = _table(counts, groups, names)
    rng = np.random.default_rng(seed)
    ways = [
        _assigned(table, np.array(shares), rng)
        for _ in range(min(max(_PLACED // len(names), 1), _WAYS))
    ]
    best = min(ways, key=lambda way: _unevenness(table, np.array(shares), way))
    place = dict(zip(names, best.tolist(), strict=True))
    return [
        sorted(video for video in counts if place[groups[video]] == part)
        for part in range(len(shares))
    ]


def named(
    parts: Sequence[Sequence[str]], *, are_folds: bool
) -> dict[str, list[str]]:
    """{name: videos} of what is to be written.

    Args:
        parts: The videos of each part.
        are_folds: Whether each part is tested once, by what the others are
            to train.
    """
    count = len(parts)
    if not are_folds:
        return {
            f"part-{place}-of-{count}": list(videos)
            for place, videos in enumerate(parts, start=1)
        }
    found = {}
    for place, videos in enumerate(parts, start=1):
        others = {x for part in parts for x in part} - set(videos)
        found[f"fold-{place}/train"] = sorted(others)
        found[f"fold-{place}/test"] = list(videos)
    return found


def _table(counts, groups, names):
    """(G, C) what each group holds of what is to be spread.

    The columns are the classes that occur, the videos, and, if there are
    any, the videos without instances.
    """
    classes = sorted({name for found in counts.values() for name in found})
    row = {name: place for place, name in enumerate(names)}
    column = {name: place for place, name in enumerate(classes)}
    table = np.zeros((len(names), len(classes) + 2))
    for video, found in counts.items():
        here = table[row[groups[video]]]
        for name, count in found.items():
            here[column[name]] += count
        here[-2] += 1
        here[-1] += not sum(found.values())
    return table[:, table.any(axis=0)]


def _assigned(table, shares, rng):
    """(G,) part of each group: one at a time, to where most is lacking."""
    totals = table.sum(axis=0)  # (C,)
    lacking = shares[:, None] * totals  # (P, C)
    is_absent = np.ones(lacking.shape, bool)  # (P, C), of a class in a part
    left = (table > 0).sum(axis=0)  # (C,) groups still to come
    way = np.empty(len(table), int)
    for group in _order(table, rng):
        held = table[group]
        wish = lacking @ (held / totals)  # (P,)
        # The last groups of a class go to the parts that have none of it.
        is_late = (held > 0) & (left <= is_absent.sum(axis=0))
        urgent = (is_absent & is_late).sum(axis=1)  # (P,)
        way[group] = part = np.lexsort((wish, urgent))[-1]
        lacking[part] -= held
        is_absent[part] &= held == 0
        left -= held > 0
    return way


def _order(table, rng):
    """Groups of rare classes first, then the large ones; else by chance."""
    rarity = np.where(table > 0, (table > 0).sum(axis=0), np.inf).min(axis=1)
    # Somewhat by chance, so that there are several ways to choose from.
    size = (table / table.sum(axis=0)).sum(axis=1) * rng.uniform(
        0.5, 1, len(table)
    )
    return np.lexsort((-size, rarity))


def _unevenness(table, shares, way):
    """(columns that parts lack, squared distance from an even division)."""
    held = np.zeros((len(shares), table.shape[1]))  # (P, C)
    np.add.at(held, way, table)
    totals = table.sum(axis=0)
    distance = (held - shares[:, None] * totals) ** 2 / totals
    return int((held == 0).sum()), float(distance.sum())
