"""One pass over a video file: frames at a given rate, in constant memory."""

from collections.abc import Iterator
import functools
import pathlib
from typing import Protocol

import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.videos import captures
from fsn_tf.videos import containers
from fsn_tf.videos.clock import Clock

# A tie between a sample and a time stamp must not hang on the last bit.
TIE_SECONDS = 1e-4
_LEAST_HOLE_SECONDS = 0.25
# Frames in a row that may not decode before a video is given up.
_MOST_DAMAGED = 1000
# No video is smaller, be it of pictures that stand for JUMP_SECONDS each; a
# damaged one must not give frames for years.
_LEAST_BYTES_PER_SECOND = 1
# After which no picture starts, as where sound was cut without encoding.
_LATEST_START_SECONDS = 3600


class Declared(Protocol):
    """What is asked of a video_files.Video."""

    path: pathlib.Path
    fps: float
    times: containers.Times
    declared_seconds: float


class VideoReading:
    """One pass over a video file, and what the file turns out to hold.

    Iterated over once, it gives (f, image): index at the rate asked for, and
    (H, W, 3) uint8 RGB. Its attributes are complete when it has ended.

    Attributes:
        num_frames: Frames at the rate asked for, so far.
        native_frames: Frames that were decoded.
        native_seconds: From the start of the file to the end of the last.

    Args:
        video: Such as a video_files.Video.
        fps, size, period, phase, first, stop: See video_files.Video.frames.

    Raises:
        InputError: No frame decodes; raised as it is iterated over.
    """

    def __init__(
        self,
        video: Declared,
        fps: float,
        size: tuple[int, int] | None,
        period: int,
        phase: int,
        first: int = 0,
        stop: int | None = None,
    ):
        self.num_frames = 0
        self.native_frames = 0
        self.native_seconds = 0.0
        self._video, self._fps, self._size = video, fps, size
        self._period, self._phase = period, phase
        self._first, self._stop = first, stop
        self._missing_seconds = 0.0
        self._jumps: list[tuple[float, float]] = []

    def __iter__(self) -> Iterator[tuple[int, np.ndarray]]:
        for frame, image in self._wanted():
            self.num_frames = frame + 1
            yield frame, captures.rgb(image, self._size)

    def note(self) -> str:
        """A line on what is odd about the times, or an empty string."""
        said = [*self._late(), *self._jumped(), *self._missing()]
        return f"{self._video.path}: {'; '.join(said)}" if said else ""

    def _late(self):
        start = self._video.times.start_seconds
        if start >= 1 / self._video.fps:
            yield (
                f"the picture starts {start:.2f} s after the file; its first "
                "frame stands until then"
            )

    def _jumped(self):
        if self._jumps:
            at, by = self._jumps[0]
            more = len(self._jumps) - 1
            yield (
                f"its clock jumps by {by:.1f} s at {at:.1f} s"
                + (f" and {more} times more" if more else "")
                + "; taken as the next frame"
            )

    def _missing(self):
        if self._missing_seconds:
            yield (
                f"{self._missing_seconds:.1f} s in the middle do not decode; "
                "the frame before stands there"
            )
        # A clock that jumps makes a false length, too.
        declared = 0.0 if self._jumps else self._video.declared_seconds
        if declared - self.native_seconds >= 0.25:
            yield (
                f"declares {declared:.1f} s but decodes to "
                f"{self.native_seconds:.1f} s; kept what decodes"
            )

    def _wanted(self):
        """Yields (f, BGR image) of the frames asked for, and of the last."""
        given = -1
        for keep_all in (False, True):
            frame, image = -1, None
            for frame, image in self._shown(keep_all):
                if frame == self._stop:
                    return
                if frame > given and frame == self._next_wanted(frame):
                    if image is None:
                        break
                    yield frame, image
                    given = frame
            if frame < 0:
                raise containers.undecodable(self._video.path)
            if frame == given or frame < self._first:
                return
            if image is not None:
                yield frame, image
                return
            # Irregular time stamps asked for a frame that was passed over:
            # read again from the start, keeping every frame.

    def _next_wanted(self, frame):
        """The first frame asked for that is not before a frame."""
        frame = max(frame, self._first)
        return frame + (self._phase - frame) % self._period

    def _shown(self, keep_all):
        """Yields (f, BGR image or None) for every frame at fps.

        Converting a decoded frame costs as much as decoding it. A native
        frame is converted only where a wanted frame can be due while it is
        on the screen, or where the video may be about to end.
        """
        video, fps = self._video, self._fps
        frame, image, time, native = 0, None, None, 0
        for time, capture in self._native():
            # The first frame is on the screen from the start of the file.
            due = time if native else 0.0
            while (frame + 0.5) / fps + TIE_SECONDS < due:
                yield frame, image
                frame += 1
            wanted = (self._next_wanted(frame) + 0.5) / fps
            soon = time + 2 / video.fps + TIE_SECONDS
            near_end = time > video.declared_seconds - 3 / video.fps
            if keep_all or near_end or wanted <= soon:
                decodes, converted = capture.retrieve()
                image = converted if decodes else image
            else:
                image = None
            native += 1
        end = 0.0 if time is None else time + 1 / video.fps
        self.native_frames, self.native_seconds = native, end
        while (frame + 0.5) / fps + TIE_SECONDS < end or 0 == frame < native:
            yield frame, image
            frame += 1

    def _native(self):
        """Yields (when it appears in seconds, capture) of every frame."""
        video, times = self._video, self._video.times
        capture = captures.opened(video.path)
        clock = Clock(1 / video.fps, self._is_hole)
        most = _most_seconds(video.path)
        offset, frame, damaged, in_a_row = times.start_seconds, 0, 0, 0
        while in_a_row < self._patience(clock.seconds):
            if not capture.grab():
                in_a_row += 1
                continue
            stamp = captures.seconds(capture)
            if not frame:
                offset -= times.delay(stamp, video.fps)
            # OpenCV says 0 of a frame without a time stamp.
            now = clock.tick(stamp + offset if stamp or not frame else None)
            if not frame or now > most:
                check_possible(video.path, now, is_first=not frame)
            if frame:
                damaged += in_a_row
            frame, in_a_row = frame + 1, 0
            yield now, capture
        capture.release()
        self._jumps = clock.jumps
        # Recorders leave out a frame now and then; that is no damage.
        missing = clock.missing_seconds
        if damaged or missing >= _LEAST_HOLE_SECONDS:
            self._missing_seconds = max(missing, damaged / video.fps)

    def _patience(self, seconds):
        """How many frames in a row may not decode after some time.

        At the end of a file, too, no frame decodes.
        """
        end = self._video.declared_seconds - 1.5 / self._video.fps
        return _MOST_DAMAGED if seconds is not None and seconds < end else 1

    def _is_hole(self, first, last):
        """Whether time passes between two frames that are far apart."""
        start = self._video.times.start_seconds
        return self._packets.is_hole(first - start, last - start)

    @functools.cached_property
    def _packets(self):
        return containers.packets(self._video.path)


def check_possible(
    path: pathlib.Path, seconds: float, *, is_first: bool = False
) -> None:
    """Raises InputError where a file cannot hold what its times say.

    Args:
        path: Of a video file.
        seconds: From its start to one of its frames.
        is_first: Whether that is the first one.
    """
    most = _most_seconds(path)
    if is_first:
        most = min(most, _LATEST_START_SECONDS)
    if seconds > most:
        which = "the first frame" if is_first else "a frame"
        raise InputError(
            f"{path}: expected {which} within {most:.0f} s in "
            f"{path.stat().st_size} bytes, got one at {seconds:.0f} s; it is "
            "damaged, so encode it again"
        )


def _most_seconds(path):
    """How long a file of so many bytes can be."""
    return path.stat().st_size / _LEAST_BYTES_PER_SECOND
