"""What a worker of an engine does with a video file."""

import functools
import pathlib
import threading

from fsn_tf.segments import names
from fsn_tf.timeline import localizer
from fsn_tf.timeline import video_scoring
from fsn_tf.workers import outcomes

_loading = threading.Lock()


class _Notes:
    """Keeps what is odd about a video."""

    def __init__(self):
        self.note = ""

    def scored(self, seconds):
        pass

    def encoded(self, seconds):
        pass

    def message(self, text):
        self.note = text


def score_or_say(
    made_of: tuple, path: pathlib.Path, out: pathlib.Path, page: bool
) -> tuple[str, str]:
    """Scores one video, see video_scoring.score.

    Args:
        made_of: Of a localizer.Localizer.
        path: Of the video file.
        out: Folder to write to.
        page: See video_scoring.score.

    Returns:
        (note, failure), each a line or empty.
    """

    def score():
        shown = _Notes()
        # Threads of a worker that come at the same time wait for the first.
        with _loading:
            model = _loaded(made_of)
        with names.short_enough(path.name):
            video_scoring.score(path, model, out, page=page, shown=shown)
        return shown.note

    return outcomes.of(score, f"{path}: not scored")


@functools.lru_cache(1)
def _loaded(made_of):
    models, options = made_of
    return localizer.Localizer(*models, **dict(options))
