"""Which axis of somebody's arrays counts snippets, as far as shapes tell."""

import collections
from collections.abc import Callable
from collections.abc import Mapping
import contextlib
import pathlib

import numpy as np

from fsn_tf.errors import InputError

_AXES = {"ND": ("rows", 1, "DT"), "DT": ("columns", 0, "ND")}


def check(
    source: pathlib.Path,
    found: Mapping[str, Callable[[], np.ndarray]],
    layout: str,
) -> None:
    """Refuses arrays whose snippets differ in how many numbers they have.

    An array that cannot be read is passed over: it fails where it is stored.

    Args:
        source: Folder of the arrays, for the message.
        found: {video: function that loads its array}.
        layout: "ND" or "DT", see features.from_arrays.

    Raises:
        InputError: They differ; the line names the other layout where all
            have its number in common.
    """
    shapes = {}
    for video, load in found.items():
        with contextlib.suppress(InputError):
            shapes[video] = load().shape
    snippets, axis, other = _AXES[layout]
    sizes = collections.Counter(shape[axis] for shape in shapes.values())
    if len(sizes) < 2:
        return
    # The usual size is right; one video shows another.
    (usual, _), *_ = sizes.most_common()
    odd = next(x for x in shapes if shapes[x][axis] != usual)
    like = next(x for x in shapes if shapes[x][axis] == usual)
    line = (
        f"{source}: {odd} has {shapes[odd][axis]} numbers for each snippet "
        f"(shape {shapes[odd]}) where {like} has {usual} (shape "
        f"{shapes[like]})"
    )
    if len({shape[1 - axis] for shape in shapes.values()}) == 1:
        common = shapes[odd][1 - axis]
        raise InputError(
            f"{line}, but all have {common} {snippets}: they are of the other "
            f"layout; give --features_layout={other}"
        )
    raise InputError(f"{line}; one network takes features of one size")
