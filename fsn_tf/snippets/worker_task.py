"""What a worker does with a video."""

import pathlib

from fsn_tf.segments import names
from fsn_tf.snippets import video_parts
from fsn_tf.snippets import video_writing
from fsn_tf.snippets.settings import Settings
from fsn_tf.workers import outcomes


def write_or_say(
    path: pathlib.Path,
    target: pathlib.Path,
    settings: Settings,
    source_fps: float | None,
    part: video_parts.Part | None = None,
) -> tuple[str, str]:
    """Writes one video, see video_writing.write_video, or a part of it.

    Returns:
        (note, failure), each a line or empty.
    """

    def write():
        with names.short_enough(path.name):
            if part is not None:
                return video_parts.write_part(
                    path, part, settings, source_fps=source_fps
                )
            return video_writing.write_video(
                path, target, settings, source_fps=source_fps
            )

    return outcomes.of(write, f"{path}: not prepared")


def join_or_say(
    path: pathlib.Path, target: pathlib.Path, parts: list[video_parts.Part]
) -> tuple[str, str]:
    """Joins the parts of a video; see write_or_say."""

    def join():
        video_parts.join(target, parts)
        return ""

    return outcomes.of(join, f"{path}: not prepared")
