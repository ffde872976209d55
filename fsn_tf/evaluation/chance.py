"""What frame scores are worth by chance: the same, turned round in time."""

import zlib

import numpy as np

from fsn_tf.grouping import frame_scores


def turn(source, out, *, seed):
    """Writes the scores of every video shifted in time, its end to its start.

    The shift is drawn uniformly, the same for all streams of a video. What
    is in the video and how long it lasts stays as it was; when it happens is
    left to chance.

    Args:
        source: Folder of score files.
        out: Folder of the turned score files.
        seed: Of the shifts.
    """
    for video, found in frame_scores.read_folder(source).items():
        draw = np.random.default_rng([seed, zlib.crc32(video.encode())])
        shift = int(draw.random() * len(found.scores))
        turned = np.roll(found.scores, shift, axis=0)
        frame_scores.write(
            out, video, turned, fps=found.fps, classes=found.classes
        )
