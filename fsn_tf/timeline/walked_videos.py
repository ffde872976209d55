"""How far a walk through videos is, in seconds of video."""

from collections.abc import Sequence
import pathlib

from fsn_tf import progress
from fsn_tf.errors import InputError
from fsn_tf.segments import names
from fsn_tf.videos import video_files


class Progress:
    """Progress over videos, each read once to score and once to encode.

    Args:
        paths: Of the videos.

    Attributes:
        line: The progress.Progress that is shown.
    """

    def __init__(self, paths: Sequence[pathlib.Path]):
        self.seconds = {path: declared_seconds(path) for path in paths}
        total = round(sum(self.seconds.values()))
        self.line = progress.Progress(total, "s of video")
        self.done, self.video_seconds, self.name = 0.0, 0.0, ""

    def start(self, path: pathlib.Path) -> None:
        """Goes on to a video; the one before it is done."""
        self.done += self.video_seconds
        self.video_seconds = self.seconds[path]
        self.name = names.shown(path.name)

    def message(self, text: str) -> None:
        """Shows a line above the progress."""
        self.line.message(text)

    def scored(self, seconds: float) -> None:
        """So much of the video is scored."""
        self._update(seconds / 2, "scoring")

    def encoded(self, seconds: float) -> None:
        """All of the video is scored, and so much of it encoded."""
        self._update((self.video_seconds + seconds) / 2, "encoding")

    def _update(self, seconds, what):
        done: float = int(self.done + min(seconds, self.video_seconds))
        # The last line is for the end, which a length declared may miss.
        done = max(min(done, self.line.total - 1), 0)
        self.line.update(done, f"{what} {self.name}")

    def close(self) -> None:
        """All videos are done."""
        self.line.update(self.line.total)
        self.line.close()


def declared_seconds(path: pathlib.Path) -> float:
    """As a video declares; 0 where it cannot be read."""
    try:
        return video_files.Video(path).declared_seconds
    except InputError:
        # What is wrong is said when its turn comes.
        return 0.0
