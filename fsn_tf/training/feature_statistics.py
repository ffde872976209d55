"""Mean and deviation of the features of many videos."""

from collections.abc import Sequence

import numpy as np

from fsn_tf import progress
from fsn_tf.snippets.prepared_folders import PreparedVideo


def of_videos(
    videos: Sequence[PreparedVideo],
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation over every snippet of every video.

    Args:
        videos: Of stored features; read a stretch at a time.

    Returns:
        (mean, deviation), (D,) float64 each.

    Raises:
        InputError: A file cannot be read.
    """
    count, mean, squares = 0, np.zeros(()), np.zeros(())
    for video in progress.followed(
        videos, len(videos), "videos' features averaged"
    ):
        for rows in video.features(_no_images):
            # Two sets' sums of squares about their own means are joined, as
            # a sum about 0 would lose the digits of features far from it.
            own = rows.mean(axis=0, dtype=float)
            own_squares = np.square(rows - own).sum(axis=0)
            total = count + len(rows)
            apart = own - mean
            squares = squares + own_squares
            squares = squares + apart**2 * (count * len(rows) / total)
            mean = mean + apart * (len(rows) / total)
            count = total
    return mean, np.sqrt(squares / count)


def _no_images(images):
    raise TypeError(f"expected stored features, got images {images.shape}")
