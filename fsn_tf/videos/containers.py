"""What the container of a video file says of time, beyond what OpenCV tells.

OpenCV counts from the first picture. A player counts from where the file
starts, which may be earlier: sound that was cut without encoding begins where
it was cut, the picture at the key frame after.
"""

import bisect
from collections.abc import Iterator
from collections.abc import Sequence
import contextlib
import dataclasses
import itertools
import math
import pathlib

import av
import av.error
import av.logging

from fsn_tf.errors import InputError
from fsn_tf.videos import clock

av.logging.set_level(av.logging.PANIC)

_MICROSECONDS = 1_000_000
# Packets that tell by how much made-up time stamps are late.
_FIRST = 64
# Pieces of sound that lie in a hole of the picture, for the hole to be real,
# and the longest time from one to the next on average.
_LEAST_SOUNDS = 3
_SOUND_SECONDS = 10.0


@dataclasses.dataclass(frozen=True)
class Times:
    """When the picture of a file starts and ends.

    Attributes:
        start_seconds: From the start of the file to that of its picture.
        file_seconds: What the time stamps say at the start of the file, where
            some players begin to count and others skip to.
        end_seconds: From the start of the file to its declared end; None
            where it declares none.
        decoded: When the first frames are decoded, in seconds, where the
            time stamps that OpenCV gives are made up of that; else empty.
    """

    start_seconds: float = 0.0
    file_seconds: float = 0.0
    end_seconds: float | None = None
    decoded: tuple[float, ...] = ()

    def delay(self, stamp: float, fps: float) -> float:
        """Seconds by which OpenCV's time stamps are late.

        Args:
            stamp: That of the first frame.
            fps: Native frames per second.
        """
        if not self.decoded:
            return 0.0
        # It is that of a frame decoded later, as the first one waits for
        # those that are decoded before they are shown.
        waits = bisect.bisect_left(self.decoded, stamp - 0.5 / fps)
        late = stamp - self.decoded[0]
        # What is written late from its second frame on did start late.
        return late if late < (waits + 1.5) / fps else waits / fps


@dataclasses.dataclass(frozen=True)
class Packets:
    """What all packets of a file say, without any being decoded.

    Attributes:
        stamps: Seconds of each frame, in the order in which they are shown,
            from where OpenCV counts.
        sounds: Seconds of each piece of sound, ascending, from there too.
    """

    stamps: Sequence[float]
    sounds: Sequence[float]

    def is_hole(self, first: float, last: float) -> bool:
        """Whether sound goes on between two frames far apart."""
        inside = bisect.bisect_left(self.sounds, last)
        inside -= bisect.bisect_right(self.sounds, first)
        return inside >= max(_LEAST_SOUNDS, (last - first) / _SOUND_SECONDS)

    def times(self, fps: float) -> list[float]:
        """Seconds at which each frame appears, from where OpenCV counts.

        Args:
            fps: Native frames per second.
        """
        of_file = clock.Clock(1 / fps, self.is_hole)
        return [of_file.tick(stamp) for stamp in self.stamps]

    def seconds(self, fps: float) -> float:
        """From where OpenCV counts to the end of the last frame.

        Args:
            fps: Native frames per second.
        """
        return max(self.times(fps), default=0.0) + 1 / fps

    def fps(self) -> float:
        """Frames per second on average; 0 where nothing tells it."""
        usual = sorted(b - a for a, b in itertools.pairwise(self.stamps))
        step = usual[len(usual) // 2] if usual else 0.0
        if step <= 0:
            return 0.0
        span = self.seconds(1 / step) - step - self.stamps[0]
        return (len(self.stamps) - 1) / span


def times(path: pathlib.Path) -> Times:
    """Reads when the picture of a file starts and is declared to end."""
    try:
        with _opened(path) as (container, video):
            file_start, end = _start(container, video), None
            first: tuple[float, ...] = ()
            if container.duration is not None:
                end = container.duration / _MICROSECONDS
                # Matroska's is from zero, not from where the file starts.
                if "matroska" not in container.format.name:
                    end += (container.start_time or 0) / _MICROSECONDS
                end -= file_start
            if _counts(container):
                read = itertools.islice(container.demux(video), _FIRST)
                first = tuple(_seconds(x, video) for x in read if x.size)
            start = _first(video) - file_start
            return Times(start, file_start, end, first)
    except (av.error.FFmpegError, LookupError, ValueError, TypeError):
        # OpenCV opens it, so it is a video; nothing more is known of it.
        return Times()


def undecodable(path: pathlib.Path) -> InputError:
    """What to say of a video of which OpenCV decodes no frame."""
    known = ""
    with (
        contextlib.suppress(av.error.FFmpegError, LookupError, ValueError),
        _opened(path) as (_, video),
    ):
        known = (
            f" (of {video.codec.canonical_name} video; if players show it, "
            "encode it again, as H.264)"
        )
    return InputError(f"{path}: no frame of it decodes{known}")


def packets(path: pathlib.Path) -> Packets:
    """Reads all packets of a file; those up to where it is damaged."""
    stamps: list[tuple[float, float]] = []
    sounds: list[float] = []
    with (
        contextlib.suppress(av.error.FFmpegError, LookupError, ValueError),
        _opened(path) as (container, video),
    ):
        read = [video, *container.streams.audio[:1]]
        for packet in container.demux(read):
            seconds = _seconds(packet, video)
            if seconds is None or not packet.size or packet.is_discard:
                continue
            if packet.stream is video:
                decoded = packet.pts if packet.dts is None else packet.dts
                stamps.append((float(decoded * packet.time_base), seconds))
            else:
                sounds.append(seconds)
    return Packets(_as_shown(stamps), sorted(sounds))


@contextlib.contextmanager
def _opened(path) -> Iterator:
    """(container, the stream of its picture)."""
    # A file, not a name, which FFmpeg could take for a protocol.
    with open(path, "rb") as file, av.open(file) as container:
        yield container, container.streams.video[0]


def _first(stream):
    """Seconds of the clock of the file at which a stream starts."""
    return float((stream.start_time or 0) * stream.time_base)


def _start(container, video):
    """Seconds of that clock at which the file starts."""
    first = _first(video)
    if container.start_time is None:
        return first
    # Sound may start below zero with what only prepares its decoder.
    return min(first, max(container.start_time / _MICROSECONDS, 0))


def _counts(container):
    """Whether a container has no time stamps but counts frames.

    Those made up for it are late by the frames that are decoded before they
    are shown; only those of decoding start where the file says.
    """
    return container.format.name == "avi"


def _seconds(packet, video):
    """When a packet is shown, from where OpenCV counts; None if unknown."""
    counted = packet.pts is None or _counts(video.container)
    stamp = packet.dts if counted else packet.pts
    if stamp is None:
        return None
    return float(stamp * packet.time_base) - _first(video)


def _as_shown(stamps):
    """(when it is decoded, shown) in the order of decoding -> when shown.

    Where the clock that decoding goes by is set anew, so is that of showing.
    """
    pieces: list[list[float]] = [[]]
    last = -math.inf
    for decoded, shown in stamps:
        if not -1 < decoded - last <= clock.JUMP_SECONDS:
            pieces.append([])
        pieces[-1].append(shown)
        last = decoded
    return [shown for piece in pieces for shown in sorted(piece)]
