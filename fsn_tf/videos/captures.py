"""OpenCV's captures of video files, and their pictures as RGB."""

import os
import pathlib

import cv2
import numpy as np

from fsn_tf.errors import InputError

# What FFmpeg and OpenCV print names no file; what matters is said by us.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def opened(path: pathlib.Path) -> cv2.VideoCapture:
    """A capture of a file; InputError where OpenCV cannot open it."""
    options = [cv2.CAP_PROP_N_THREADS, 1]
    # FFmpeg takes what comes before a colon, as in "Final:1.mp4", for a
    # protocol; a folder before it says that it is none.
    file = os.path.join(os.curdir, path)
    capture = cv2.VideoCapture(file, cv2.CAP_FFMPEG, options)
    if not capture.isOpened():
        raise InputError(
            f"{path}: not a video that OpenCV can open; "
            "expected a file such as MP4, AVI, MKV or WebM"
        )
    return capture


def seconds(capture: cv2.VideoCapture) -> float:
    """The time stamp of the frame grabbed last, from that of the first."""
    return capture.get(cv2.CAP_PROP_POS_MSEC) / 1000


def rgb(image: np.ndarray, size: tuple[int, int] | None) -> np.ndarray:
    """RGB of an (H, W, 3) BGR image, resized unless size is None."""
    if size is not None:
        image = resized(image, size)
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def resized(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """An (H, W, 3) image with a size of (width, height)."""
    if size == image.shape[1::-1]:
        return image
    shrinks = size[0] * size[1] < image.shape[0] * image.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(image, size, interpolation=method)
