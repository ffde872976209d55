"""Video files of the embedded benchmark, drawn on all cores."""

from collections.abc import Mapping
import os
import pathlib

import cv2

from fsn_tf import errors
from fsn_tf import files
from fsn_tf import progress
from fsn_tf import workers
from fsn_tf.datasets.synthetic import scenes
from fsn_tf.datasets.synthetic.scripts import Script
from fsn_tf.workers import outcomes

# So few are drawn before other processes have started.
_MOST_ALONE = 16


def write_videos(videos: Mapping[pathlib.Path, Script], seed: int) -> None:
    """Draws what is missing.

    Args:
        videos: {path: what happens in it}.
        seed: Decides how that looks.

    Raises:
        InputError: OpenCV cannot encode, or a file cannot be written.
    """
    missing = [path for path in videos if not path.exists()]
    # Whatever is wrong with all of them is found out by the first.
    alone = 1 if len(missing) > _MOST_ALONE else len(missing)
    for path in progress.followed(missing[:alone], alone, "videos drawn"):
        _write(path, videos[path], seed)
    jobs = [
        ((path, videos[path], seed), videos[path].duration_seconds)
        for path in missing[alone:]
    ]
    if jobs and workers.run(write_or_say, jobs, workers=os.cpu_count() or 1):
        raise errors.InputError("not all videos could be drawn; see above")


def write_or_say(
    path: pathlib.Path, script: Script, seed: int
) -> tuple[str, str]:
    """Draws one video.

    Returns:
        (note, failure), each a line or empty.
    """

    def write():
        _write(path, script, seed)
        return ""

    return outcomes.of(write, f"{path}: not drawn")


def _write(path, script, seed):
    frames = list(scenes.frames(script, seed=seed))
    with files.written_whole(path) as partial:
        _encode(str(partial), frames, script.fps)


def _encode(path, frames, fps):
    size = scenes.WIDTH, scenes.HEIGHT
    writer = cv2.VideoWriter(path, cv2.VideoWriter_fourcc(*"mp4v"), fps, size)
    if not writer.isOpened():
        raise errors.InputError(
            "OpenCV cannot encode MPEG-4 video here; install the wheel "
            "opencv-contrib-python-headless, which brings FFmpeg"
        )
    for frame in frames:
        writer.write(frame)
    writer.release()
    # The writer is silent when the disk is full.
    if cv2.VideoCapture(path).get(cv2.CAP_PROP_FRAME_COUNT) != len(frames):
        raise OSError(
            f"{path}: could not write {len(frames)} frames; disk full?"
        )
