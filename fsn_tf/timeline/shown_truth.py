"""Ground truth that is shown beside what was found."""

from collections.abc import Callable
from collections.abc import Sequence
import pathlib

from fsn_tf import segments
from fsn_tf.segments import columns
from fsn_tf.videos import sources


def of(
    paths: Sequence[pathlib.Path],
    truth: segments.Annotations,
    say: Callable[[str], None],
) -> segments.Annotations:
    """The truth, its videos called as these are.

    Args:
        paths: Of the videos.
        truth: segments.Annotations.
        say: Called with a line where truth is of none of them.
    """
    here = [sources.name(path) for path in paths]
    truth = truth.named_as(here)
    alone = sorted(set(truth.videos) - set(here))
    if alone:
        say(
            f"note: {columns.some(alone)} of {len(truth.videos)} annotated "
            "videos not among these"
        )
    return truth
