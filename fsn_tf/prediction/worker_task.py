"""What a worker of an engine does with a prepared video."""

import pathlib
from typing import Any

from fsn_tf import quietly
from fsn_tf.workers import outcomes


def score_or_say(
    network: tuple[pathlib.Path, str, str, str, pathlib.Path], video: Any
) -> tuple[str, str]:
    """Writes the scores of one video.

    Args:
        network: Arguments of score_writing.loaded.
        video: A PreparedVideo.

    Returns:
        (note, failure), each a line or empty.
    """

    def write():
        score_writing = quietly.imported("fsn_tf.prediction.score_writing")
        score_writing.loaded(*network)(video)
        return ""

    return outcomes.of(write, f"{video.path}: not scored")
