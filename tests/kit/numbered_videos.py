"""Videos whose frames carry a number, at times and in containers at will."""

from collections.abc import Sequence
from fractions import Fraction
import pathlib

import av
import numpy as np

# Of the number, white where a bit is set; as wide as two blocks of a codec.
_BITS, _BLOCK = 10, 16
# A unit in which the frames of all usual rates are whole numbers.
_CLOCK = 60_000
_SOUND_RATE = 48_000

CODECS = {
    ".avi": ("mpeg4", "libmp3lame"),
    ".flv": ("libx264", "aac"),
    ".mkv": ("libx264", "aac"),
    ".mov": ("libx264", "aac"),
    ".mp4": ("libx264", "aac"),
    ".ts": ("libx264", "aac"),
    ".webm": ("libvpx", "libopus"),
}


def picture(number: int) -> np.ndarray:
    """(64, 160, 3) uint8 that shows a number of 10 bits."""
    bits = number >> np.arange(_BITS) & 1
    row = np.kron(bits * 200 + 20, np.ones((4 * _BLOCK, _BLOCK)))
    return np.repeat(row[..., None], 3, axis=2).astype(np.uint8)


def number(image: np.ndarray) -> int:
    """The number that an (H, W, 3) picture shows, of any size."""
    columns = image.mean(axis=(0, 2))
    bits = [part.mean() > 120 for part in np.array_split(columns, _BITS)]
    return int(np.dot(bits, 1 << np.arange(_BITS)))


def write(
    path: pathlib.Path,
    stamps: Sequence[float],
    *,
    sound: tuple[float, float] | None = None,
    fps: float = 25,
    reordered: bool = True,
) -> pathlib.Path:
    """Writes a video whose frame i carries i and appears at stamps[i].

    Args:
        path: Of the file; its ending chooses the codecs.
        stamps: Seconds, ascending.
        sound: Seconds from and to which there is silence to hear, or None.
        fps: What the file declares.
        reordered: Let frames be decoded in another order than shown.
    """
    codec, sound_codec = CODECS[path.suffix]
    with av.open(path, "w") as file:
        rate = Fraction(fps).limit_denominator(1001)
        video = file.add_stream(codec, rate)
        video.width, video.height = 160, 64
        video.pix_fmt = "yuv420p"
        # AVI has no time stamps; a frame may be left out.
        unit = 1 / rate if path.suffix == ".avi" else Fraction(1, _CLOCK)
        video.time_base = video.codec_context.time_base = unit
        video.codec_context.gop_size = 12
        if codec != "libvpx":
            video.codec_context.max_b_frames = 2 * reordered
        packets = []
        audio = file.add_stream(sound_codec, _SOUND_RATE) if sound else None
        for index, seconds in enumerate(stamps):
            frame = av.VideoFrame.from_ndarray(picture(index), format="rgb24")
            frame.pts, frame.time_base = round(seconds / unit), unit
            packets += video.encode(frame)
        packets += video.encode(None)
        packets += _silence(audio, *sound) if sound else []
        for packet in sorted(packets, key=lambda one: one.dts * one.time_base):
            file.mux(packet)
    return path


def _silence(stream, first, last):
    packets = []
    size = stream.codec_context.frame_size or 1024
    for start in range(
        round(first * _SOUND_RATE), round(last * _SOUND_RATE), size
    ):
        layout = stream.codec_context.layout.name
        kind = stream.codec_context.format.name
        frame = av.AudioFrame(kind, layout, size)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate = _SOUND_RATE
        frame.pts, frame.time_base = start, Fraction(1, _SOUND_RATE)
        packets += stream.encode(frame)
    return packets + stream.encode(None)


def deviations(
    shown: Sequence[tuple[float, int]], stamps: Sequence[float]
) -> np.ndarray:
    """By how many seconds each picture is shown too early or too late.

    Args:
        shown: (seconds, number of the picture shown then).
        stamps: Seconds at which each picture appears; the first one stands
            until the second, the last one to the end.
    """
    appears = np.array([-np.inf, *stamps[1:], np.inf])
    times, numbers = map(np.array, zip(*shown, strict=True))
    early = appears[numbers] - times
    late = times - appears[numbers + 1]
    return np.maximum(np.maximum(early, late), 0)
