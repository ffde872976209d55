"""Frames of a video file at a given frame rate, in constant memory."""

import os
import pathlib

import cv2

from fsn_tf.errors import InputError

# What FFmpeg and OpenCV print names no file; what matters is said by us.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

# A tie between a sample and a time stamp must not hang on the last bit.
TIE_SECONDS = 1e-4


class Video:
    """A video file: what it declares, and what it turns out to hold.

    Attributes:
        path: pathlib.Path of the file.
        fps: Native frames per second, as declared.
        width: Pixels, rotation honored.
        height: Pixels, rotation honored.
        declared_seconds: Duration as declared; not to be trusted.
        decoded_frames: Native frames decoded by the last complete reading.
        decoded_seconds: Their duration.

    Raises:
        InputError: There is no such file, or it is not a video.
    """

    def __init__(self, path):
        self.path = pathlib.Path(path)
        _check_file(self.path)
        capture = self._open()
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
        self.decoded_frames = 0
        self.decoded_seconds = 0.0

    def frames(self, fps, *, size=None, period=1, phase=0):
        """Yields frames at a given rate: what a player shows at that time.

        Frame f stands for the time from f / fps to (f + 1) / fps; it is the
        native frame on the screen in the middle of that time (choice C1).

        Args:
            fps: Frames per second to give.
            size: (width, height) to resize to; None keeps the native size.
            period: Only frames phase, phase + period, ... are given, and
                the last frame of the video, so that the caller learns how
                long it is.
            phase: First frame given.

        Yields:
            (f, image): index at fps, and (H, W, 3) uint8 RGB.

        Raises:
            InputError: No frame decodes.
        """
        given = -1
        for keep_all in (False, True):
            frame, image = -1, None
            for frame, image in self._shown(fps, period, phase, keep_all):
                if frame > given and frame % period == phase:
                    if image is None:
                        break
                    yield frame, rgb(image, size)
                    given = frame
            if frame < 0:
                raise InputError(f"{self.path}: no frame of it decodes")
            if frame == given:
                return
            if image is not None:
                yield frame, rgb(image, size)
                return
            # Irregular time stamps asked for a frame that was passed over:
            # read again from the start, keeping every frame.

    def first_times(self, count):
        """Seconds at which the first native frames appear, `count` at most.

        Raises:
            InputError: No frame decodes.
        """
        capture, times = self._open(), []
        while len(times) < count and capture.grab():
            times.append(capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
        capture.release()
        if not times:
            raise InputError(f"{self.path}: no frame of it decodes")
        return times

    def shortfall(self):
        """A line saying that the video breaks off early, or an empty string.

        Meaningful after a complete reading.
        """
        if self.declared_seconds - self.decoded_seconds < 0.25:
            return ""
        return (
            f"{self.path}: declares {self.declared_seconds:.1f} s but decodes "
            f"to {self.decoded_seconds:.1f} s; kept what decodes"
        )

    def _shown(self, fps, period, phase, keep_all):
        """Yields (f, BGR image or None) for every frame at fps.

        Converting a decoded frame costs as much as decoding it. A native
        frame is converted only where a wanted frame can be due while it is
        on the screen, or where the video may be about to end.
        """
        capture = self._open()
        frame, image, time, native = 0, None, None, 0
        while capture.grab():
            time = self._time(capture, time)
            while (frame + 0.5) / fps + TIE_SECONDS < time:
                yield frame, image
                frame += 1
            wait = (phase - frame) % period
            soon = time + 2 / self.fps + TIE_SECONDS
            near_end = time > self.declared_seconds - 3 / self.fps
            if keep_all or near_end or (frame + wait + 0.5) / fps <= soon:
                decodes, converted = capture.retrieve()
                image = converted if decodes else image
            else:
                image = None
            native += 1
        capture.release()
        end = 0.0 if time is None else time + 1 / self.fps
        self.decoded_frames, self.decoded_seconds = native, end
        while (frame + 0.5) / fps + TIE_SECONDS < end or 0 == frame < native:
            yield frame, image
            frame += 1

    def _time(self, capture, previous):
        """Seconds at which the grabbed frame appears, after the previous."""
        if previous is None:
            return 0.0
        time = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        return time if time > previous else previous + 1 / self.fps

    def _open(self):
        options = [cv2.CAP_PROP_N_THREADS, 1]
        capture = cv2.VideoCapture(str(self.path), cv2.CAP_FFMPEG, options)
        if not capture.isOpened():
            raise InputError(
                f"{self.path}: not a video that OpenCV can open; "
                "expected a file such as MP4, AVI, MKV or WebM"
            )
        return capture


def _check_file(path):
    if path.is_dir():
        raise InputError(f"{path}: is a folder; expected a video file")
    if not path.exists():
        raise InputError(f"{path}: no such file")
    if not path.stat().st_size:
        raise InputError(f"{path}: is empty; expected a video file")


def rgb(image, size):
    """RGB of an (H, W, 3) BGR image, resized unless size is None."""
    if size is not None:
        image = resized(image, size)
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def resized(image, size):
    """An (H, W, 3) image with a size of (width, height)."""
    if size == image.shape[1::-1]:
        return image
    shrinks = size[0] * size[1] < image.shape[0] * image.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(image, size, interpolation=method)
