"""Frames of a video file at a given frame rate, in constant memory."""

from collections.abc import Iterator
import os
import pathlib
from typing import NoReturn

import cv2
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.segments import names

# What FFmpeg and OpenCV print names no file; what matters is said by us.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

# A tie between a sample and a time stamp must not hang on the last bit.
TIE_SECONDS = 1e-4


class Video:
    """A video file: what it declares.

    Attributes:
        path: pathlib.Path of the file.
        fps: Native frames per second, as declared.
        width: Pixels, rotation honored.
        height: Pixels, rotation honored.
        declared_seconds: Duration as declared; not to be trusted.

    Raises:
        InputError: There is no such file, or it is not a video.
    """

    def __init__(self, path: pathlib.Path | str):
        self.path = pathlib.Path(path)
        _check_file(self.path)
        capture = opened_capture(self.path)
        self.fps = capture.get(cv2.CAP_PROP_FPS)
        self.width = int(capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        self.height = int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        frames = max(capture.get(cv2.CAP_PROP_FRAME_COUNT), 0)
        capture.release()
        if not 0 < self.fps < 1000:
            raise InputError(
                f"{self.path}: declares {self.fps:g} frames per second; "
                "expected a video with a frame rate, so encode it again"
            )
        self.declared_seconds = frames / self.fps

    def frames(
        self,
        fps: float,
        *,
        size: tuple[int, int] | None = None,
        period: int = 1,
        phase: int = 0,
    ) -> "VideoReading":
        """Frames at a given rate: what a player shows at that time.

        Frame f stands for the time from f / fps to (f + 1) / fps; it is the
        native frame on the screen in the middle of that time (choice C1).

        Args:
            fps: Frames per second to give.
            size: (width, height) to resize to; None keeps the native size.
            period: Only frames phase, phase + period, ... are given, and
                the last frame of the video, so that the caller learns how
                long it is.
            phase: First frame given.

        Returns:
            A reading, to be iterated over once.
        """
        return VideoReading(self, fps, size, period, phase)

    def flows(self) -> NoReturn:
        """Raises InputError: a video file stores no flow."""
        raise InputError(
            f"{self.path}: is a video; --flow=tvl1, dis or farneback "
            "computes its flow"
        )

    def first_times(self, count: int) -> list[float]:
        """Seconds at which the first native frames appear, `count` at most.

        Raises:
            InputError: No frame decodes.
        """
        capture = opened_capture(self.path)
        times: list[float] = []
        while len(times) < count and capture.grab():
            times.append(capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
        capture.release()
        if not times:
            raise InputError(f"{self.path}: no frame of it decodes")
        return times


class VideoReading:
    """One pass over a video file, and what the file turns out to hold.

    Iterated over once, it gives (f, image): index at the rate asked for, and
    (H, W, 3) uint8 RGB. Its attributes are complete when it has ended.

    Attributes:
        num_frames: Frames at the rate asked for, so far.
        native_frames: Frames that were decoded.
        native_seconds: Their duration.

    Args:
        video: Video.
        fps, size, period, phase: See Video.frames.

    Raises:
        InputError: No frame decodes; raised as it is iterated over.
    """

    def __init__(
        self,
        video: Video,
        fps: float,
        size: tuple[int, int] | None,
        period: int,
        phase: int,
    ):
        self.num_frames = 0
        self.native_frames = 0
        self.native_seconds = 0.0
        self._video, self._fps, self._size = video, fps, size
        self._period, self._phase = period, phase

    def __iter__(self) -> Iterator[tuple[int, np.ndarray]]:
        for frame, image in self._wanted():
            self.num_frames = frame + 1
            yield frame, rgb(image, self._size)

    def shortfall(self) -> str:
        """A line saying that the video breaks off early, or an empty string."""
        declared_seconds = self._video.declared_seconds
        if declared_seconds - self.native_seconds < 0.25:
            return ""
        return (
            f"{self._video.path}: declares {declared_seconds:.1f} s but "
            f"decodes to {self.native_seconds:.1f} s; kept what decodes"
        )

    def _wanted(self):
        """Yields (f, BGR image) of the frames asked for, and of the last."""
        given = -1
        for keep_all in (False, True):
            frame, image = -1, None
            for frame, image in self._shown(keep_all):
                if frame > given and frame % self._period == self._phase:
                    if image is None:
                        break
                    yield frame, image
                    given = frame
            if frame < 0:
                raise InputError(f"{self._video.path}: no frame of it decodes")
            if frame == given:
                return
            if image is not None:
                yield frame, image
                return
            # Irregular time stamps asked for a frame that was passed over:
            # read again from the start, keeping every frame.

    def _shown(self, keep_all):
        """Yields (f, BGR image or None) for every frame at fps.

        Converting a decoded frame costs as much as decoding it. A native
        frame is converted only where a wanted frame can be due while it is
        on the screen, or where the video may be about to end.
        """
        video, fps = self._video, self._fps
        capture = opened_capture(video.path)
        frame, image, time, native = 0, None, None, 0
        while capture.grab():
            time = self._time(capture, time)
            while (frame + 0.5) / fps + TIE_SECONDS < time:
                yield frame, image
                frame += 1
            wait = (self._phase - frame) % self._period
            soon = time + 2 / video.fps + TIE_SECONDS
            near_end = time > video.declared_seconds - 3 / video.fps
            if keep_all or near_end or (frame + wait + 0.5) / fps <= soon:
                decodes, converted = capture.retrieve()
                image = converted if decodes else image
            else:
                image = None
            native += 1
        capture.release()
        end = 0.0 if time is None else time + 1 / video.fps
        self.native_frames, self.native_seconds = native, end
        while (frame + 0.5) / fps + TIE_SECONDS < end or 0 == frame < native:
            yield frame, image
            frame += 1

    def _time(self, capture, previous):
        """Seconds at which the grabbed frame appears, after the previous."""
        if previous is None:
            return 0.0
        time = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        return time if time > previous else previous + 1 / self._video.fps


def _check_file(path):
    names.check_path(path)
    if path.is_dir():
        raise InputError(f"{path}: is a folder; expected a video file")
    if not path.exists():
        raise InputError(f"{path}: no such file")
    if not path.stat().st_size:
        raise InputError(f"{path}: is empty; expected a video file")


def opened_capture(path: pathlib.Path) -> cv2.VideoCapture:
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
