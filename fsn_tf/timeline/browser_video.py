"""A copy of a video that browsers play, with the times that were scored."""

from collections.abc import Callable
import contextlib
import os
import pathlib
import shutil

import cv2

from fsn_tf import files
from fsn_tf import quietly
from fsn_tf.segments import names
from fsn_tf.videos import captures
from fsn_tf.videos import sources
from fsn_tf.videos import video_files

# Codecs that browsers play, in the containers in which they play them.
_PLAYED = {
    ".mp4": ("h264", "avc1"),
    ".m4v": ("h264", "avc1"),
    ".webm": ("VP80", "VP90", "vp08", "vp09"),
}
# 8 bits, 4:2:0; browsers refuse much of the rest.
_PIXEL_FORMAT = "I420"

# OpenCV's FFmpeg writes no H.264, and VP9 at a quarter of the speed. It aims
# at one bit a pixel whatever is asked; the size keeps encoding ahead of play.
_CODEC, _ENDING = "VP80", ".webm"
_LONGEST_SIDE = 480


def provide(
    source: video_files.Video,
    folder: pathlib.Path | str,
    *,
    plays: bool,
    progress: Callable[[float], None] | None = None,
) -> pathlib.Path:
    """Puts a video into a folder: as it is where browsers play it.

    Anything else is encoded again as VP8 in WebM, without sound, at most 480
    pixels wide and high: upright, and at a constant rate, so that a frame's
    time is the one at which it was scored.

    Args:
        source: video_files.Video.
        folder: Where to put it, under the video's name.
        plays: What is_played says of it.
        progress: Called with the seconds of video done so far.

    Returns:
        pathlib.Path of the video in the folder.

    Raises:
        InputError: No frame decodes, or the folder's name is none.
        OSError: The folder cannot be written.
    """
    folder = pathlib.Path(folder)
    names.check_path(folder)
    if plays:
        target = folder / f"{source.path.stem}{source.path.suffix.lower()}"
        _copy(source.path, target)
    else:
        target = folder / f"{source.path.stem}{_ENDING}"
        _encode(source, target, progress)
    return target


def is_played(source: video_files.Video, reading: sources.Reading) -> bool:
    """Whether browsers play a video as it is, at the times that we read.

    A video that breaks off or starts late, or whose frames come irregularly,
    plays differently in every browser.

    Args:
        source: The video.
        reading: A complete reading of it.
    """
    capture = captures.opened(source.path)
    codec = _four_letters(capture.get(cv2.CAP_PROP_FOURCC))
    pixels = _four_letters(capture.get(cv2.CAP_PROP_CODEC_PIXEL_FORMAT))
    capture.release()
    regular_seconds = reading.native_frames / source.fps
    return (
        codec in _PLAYED.get(source.path.suffix.lower(), ())
        and pixels == _PIXEL_FORMAT
        and source.times.start_seconds < 0.5 / source.fps
        and abs(source.times.file_seconds) < 0.5 / source.fps
        and abs(regular_seconds - reading.native_seconds) < 1 / source.fps
        and not reading.note()
    )


def _four_letters(code):
    return int(code).to_bytes(4, "little", signed=code < 0).decode("latin-1")


def _copy(path, target):
    """Links the file where the disk is the same, else copies it."""
    if target.exists() and target.samefile(path):
        return
    with files.written_whole(target) as partial:
        try:
            linked = partial.with_suffix(f".link{partial.suffix}")
            os.link(path, linked)
            os.replace(linked, partial)
        except OSError:
            shutil.copyfile(path, partial)


def _encode(source, target, progress):
    # Two decimals are what OpenCV passes on; 29.97003 would drift.
    fps = round(source.fps, 2)
    size = _size(source.width, source.height)
    with files.written_whole(target) as partial:
        with _writer(partial, fps, size) as writer:
            for frame, image in source.frames(fps, size=size):
                writer.write(cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
                if progress:
                    progress(frame / fps)
        written = video_files.Video(partial).declared_seconds
        if abs(written - (frame + 1) / fps) > 1:
            # OpenCV keeps quiet about a full disk.
            raise OSError(
                f"{target}: not written: has {written:.1f} s of "
                f"{(frame + 1) / fps:.1f} s; is the disk full?"
            )


def _size(width, height):
    """(width, height), shrunk to the longest side and even."""
    scale = min(_LONGEST_SIDE / max(width, height), 1)
    return tuple(
        max(round(side * scale / 2) * 2, 2) for side in (width, height)
    )


@contextlib.contextmanager
def _writer(path, fps, size):
    codec = cv2.VideoWriter_fourcc(*_CODEC)
    # It grumbles that WebM has no four letters for the codec.
    with quietly.held_back():
        # See captures.opened.
        file = os.path.join(os.curdir, path)
        writer = cv2.VideoWriter(file, cv2.CAP_FFMPEG, codec, fps, size)
    try:
        if not writer.isOpened():
            raise OSError(f"{path}: OpenCV cannot write {_CODEC} video there")
        yield writer
    finally:
        writer.release()
