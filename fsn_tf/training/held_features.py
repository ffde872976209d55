"""Features of all videos in memory, where there is room for them."""

from collections.abc import Sequence
import dataclasses
import os
import pathlib

import numpy as np
import tensorflow as tf

from fsn_tf import progress
from fsn_tf.errors import InputError
from fsn_tf.snippets.feature_files import FeatureFile
from fsn_tf.snippets.prepared_folders import PreparedVideo

# Of the memory of the machine; the rest is for what else training needs.
_LARGEST_SHARE = 0.25

_ALIGNMENT = 64
_CONTAINER = pathlib.Path("/sys/fs/cgroup/memory.max")


@dataclasses.dataclass(frozen=True)
class HeldFeatures:
    """The features of V videos one after the other.

    Attributes:
        rows: (R, D) float32 tensor in the memory of the host.
        first: (V,) int64, the first row of each video.
        snippets: (V,) int64, how many rows each has.
    """

    rows: tf.Tensor
    first: np.ndarray
    snippets: np.ndarray

    @property
    def last(self) -> np.ndarray:
        """(V,) int64, the last row of each video."""
        return self.first + self.snippets - 1


def of(
    videos: Sequence[PreparedVideo], most_bytes: int | None = None
) -> HeldFeatures | None:
    """The features of all videos, read once.

    Args:
        videos: What is prepared of each, all alike.
        most_bytes: What they may take; by default a quarter of the memory.

    Returns:
        HeldFeatures; None where they take more, or images are prepared.

    Raises:
        InputError: A file is damaged.
    """
    features = [video for video in videos if isinstance(video, FeatureFile)]
    snippets = np.array([video.num_snippets for video in features], np.int64)
    if most_bytes is None:
        most_bytes = round(_LARGEST_SHARE * _machine_bytes())
    if not features or len(features) < len(videos):
        return None
    shape = int(snippets.sum()), features[0].feature_size
    if 4 * shape[0] * shape[1] > most_bytes:
        return None
    stops = np.cumsum(snippets)
    rows = _aligned(shape)
    placed = zip(features, stops, strict=True)
    for video, stop in progress.followed(
        placed, len(features), "videos' features read"
    ):
        rows[stop - video.num_snippets : stop] = _rows(video, shape[1])
    # A tensor that is the array; to convert it would copy it twice.
    held = tf.experimental.dlpack.from_dlpack(rows.__dlpack__())
    return HeldFeatures(held, stops - snippets, snippets)


def _aligned(shape):
    """An array that starts where TensorFlow wants its tensors to."""
    size = shape[0] * shape[1]
    raw = np.empty(size + _ALIGNMENT // 4, np.float32)
    skipped = -raw.ctypes.data % _ALIGNMENT // 4
    return raw[skipped : skipped + size].reshape(shape)


def _rows(video, feature_size):
    rows = video.rows()
    if rows.shape != (video.num_snippets, feature_size):
        raise InputError(
            f"{video.path}: holds an array of shape {rows.shape}, not what was "
            "written; delete it and run fsn prepare again"
        )
    return rows


def _machine_bytes():
    """Of memory, or what a container may use of it."""
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        return min(there, int(_CONTAINER.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        # There is no container, or no limit, which is "max".
        return there
