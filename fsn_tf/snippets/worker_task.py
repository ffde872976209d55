"""What a worker does with a video."""

import pathlib

from fsn_tf import errors
from fsn_tf.errors import InputError
from fsn_tf.segments import names
from fsn_tf.snippets import video_writing
from fsn_tf.snippets.settings import Settings


def write_or_say(
    path: pathlib.Path,
    target: pathlib.Path,
    settings: Settings,
    source_fps: float | None,
) -> tuple[str, str]:
    """Writes one video, see video_writing.write_video.

    Returns:
        (note, failure), each a line or empty.
    """
    try:
        with names.short_enough(path.name):
            note = video_writing.write_video(
                path, target, settings, source_fps=source_fps
            )
        return note, ""
    except InputError as error:
        return "", str(error)
    except Exception as error:
        if not errors.is_expected(error):
            raise
        return "", f"{path}: not prepared: {errors.line(error)}"
