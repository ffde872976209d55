r"""Cuts videos into snippets that training and prediction read.

    fsn prepare --videos=thumos14/validation --out=prepared

Writes OUT/STREAM/VIDEO.tfrecord and VIDEO.json for every video. The same
command again goes on where it was stopped and adds videos that are new.
"""

import os

from absl import flags

from fsn_tf import errors
from fsn_tf import quietly

FLAGS = flags.FlagValues()

_VIDEOS = flags.DEFINE_string(
    "videos", None, "Folder of videos.", required=True, flag_values=FLAGS
)
_OUT = flags.DEFINE_string(
    "out", None, "Folder to write to.", required=True, flag_values=FLAGS
)
_STREAM = flags.DEFINE_enum(
    "stream", "rgb", ["rgb"], "What to store.", flag_values=FLAGS
)
_FPS = flags.DEFINE_float(
    "fps", 25, "Frames per second to cut at.", 1, 1000, flag_values=FLAGS
)
_SNIPPET_FRAMES = flags.DEFINE_integer(
    "snippet_frames", 5, "Frames per snippet.", 1, flag_values=FLAGS
)
_SIZE = flags.DEFINE_string(
    "size", "340x256", "WIDTHxHEIGHT of stored frames.", flag_values=FLAGS
)
_QUALITY = flags.DEFINE_integer(
    "quality", 95, "JPEG quality.", 1, 100, flag_values=FLAGS
)
_WORKERS = flags.DEFINE_integer(
    "workers", os.cpu_count(), "Processes.", 1, flag_values=FLAGS
)


def main():
    """Prepares the videos; returns 1 if any failed."""
    preparation = quietly.imported("fsn_tf.preparation")
    width, _, height = _SIZE.value.partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) * int(height)):
        raise errors.UsageError(
            f"--size={_SIZE.value}: expected WIDTHxHEIGHT, such as 340x256"
        )
    settings = preparation.Settings(
        stream=_STREAM.value,
        fps=_FPS.value,
        width=int(width),
        height=int(height),
        quality=_QUALITY.value,
        snippet_frames=_SNIPPET_FRAMES.value,
    )
    failed = preparation.prepare(
        _VIDEOS.value, _OUT.value, settings, workers=_WORKERS.value
    )
    return 1 if failed else 0
