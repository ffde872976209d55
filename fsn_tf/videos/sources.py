"""Where videos come from: files, and folders of JPEGs."""

from collections.abc import Iterable
from collections.abc import Iterator
import os
import pathlib
from typing import Protocol
from typing import TypeVar

import numpy as np

from fsn_tf import errors
from fsn_tf.files import VIDEO_ENDINGS
from fsn_tf.segments import names
from fsn_tf.videos import frame_folders
from fsn_tf.videos import passed_over
from fsn_tf.videos import video_files

_Item_co = TypeVar("_Item_co", covariant=True)


class Reading(Protocol[_Item_co]):
    """One pass over a video; its attributes are complete when it has ended.

    Iterated over once, it gives pairs of a frame's index and what is read of
    the frame.

    Attributes:
        num_frames: Frames at the rate asked for, so far.
        native_frames: Frames of the source itself.
        native_seconds: Their duration.
    """

    num_frames: int
    native_frames: int
    native_seconds: float

    def __iter__(self) -> Iterator[tuple[int, _Item_co]]: ...

    def note(self) -> str:
        """A line on what is odd about its times, or an empty string."""


class Source(Protocol):
    """Where the frames of one video come from.

    Attributes:
        path: Of the video.
        fps: Native frames per second.
        width: Pixels.
        height: Pixels.
        declared_seconds: Duration as declared; not to be trusted.
        start_seconds: From the start of the file to that of its picture.
    """

    path: pathlib.Path
    fps: float
    width: int
    height: int
    declared_seconds: float
    start_seconds: float

    def frames(
        self,
        fps: float,
        *,
        size: tuple[int, int] | None = None,
        period: int = 1,
        phase: int = 0,
        first: int = 0,
        stop: int | None = None,
    ) -> Reading[np.ndarray]:
        """Frames at a given rate; see video_files.Video.frames."""

    def flows(self) -> Reading[tuple[frame_folders.Jpeg, frame_folders.Jpeg]]:
        """Flow that is stored; InputError where there is none."""

    def real_seconds(self) -> float:
        """From the start of the file to the end of the last frame."""

    def first_times(self, count: int) -> list[float]:
        """Seconds at which the first native frames appear, `count` at most."""


def find(
    videos: pathlib.Path | str,
) -> tuple[list[pathlib.Path], list[str]]:
    """The videos at a path, and in folders of classes right inside it.

    Args:
        videos: A folder, a video file, or a folder of frames or flow.

    Returns:
        (paths in name order, a line on each that cannot be a video).

    Raises:
        InputError: Nothing there is a video by its name, or two videos have
            the same name.
    """
    videos = pathlib.Path(videos)
    if not videos.exists():
        raise errors.InputError(f"{videos}: no such folder of videos")
    if videos.is_file() or frame_folders.is_one(videos):
        return [videos], []
    paths, lines = _inside(videos, classes=True)
    if not paths and not lines:
        endings = " ".join(sorted(VIDEO_ENDINGS))
        raise errors.InputError(
            f"{videos}: holds no video (a file in {endings}, or a folder of "
            "img_00001.jpg or flow_x_00001.jpg and so on)"
            + "".join(f"; {line}" for line in passed_over.lines(videos)[:1])
        )
    return sorted(_once(paths), key=name), lines


def _inside(folder, *, classes):
    paths, lines = [], []
    for path in sorted(folder.iterdir()):
        is_named = path.suffix.lower() in VIDEO_ENDINGS
        if path.name.startswith("."):
            continue
        if not path.is_dir():
            paths += [path] if is_named else []
        elif frame_folders.is_one(path):
            paths.append(path)
        elif is_named:
            lines.append(f"{names.shown(path)}: is a folder; expected a video")
        elif classes and not passed_over.is_loop(path):
            for found, more in zip(
                (paths, lines), _inside(path, classes=False), strict=True
            ):
                found += more
    return paths, lines


def find_all(
    places: Iterable[pathlib.Path | str],
) -> tuple[list[pathlib.Path], list[str], list[str]]:
    """The videos at several paths.

    Returns:
        (paths in the order given, a line on each that cannot be a video,
        lines on what else lies in the folders, see passed_over).

    Raises:
        InputError: As `find`; a path that is no folder is taken as it is.
    """
    paths, lines, notes = [], [], []
    for place in map(pathlib.Path, places):
        if not place.is_dir():
            paths.append(place)
            continue
        found, more = find(place)
        paths += found
        lines += more
        notes += passed_over.lines(place)
    return _once(paths), lines, notes


def _once(paths):
    """The paths without repetitions; two videos of one name are an error."""
    first: dict[str, pathlib.Path] = {}
    for path in paths:
        other = first.setdefault(name(path), path)
        if os.path.realpath(other) != os.path.realpath(path):
            raise errors.InputError(
                f"{names.shown(path)}: has the same name as "
                f"{names.shown(other)}; names of videos must differ in more "
                "than their folder or ending"
            )
    return list(first.values())


def name(path: pathlib.Path) -> str:
    """Name of the video at a path, in the form in which names are compared.

    Where it cannot be a name, which `opened` says, it is escaped.
    """
    text = path.name if path.is_dir() else path.stem
    return names.of_stem(text)


def num_bytes(path: pathlib.Path) -> int:
    """Size of a video file, or of all files in a folder of JPEGs."""
    if not path.is_dir():
        return path.stat().st_size
    return sum(one.stat().st_size for one in path.iterdir() if one.is_file())


def opened(path: pathlib.Path, frame_folder_fps: float | None) -> Source:
    """A source of the frames of a video.

    Args:
        path: Of a video file, or of a folder of JPEGs.
        frame_folder_fps: Of folders of JPEGs, which do not say it; None
            where the path is a file.

    Raises:
        InputError: It is damaged, or its name is none.
    """
    names.check_path(path)
    if path.is_dir() and frame_folder_fps is not None:
        return frame_folders.FrameFolder(path, frame_folder_fps)
    return video_files.Video(path)
