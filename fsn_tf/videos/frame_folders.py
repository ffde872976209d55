"""Folders of images in place of a video: TSN's frames and flow.

One folder holds one video: frames `img_00001.jpg`, ..., flow
`flow_x_00001.jpg` and `flow_y_00001.jpg` (or `x_00001.jpg` and
`y_00001.jpg`), ..., or both. Flow k leads from frame k to frame k + 1.

Frames may also be called `frame_0000000001.jpg`, `image-1.png`, `00001.jpg`
and the like, where the folder holds no video beside them.
"""

from collections.abc import Iterator
import contextlib
import os
import pathlib
import re
from typing import Generic
from typing import TypeVar

import cv2
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.files import VIDEO_ENDINGS
from fsn_tf.videos import captures
from fsn_tf.videos import image_ends
from fsn_tf.videos import video_reading

_FRAME, _X, _Y = "img", "flow_x", "flow_y"
_NAME = re.compile(r"(img|flow_x|flow_y|x|y)_([0-9]{1,12})(\.jpe?g|\.JPE?G)")
_OTHER_FRAME = re.compile(
    r"((?:img|frame|image)[_-]?|(?=[0-9]{5}))([0-9]{1,12})"
    r"(\.(?i:jpe?g|png))"
)

# A JPEG as it lies in the folder, and its image.
Jpeg = tuple[bytes, np.ndarray]
_Item = TypeVar("_Item")


class FrameFolder:
    """A folder of JPEGs that is read as video_files.Video is.

    Attributes:
        path: pathlib.Path of the folder.
        fps: Frames per second.
        width: Pixels of the first JPEG.
        height: Pixels of the first JPEG.
        declared_seconds: Duration.
        start_seconds: 0, a folder starts with its first frame.
        native_frames: Frames of the video.

    Args:
        path: Of the folder.
        fps: At which the frames were taken from the video.

    Raises:
        InputError: It holds no such JPEG, or the first is damaged.
    """

    def __init__(self, path: pathlib.Path | str, fps: float):
        self.path = pathlib.Path(path)
        self.fps = fps
        self._files = _files(self.path)
        frames, *flows = map(len, self._files.values())
        # A flow lies between two frames.
        self.native_frames = frames or max(flows) + 1
        self.declared_seconds = self.native_frames / fps
        self.start_seconds = 0.0
        kind = next((kind for kind in self._files if self._files[kind]), _FRAME)
        first = self._sequence(kind)[0]
        self.height, self.width = _read(first, cv2.IMREAD_COLOR)[1].shape[:2]

    def frames(
        self,
        fps: float,
        *,
        size: tuple[int, int] | None = None,
        period: int = 1,
        phase: int = 0,
        first: int = 0,
        stop: int | None = None,
    ) -> "FolderReading[np.ndarray]":
        """Frames at a given rate; see video_files.Video.frames."""
        asked = slice(first, stop)
        return FolderReading(
            self, self._frames(fps, size, period, phase, asked)
        )

    def flows(self) -> "FolderReading[tuple[Jpeg, Jpeg]]":
        """The stored flow from each frame to the next, as (x, y).

        Where there is none from the last frame, the one before is repeated.

        Returns:
            A reading of pairs of (bytes, image): JPEGs as they are in the
            folder, images (H, W) uint8. InputError comes out of it where
            there is no flow, or not one for each frame.
        """
        return FolderReading(self, enumerate(self._flows()))

    def real_seconds(self) -> float:
        """Duration."""
        return self.declared_seconds

    def first_times(self, count: int) -> list[float]:
        """Seconds at which the first frames appear, `count` at most."""
        first = range(min(count, self.native_frames))
        return [frame / self.fps for frame in first]

    def _frames(self, fps, size, period, phase, asked):
        paths = self._sequence(_FRAME)
        shown = _shown(len(paths), self.fps, fps)
        for frame in range(len(shown))[asked]:
            if frame % period == phase or frame == len(shown) - 1:
                _, image = _read(paths[shown[frame]], cv2.IMREAD_COLOR)
                yield frame, captures.rgb(image, size)

    def _flows(self):
        x, y = self._files[_X], self._files[_Y]
        for number in sorted(x.keys() ^ y.keys()):
            found, missing = (x, _Y) if number in x else (y, _X)
            raise InputError(f"{found[number]}: has no {missing} beside it")
        pairs = zip(self._sequence(_X), self._sequence(_Y), strict=True)
        if not 0 <= self.native_frames - len(x) <= 1:
            raise InputError(
                f"{self.path}: holds {len(x)} flows for {self.native_frames} "
                "frames; expected as many, or one less"
            )
        for paths in pairs:
            pair = tuple(_read(path, cv2.IMREAD_GRAYSCALE) for path in paths)
            yield pair
        if len(x) < self.native_frames:
            yield pair

    def _sequence(self, kind):
        """Paths of one kind in order; InputError where one is missing."""
        files = self._files[kind]
        first = 0 if 0 in files else 1
        wanted = range(first, max(files, default=first) + 1)
        gap = next((x for x in wanted if x not in files), None)
        if gap is not None:
            more = len(wanted) - len(files) - 1
            also = f", and {more} more after it" if more else ""
            raise InputError(
                f"{self.path}: {_name_like(files, kind, gap)} is missing{also}"
            )
        return [files[number] for number in sorted(files)]


