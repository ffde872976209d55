"""Which videos show the same, as a few frames of each tell.

Of each video eight frames, evenly spread, are shrunk to 16x16 gray values.
Each frame loses its mean, which is the light, and each place its mean over
the frames, which is the scene: of a camera that stands still all videos would
look alike. Two videos show the same where what remains, all that moved,
correlates by LEAST or more. Copies of another size, rate or coding do; other
moments of the same room do not, nor does a part that was cut out.
"""

from collections.abc import Mapping
import pathlib

import cv2
import numpy as np

from fsn_tf import errors
from fsn_tf import progress
from fsn_tf.videos import captures
from fsn_tf.videos import sources
from fsn_tf.videos import video_files

# 72 copies of real videos, smaller or larger, with half the frames, brighter
# and of three coders, correlated by 0.98 or more with what they were made of;
# of 2,701 pairs of other videos, many of one room, none did by 0.9.
LEAST = 0.95

_FRAMES = 8
_SIDE = 16
# Gray values. Less is a still picture and the noise of its coder.
_LEAST_MOTION = 0.5


def motions(
    paths: Mapping[str, pathlib.Path], source_fps: float | None = None
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """What moves in each video.

    Args:
        paths: {name: video file, or folder of frames}.
        source_fps: Frames per second of folders of frames.

    Returns:
        ({name: (F,) float32 of length 1}, {name: why there is none}).
    """
    found, reasons = {}, {}
    shown = progress.Progress(len(paths), "videos")
    for done, (name, path) in enumerate(paths.items()):
        shown.update(done, name)
        try:
            motion = of_frames(_frames(path, source_fps))
        except errors.InputError as error:
            reasons[name] = str(error)
            continue
        if motion is None:
            reasons[name] = f"{path}: shows a still picture"
        else:
            found[name] = motion
    shown.update(len(paths))
    shown.close()
    return found, reasons


def of_frames(frames: np.ndarray) -> np.ndarray | None:
    """What moves in some frames.

    Args:
        frames: (N, 16, 16) gray values.

    Returns:
        (N * 256,) float32 of length 1; None where nothing moves.
    """
    moving = frames - frames.mean(axis=(1, 2), keepdims=True)
    moving = moving - moving.mean(axis=0)
    if moving.std() < _LEAST_MOTION:
        return None
    return (moving / np.linalg.norm(moving)).ravel().astype(np.float32)


def alike(
    first: Mapping[str, np.ndarray], second: Mapping[str, np.ndarray]
) -> list[tuple[str, str, float]]:
    """[(video of the first, video of the second, correlation)] of copies.

    Args:
        first, second: {name: what moves in it}, as `motions` gives.
    """
    if not first or not second:
        return []
    names, others = list(first), list(second)
    # (V, F) x (F, W) -> (V, W)
    likeness = np.stack([*first.values()]) @ np.stack([*second.values()]).T
    return [
        (names[row], others[column], float(likeness[row, column]))
        for row, column in np.argwhere(likeness >= LEAST)
    ]


def _frames(path, source_fps):
    """(N, 16, 16) float64, gray frames evenly spread over a video."""
    images = None
    if not path.is_dir():
        images = _sought(path)
    elif source_fps is None:
        raise errors.InputError(
            f"{path}: a folder of JPEGs does not say its frame rate; give "
            "--source_fps"
        )
    if images is None:
        # All frames, as the video does not say where its frames are.
        source = sources.opened(path, source_fps)
        size = (_SIDE, _SIDE)
        everything = [
            image for _, image in source.frames(source.fps, size=size)
        ]
        places = _places(len(everything))
        images = [_gray(everything[x], cv2.COLOR_RGB2GRAY) for x in places]
    return np.stack(images)


def _sought(path):
    """The frames of a file, found by seeking; None where that fails."""
    video_files.Video(path)
    capture = captures.opened(path)
    count = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    images = []
    for place in _places(max(count, 1)):
        capture.set(cv2.CAP_PROP_POS_FRAMES, place)
        decodes, image = capture.read()
        if not decodes:
            break
        images.append(_gray(image, cv2.COLOR_BGR2GRAY))
    capture.release()
    return images if len(images) == _FRAMES else None


def _places(count):
    """The frames in the middle of equal parts of `count` frames."""
    return [int((x + 0.5) / _FRAMES * count) for x in range(_FRAMES)]


def _gray(image, code):
    gray = cv2.cvtColor(image, code)
    size = (_SIDE, _SIDE)
    return cv2.resize(gray, size, interpolation=cv2.INTER_AREA).astype(float)
