"""What frame scores are worth by chance: shifted in time, little is left."""

import pathlib
import zlib

import numpy as np

from fsn_tf.grouping import frame_scores


def shift(
    source: pathlib.Path | str, out: pathlib.Path | str, *, seed: int
) -> None:
    """Writes the scores of every video shifted in time, its end to its start.

    The shift is drawn uniformly, the same for all streams of a video. What
    is in the video and how long it lasts stays as it was; when it happens is
    left to chance.

    Args:
        source: Folder of score files.
        out: Folder of the shifted score files.
        seed: Of the shifts.
    """
    for video, found in frame_scores.read_folder(source).items():
        draw = np.random.default_rng([seed, zlib.crc32(video.encode())])
        places = int(draw.random() * len(found.scores))
        shifted = np.roll(found.scores, places, axis=0)
        frame_scores.write(
            out, video, shifted, fps=found.fps, classes=found.classes
        )
