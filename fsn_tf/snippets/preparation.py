"""Videos to snippet files: resumable, many videos at once (Section 3.2)."""

import dataclasses
import pathlib
import sys

from fsn_tf import files
from fsn_tf import workers as worker_pool
from fsn_tf.errors import InputError
from fsn_tf.errors import UsageError
from fsn_tf.snippets import snippet_files
from fsn_tf.snippets import snippet_jpegs
from fsn_tf.videos import flow
from fsn_tf.videos import frame_folders
from fsn_tf.videos import sources


@dataclasses.dataclass(frozen=True)
class Settings:
    """How snippets are cut and stored; one PREPARED folder has one.

    Attributes:
        stream: "rgb" or "flow".
        flow: How flow is computed, a key of flow.METHODS or flow.IMPORTED;
            empty for RGB.
        fps: Frames per second to cut at (C1).
        width: Pixels to resize frames to; 340x256 is TSN's size.
        height: Pixels.
        quality: Of the JPEGs that are made here, 1 to 100.
        snippet_frames: Frames per snippet; stored are its center frame or
            the flows from each of its frames to the next (C16).
    """

    stream: str = "rgb"
    flow: str = ""
    fps: float = 25.0
    width: int = 340
    height: int = 256
    quality: int = 95
    snippet_frames: int = 5


def prepare(videos, out, settings, *, workers, source_fps=None):
    """Writes the snippets of every video of a folder.

    Args:
        videos: See sources.find.
        out, settings, workers, source_fps: See prepare_found.

    Returns:
        Number of videos that failed.

    Raises:
        InputError: There is no video, two have the same name, or OUT holds
            snippets of other settings.
        UsageError: source_fps does not fit the videos.
    """
    paths, failures = sources.find(videos)
    return prepare_found(
        paths,
        failures,
        out,
        settings,
        workers=workers,
        source_fps=source_fps,
    )


def prepare_found(paths, failures, out, settings, *, workers, source_fps=None):
    """Writes OUT/{stream}/{video}.tfrecord for every video.

    Videos that are done already are kept as they are. One that fails costs
    one line on stderr, and the others go on.

    Args:
        paths: Of the videos, all of different names.
        failures: A line on each video that is none; they count as failed.
        out: Folder of the snippet files.
        settings: Settings. Flow without a method is imported where the
            folder holds flow, else computed by TV-L1, as in the paper.
        workers: Processes.
        source_fps: Frames per second of folders of JPEGs.

    Returns:
        Number of videos that failed.

    Raises:
        InputError: OUT holds snippets of other settings.
        UsageError: source_fps does not fit the videos.
    """
    settings = _with_method(settings, paths)
    _check_rates(paths, settings, source_fps)
    folder = pathlib.Path(out) / settings.stream
    folder.mkdir(parents=True, exist_ok=True)
    files.remove_abandoned(folder)
    waiting, failed = _waiting(paths, folder, settings, source_fps)
    for line in (*failures, *failed):
        print(line, file=sys.stderr)
    kept = len(paths) - len(waiting) - len(failed)
    jobs = [
        ((path, _target(path, folder), settings, source_fps), seconds)
        for path, seconds in waiting
    ]
    lines = worker_pool.run(_write_or_say, jobs, workers=workers)
    failed = len(failures) + len(failed) + len(lines)
    written = len(waiting) - len(lines)
    method = f"; flow: {settings.flow}" if settings.flow else ""
    print(f"{folder}: {written} written, {kept} kept, {failed} failed{method}")
    return failed


def _with_method(settings, paths):
    if settings.stream == "rgb" or settings.flow:
        method = settings.flow
    elif any(map(frame_folders.holds_flow, paths)):
        method = flow.IMPORTED
    else:
        method = "tvl1"
    if method in flow.METHODS:
        flow.check(method, (settings.width, settings.height))
    return dataclasses.replace(settings, flow=method)


def _check_rates(paths, settings, source_fps):
    """Raises UsageError where source_fps is missing or has no meaning."""
    folders = [path for path in paths if path.is_dir()]
    if not folders and source_fps is not None:
        raise UsageError(
            "--source_fps is for folders of JPEGs; video files say theirs"
        )
    if folders and source_fps is None:
        raise UsageError(
            f"{folders[0]}: is a folder of JPEGs, which do not say their "
            "frame rate; give --source_fps"
        )
    imports = folders and settings.flow == flow.IMPORTED
    if imports and source_fps != settings.fps:
        raise UsageError(
            f"--source_fps={source_fps:g}: flow between frames at that rate "
            f"is not flow at --fps={settings.fps:g}; they must be equal"
        )


def _waiting(paths, folder, settings, source_fps):
    """Videos to write with their declared length, and lines on failures."""
    waiting, failed = [], []
    for path in paths:
        try:
            if not _is_done(path, _target(path, folder), settings, source_fps):
                source = sources.opened(path, source_fps)
                waiting.append((path, source.declared_seconds))
        except InputError as error:
            if isinstance(error, _OtherSettingsError):
                raise
            failed.append(str(error))
    return waiting, failed


def _target(path, folder):
    return folder / f"{sources.name(path)}.tfrecord"


class _OtherSettingsError(InputError):
    """The folder holds snippets made with other settings."""


def _is_done(path, target, settings, source_fps):
    try:
        snippets = snippet_files.read_metadata(target)
    except InputError:
        return False
    for name, asked in dataclasses.asdict(settings).items():
        stored = getattr(snippets, name)
        if stored != asked:
            raise _OtherSettingsError(
                f"{target}: was prepared with {name} {stored}, not {asked}; "
                "choose another --out, or delete the folder"
            )
    same_fps = not path.is_dir() or snippets.source["fps"] == source_fps
    return same_fps and snippets.source["bytes"] == sources.num_bytes(path)


def _write_or_say(path, target, settings, source_fps):
    """Writes one video; returns (note, failure), each a line or empty."""
    try:
        return write_video(path, target, settings, source_fps=source_fps), ""
    except InputError as error:
        return "", str(error)
    except OSError as error:
        return "", f"{path}: not prepared: {error}"


def write_video(path, target, settings, *, source_fps=None):
    """Writes one video's snippet file.

    Returns:
        A line on what is odd about the video, or an empty string.

    Raises:
        InputError: It is not a video.
        OSError: The snippet file cannot be written.
    """
    source = sources.opened(path, source_fps)
    seen = {}

    def describe():
        return {
            **dataclasses.asdict(settings),
            **seen,
            "video": sources.name(path),
            "version": snippet_files.VERSION,
            "source": {
                "name": path.name,
                "bytes": sources.num_bytes(path),
                "fps": source.fps,
                "width": source.width,
                "height": source.height,
                "frames": source.decoded_frames,
            },
        }

    images = snippet_jpegs.snippets(source, settings, seen)
    snippet_files.write(target, images, describe)
    return source.shortfall()
