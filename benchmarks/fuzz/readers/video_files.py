"""Videos in all containers, and folders of frames."""

import cv2
import numpy as np

from benchmarks.fuzz.readers.reader import Reader
from fsn_tf.datasets import retiming
from fsn_tf.videos import sources
from tests.kit import numbered_videos

_NATIVE_FPS = 10
# Less than is usual, as a file may tell of a second for each of its bytes.
_FPS = 5.0


def _numbered(ending):
    stamps = [frame / _NATIVE_FPS for frame in range(12)]
    # Sound that starts first, so that the picture is late.
    late = [seconds + 0.5 for seconds in stamps]

    def make(folder):
        numbered_videos.write(
            folder / f"u{ending}", late, sound=(0.0, 1.5), fps=_NATIVE_FPS
        )

    return make


def _motion_jpeg(folder):
    fourcc = cv2.VideoWriter_fourcc(*"MJPG")
    path = str(folder / "u.avi")
    writer = cv2.VideoWriter(path, fourcc, _NATIVE_FPS, (32, 24))
    for value in range(0, 240, 20):
        writer.write(np.full((24, 32, 3), value, np.uint8))
    writer.release()


def _read_video(folder):
    path = next(path for path in folder.iterdir())
    source = sources.opened(path, None)
    frames = source.frames(_FPS)
    for _ in frames:
        pass
    return frames.note(), source.real_seconds(), retiming.real_times(path)


def _image(ending):
    image = np.random.default_rng(0).integers(0, 255, (24, 32, 3), np.uint8)
    return cv2.imencode(ending, image)[1].tobytes()


def _frames(name, ending):
    def make(folder):
        (folder / "u").mkdir()
        for number in range(1, 4):
            path = folder / "u" / (name.format(number) + ending)
            path.write_bytes(_image(ending))

    return make


def _flows(folder):
    (folder / "u").mkdir()
    gray = cv2.imencode(".jpg", np.full((24, 32), 90, np.uint8))[1].tobytes()
    for axis in "xy":
        for number in (1, 2):
            path = folder / "u" / f"flow_{axis}_{number:05}.jpg"
            path.write_bytes(gray)


def _read_frames(folder):
    return sum(1 for _ in sources.opened(folder / "u", 25.0).frames(25.0))


def _read_flows(folder):
    return sum(1 for _ in sources.opened(folder / "u", 25.0).flows())


READERS = {
    **{
        f"videos, {ending}": Reader(_numbered(ending), _read_video, 2)
        for ending in numbered_videos.CODECS
    },
    "videos, .avi of JPEGs": Reader(_motion_jpeg, _read_video, 2),
    "folders of frames, JPEG": Reader(
        _frames("img_{:05}", ".jpg"), _read_frames, 10
    ),
    "folders of frames, PNG": Reader(
        _frames("frame-{:010}", ".png"), _read_frames, 10
    ),
    "folders of flow": Reader(_flows, _read_flows, 10),
}
