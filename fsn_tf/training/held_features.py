"""Features of all videos in memory, where there is room for them."""

from collections.abc import Sequence
import dataclasses
import os

import numpy as np
import tensorflow as tf

from fsn_tf.snippets.feature_files import FeatureFile
from fsn_tf.snippets.prepared_folders import PreparedVideo

# Of the memory of the machine; the rest is for what else training needs.
_LARGEST_SHARE = 0.25


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
    rows = np.empty(shape, np.float32)
    for video, stop in zip(features, stops, strict=True):
        rows[stop - video.num_snippets : stop] = video.rows()
    # What is gathered on the host must not lie on a device.
    with tf.device("CPU"):
        held = tf.convert_to_tensor(rows)
    return HeldFeatures(held, stops - snippets, snippets)


def _machine_bytes():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
