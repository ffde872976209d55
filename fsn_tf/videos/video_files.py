"""A video file: what it declares, and its frames at a given rate."""

import pathlib
from typing import NoReturn

import cv2

from fsn_tf.errors import InputError
from fsn_tf.segments import names
from fsn_tf.videos import captures
from fsn_tf.videos import clock
from fsn_tf.videos import containers
from fsn_tf.videos.video_reading import VideoReading


class Video:
    """A video file: what it declares.

    Attributes:
        path: pathlib.Path of the file.
        fps: Native frames per second, as declared; the average where that
            cannot be.
        width: Pixels, rotation honored.
        height: Pixels, rotation honored.
        times: containers.Times, when its picture starts.
        start_seconds: From the start of the file to that of its picture.
        declared_seconds: Duration as declared; not to be trusted.

    Raises:
        InputError: There is no such file, or it is not a video.
    """

    def __init__(self, path: pathlib.Path | str):
        self.path = pathlib.Path(path)
        _check_file(self.path)
        capture = captures.opened(self.path)
        self.fps = capture.get(cv2.CAP_PROP_FPS)
        self.width = int(capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        self.height = int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        frames = max(capture.get(cv2.CAP_PROP_FRAME_COUNT), 0)
        capture.release()
        if not _possible(self.fps):
            # Browsers record at no rate, and then say a thousand.
            frames, self.fps = 0, self._average_fps()
        self.times = containers.times(self.path)
        self.start_seconds = self.times.start_seconds
        self.declared_seconds = _declared(frames / self.fps, self.times)

    def _average_fps(self):
        average = containers.packets(self.path).fps()
        if not _possible(average):
            raise InputError(
                f"{self.path}: declares {self.fps:g} frames per second; "
                "expected a video with a frame rate, so encode it again"
            )
        return average

    def frames(
        self,
        fps: float,
        *,
        size: tuple[int, int] | None = None,
        period: int = 1,
        phase: int = 0,
        first: int = 0,
        stop: int | None = None,
    ) -> VideoReading:
        """Frames at a given rate: what a player shows at that time.

        Frame f stands for the time from f / fps to (f + 1) / fps, from the
        start of the file; it is the native frame on the screen in the middle
        of that time (choice C1). The first one is shown until it is due.

        Args:
            fps: Frames per second to give.
            size: (width, height) to resize to; None keeps the native size.
            period: Only frames phase, phase + period, ... are given, and
                the last frame of the video, so that the caller learns how
                long it is.
            phase: First frame given.
            first: No frame before this one is given; all are decoded, so
                that the others are the same.
            stop: Reading ends before this frame; None reads all.

        Returns:
            A reading, to be iterated over once.
        """
        return VideoReading(self, fps, size, period, phase, first, stop)

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
        capture = captures.opened(self.path)
        times: list[float] = []
        while len(times) < count and capture.grab():
            times.append(captures.seconds(capture))
        capture.release()
        if not times:
            raise containers.undecodable(self.path)
        return times

    def real_seconds(self) -> float:
        """From the start of the file to the end of the last frame.

        All of the file is read, but only what has no time stamps is decoded.

        Raises:
            InputError: No frame decodes.
        """
        packets = containers.packets(self.path)
        if packets.stamps:
            return self.start_seconds + packets.seconds(self.fps)
        reading = self.frames(self.fps, period=2**31)
        for _ in reading:
            pass
        return reading.native_seconds


def _possible(fps):
    """Whether frames can follow each other at a rate.

    None stands for longer than what counts as a jump of the clock.
    """
    return 1 / clock.JUMP_SECONDS <= fps < 1000


def _declared(seconds, times):
    """Seconds that frames are declared to last, within the file's clock."""
    if times.end_seconds is None:
        return times.start_seconds * bool(seconds) + seconds
    if times.start_seconds > 0 or not seconds:
        return times.end_seconds
    # Frames that are only there to decode others are counted, too.
    return min(seconds, times.end_seconds)


def _check_file(path):
    names.check_path(path)
    if path.is_dir():
        raise InputError(f"{path}: is a folder; expected a video file")
    if not path.exists():
        raise InputError(f"{path}: no such file")
    if not path.stat().st_size:
        raise InputError(f"{path}: is empty; expected a video file")