class FolderReading(Generic[_Item]):
    """One pass over a folder of JPEGs; see video_reading.VideoReading.

    Attributes:
        num_frames: Frames at the rate asked for, so far.
        native_frames: Frames of the folder.
        native_seconds: Their duration.

    Args:
        folder: FrameFolder.
        items: Pairs of a frame's index and what is read of it.
    """

    def __init__(self, folder: FrameFolder, items: Iterator[tuple[int, _Item]]):
        self.num_frames = 0
        self.native_frames = folder.native_frames
        self.native_seconds = folder.declared_seconds
        self._items = items

    def __iter__(self) -> Iterator[tuple[int, _Item]]:
        for frame, item in self._items:
            self.num_frames = frame + 1
            yield frame, item

    def note(self) -> str:
        """An empty string: a folder declares nothing but what it holds."""
        return ""


def is_one(path: pathlib.Path | str) -> bool:
    """Whether a path is a folder of frames or flow."""
    return bool(_matches(path))


def holds_flow(path: pathlib.Path | str) -> bool:
    """Whether a path is a folder of frames or flow, with flow."""
    return _X in map(_kind, _matches(path))


def _matches(path):
    """A match for each file in a folder that is a frame or flow."""
    found = sorted(os.listdir(path)) if os.path.isdir(path) else []
    matches = [match for match in map(_NAME.fullmatch, found) if match]
    if _FRAME in map(_kind, matches):
        return matches
    endings = {os.path.splitext(name)[1].lower() for name in found}
    if not endings.isdisjoint(VIDEO_ENDINGS):
        # Pictures beside videos are no frames of one.
        return matches
    return [*matches, *filter(None, map(_OTHER_FRAME.fullmatch, found))]


def _kind(match):
    of_flow = {"x": _X, "y": _Y, _X: _X, _Y: _Y}
    return of_flow.get(match[1], _FRAME)


def _files(folder):
    """{kind: {number: path}} of the images in a folder."""
    found: dict[str, dict[int, pathlib.Path]] = {_FRAME: {}, _X: {}, _Y: {}}
    for match in _matches(folder):
        numbered = found[_kind(match)]
        other = numbered.setdefault(int(match[2]), folder / match[0])
        if other.name != match[0]:
            raise InputError(
                f"{folder}: {other.name} and {match[0]} are of one number"
            )
    return found


def _name_like(files, kind, number):
    """What the file of a number would be called, by the last of its kind."""
    if not files:
        return f"{kind}_{number:05d}.jpg"
    name = files[max(files)].name
    # The digits before the ending, whatever stands before them.
    stem, ending = os.path.splitext(name)
    start = stem.rstrip("0123456789")
    return f"{start}{number:0{len(stem) - len(start)}d}{ending}"


def _shown(count, native_fps, fps):
    """Which frame is on the screen in the middle of each frame at fps."""
    end = count / native_fps - video_reading.TIE_SECONDS
    frames = np.arange(max(int(np.ceil(end * fps - 0.5)), 1))
    middles = (frames + 0.5) / fps + video_reading.TIE_SECONDS
    return np.minimum((middles * native_fps).astype(int), count - 1)


def _read(path, mode):
    """(bytes, image) of a JPEG or PNG."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    image = None
    # OpenCV fills the rest of an image that is cut off with gray, and raises
    # an error where one claims to be too large.
    if image_ends.is_whole(content):
        with contextlib.suppress(cv2.error):
            image = cv2.imdecode(np.frombuffer(content, np.uint8), mode)
    if image is None:
        kind = "PNG" if path.suffix.lower() == ".png" else "JPEG"
        raise InputError(f"{path}: is not a whole {kind}")
    return content, image
