"""Videos to snippet files: resumable, many videos at once (Section 3.2)."""

from collections.abc import Sequence
import dataclasses
import pathlib
import sys

from fsn_tf import claims
from fsn_tf import errors
from fsn_tf import files
from fsn_tf import partials
from fsn_tf import progress
from fsn_tf import workers as worker_pool
from fsn_tf.errors import InputError
from fsn_tf.errors import UsageError
from fsn_tf.snippets import snippet_facts
from fsn_tf.snippets import streams
from fsn_tf.snippets import video_parts
from fsn_tf.snippets import worker_task
from fsn_tf.snippets.settings import Settings
from fsn_tf.videos import flow
from fsn_tf.videos import frame_folders
from fsn_tf.videos import passed_over
from fsn_tf.videos import sources
from fsn_tf.workers import elsewhere
from fsn_tf.workers.engines import Engine
from fsn_tf.workers.engines import Job


def prepare(
    videos: pathlib.Path | str,
    out: pathlib.Path | str,
    settings: Settings,
    *,
    workers: int,
    source_fps: float | None = None,
    engine: Engine | None = None,
) -> int:
    """Writes the snippets of every video of a folder.

    Args:
        videos: See sources.find.
        out, settings, workers, source_fps, engine: See prepare_found.

    Returns:
        Number of videos that failed.

    Raises:
        InputError: There is no video, two have the same name, or OUT holds
            snippets of other settings.
        UsageError: source_fps does not fit the videos.
    """
    paths, failures = sources.find(videos)
    for line in passed_over.lines(videos):
        print(line, file=sys.stderr)
    return prepare_found(
        paths,
        failures,
        out,
        settings,
        workers=workers,
        source_fps=source_fps,
        engine=engine,
    )


def prepare_found(
    paths: Sequence[pathlib.Path],
    failures: Sequence[str],
    out: pathlib.Path | str,
    settings: Settings,
    *,
    workers: int,
    source_fps: float | None = None,
    engine: Engine | None = None,
) -> int:
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
        engine: Whose workers write, instead of processes; they also take
            parts of a long video.

    Returns:
        Number of videos that failed.

    Raises:
        InputError: OUT holds snippets of other settings.
        UsageError: source_fps does not fit the videos, or options the engine.
        OSError: The engine failed, or a process was killed.
    """
    settings = _with_method(settings, paths)
    _check_rates(paths, settings, source_fps)
    folder = pathlib.Path(out) / settings.stream
    files.check_writable(folder)
    files.make_folder(folder)
    partials.remove_abandoned(folder)
    waiting, failed = _waiting(paths, folder, settings, source_fps)
    for line in (*failures, *failed):
        print(line, file=sys.stderr)
    kept = len(paths) - len(waiting) - len(failed)
    jobs = [
        ((path, _target(path, folder), settings, source_fps), seconds)
        for path, seconds in waiting
    ]
    if engine is None:
        lines = worker_pool.run(worker_task.write_or_say, jobs, workers=workers)
    else:
        lines = _run_elsewhere(jobs, engine, folder)
    video_parts.remove_joined(folder)
    failed = len(failures) + len(failed) + len(lines)
    written = len(waiting) - len(lines)
    method = f"; flow: {settings.flow}" if settings.flow else ""
    print(f"{folder}: {written} written, {kept} kept, {failed} failed{method}")
    return failed


def _run_elsewhere(jobs, engine, folder):
    """Writes videos by an engine, long ones in parts; lines on failures."""
    pieces = []
    for arguments, seconds in jobs:
        path, target, settings, _ = arguments
        video = sources.name(path)
        parts = video_parts.cut(target, settings, seconds)
        pieces += [
            Job(
                video,
                (*arguments, part),
                seconds / len(parts),
                joining=(path, target, parts),
            )
            for part in parts
        ] or [Job(video, arguments, seconds)]
    failures = elsewhere.run(
        worker_task.write_or_say,
        pieces,
        engine,
        folder,
        join=worker_task.join_or_say,
    )
    return list(failures.values())


def _with_method(settings, paths):
    if settings.stream == streams.RGB or settings.flow:
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
    if folders and source_fps is None and len(folders) == len(paths):
        raise UsageError(
            f"{folders[0]}: is a folder of JPEGs, which do not say their "
            "frame rate; give --source_fps"
        )
    # Among files, each folder costs a line, and the files are done.
    imports = folders and settings.flow == flow.IMPORTED
    if imports and source_fps not in (None, settings.fps):
        raise UsageError(
            f"--source_fps={source_fps:g}: flow between frames at that rate "
            f"is not flow at --fps={settings.fps:g}; they must be equal"
        )


def _waiting(paths, folder, settings, source_fps):
    """Videos to write with their declared length, and lines on failures."""
    lines: list[str] = []
    waiting, failures = [], errors.Failures(lines.append)
    for path in progress.followed(paths, len(paths), "videos looked at"):
        stored = _stored(_target(path, folder), settings)
        with failures.caught():
            if not (stored and _is_of(stored, path, source_fps)):
                source = sources.opened(path, source_fps)
                waiting.append((path, source.declared_seconds))
    return waiting, lines


def _target(path, folder):
    return folder / f"{sources.name(path)}.tfrecord"


def _stored(target, settings):
    """The whole snippet file that is there, or None.

    Raises:
        InputError: It was made with other settings.
    """
    try:
        stored = snippet_facts.read(target)
    except (InputError, OSError):
        # Whether it can be written is said when its turn comes.
        return None
    known, asked = vars(stored), dataclasses.asdict(settings)
    claims.check_same(
        known,
        asked,
        lambda name: (
            f"{target}: was prepared with {name} {known[name]}, not "
            f"{asked[name]}; choose another --out, or delete the folder"
        ),
    )
    return stored


def _is_of(stored, path, source_fps):
    """Whether a snippet file was made of what now lies at a path."""
    same_fps = not path.is_dir() or stored.source["fps"] == source_fps
    return same_fps and stored.source["bytes"] == sources.num_bytes(path)
