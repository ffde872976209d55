"""What parts of a data set hold, as a table and notes."""

from collections.abc import Mapping
from collections.abc import Sequence

from fsn_tf.datasets import part_files

_SHOWN_PARTS = 3


def rows(
    labeled: part_files.Labeled, parts: Sequence[Sequence[str]]
) -> list[list[str]]:
    """Rows of cells for each class, the head first.

    Args:
        labeled: What was divided.
        parts: The videos of each part.
    """
    totals = [labeled.totals(videos) for videos in parts]
    quiet = [sum(not labeled.counts[x] for x in videos) for videos in parts]
    table = {
        "videos": list(map(len, parts)),
        "videos without action": quiet,
        **{name: [each[name] for each in totals] for name in labeled.classes},
    }
    numbers = [str(x) for x in range(1, len(parts) + 1)]
    return [
        ["instances in part", *numbers, "all"],
        *(
            [name, *map(str, counts), str(sum(counts))]
            for name, counts in table.items()
        ),
    ]


def notes(
    labeled: part_files.Labeled,
    groups: Mapping[str, str],
    parts: Sequence[Sequence[str]],
) -> list[str]:
    """A line on each class that is in fewer groups than there are parts.

    Args:
        labeled, parts: As for rows.
        groups: {video: its group}.
    """
    found = []
    totals = [labeled.totals(videos) for videos in parts]
    for name in labeled.classes:
        holders = {groups[x] for x in labeled.videos if labeled.counts[x][name]}
        lacking = [x for x, each in enumerate(totals, 1) if not each[name]]
        if lacking:
            some = ", ".join(map(str, lacking[:_SHOWN_PARTS]))
            some += ", ..." if len(lacking) > _SHOWN_PARTS else ""
            found.append(
                f"{name} is in {len(holders)} groups of videos and not in "
                f"{len(lacking)} of {len(parts)} parts ({some})"
            )
    return found
