"""Videos to snippet files: resumable, many videos at once (Section 3.2)."""

import concurrent.futures
import dataclasses
import multiprocessing
import os
import pathlib
import signal
import sys
import threading

import cv2

from fsn_tf import files
from fsn_tf import progress
from fsn_tf import records
from fsn_tf import video
from fsn_tf.errors import InputError


@dataclasses.dataclass(frozen=True)
class Settings:
    """How snippets are cut and stored; one PREPARED folder has one.

    Attributes:
        stream: "rgb" or "flow".
        flow: How flow is computed; empty for RGB.
        fps: Frames per second to cut at (C1).
        width: Pixels to resize frames to; 340x256 is TSN's size.
        height: Pixels.
        quality: Of the JPEGs, 1 to 100.
        snippet_frames: Frames per snippet; the centre frame is stored (C16).
    """

    stream: str = "rgb"
    flow: str = ""
    fps: float = 25.0
    width: int = 340
    height: int = 256
    quality: int = 95
    snippet_frames: int = 5


def prepare(videos, out, settings, *, workers):
    """Writes OUT/{stream}/{video}.tfrecord for every video of a folder.

    Videos that are done already are kept as they are. One that fails costs
    one line on stderr, and the others go on.

    Args:
        videos: Folder of video files, or one video file.
        out: Folder of the snippet files.
        settings: Settings.
        workers: Processes.

    Returns:
        Number of videos that failed.

    Raises:
        InputError: There is no video, two have the same name, or OUT holds
            snippets of other settings.
    """
    paths, failures = video.find(videos)
    folder = pathlib.Path(out) / settings.stream
    folder.mkdir(parents=True, exist_ok=True)
    files.remove_abandoned(folder)
    waiting, failed = _waiting(paths, folder, settings)
    for line in failures + failed:
        print(line, file=sys.stderr)
    kept = len(paths) - len(waiting) - len(failed)
    lines = _write_all(waiting, folder, settings, workers)
    failed = len(failures) + len(failed) + len(lines)
    written = len(waiting) - len(lines)
    print(f"{folder}: {written} written, {kept} kept, {failed} failed")
    return failed


def _waiting(paths, folder, settings):
    """Videos to write with their declared length, and lines on failures."""
    waiting, failed = [], []
    for path in paths:
        try:
            if not _is_done(path, _target(path, folder), settings):
                waiting.append((path, video.Video(path).declared_seconds))
        except InputError as error:
            if isinstance(error, _OtherSettingsError):
                raise
            failed.append(str(error))
    return waiting, failed


def _target(path, folder):
    return folder / f"{path.stem}.tfrecord"


class _OtherSettingsError(InputError):
    """The folder holds snippets made with other settings."""


def _is_done(path, target, settings):
    try:
        snippets = records.read_metadata(target)
    except InputError:
        return False
    for name, asked in dataclasses.asdict(settings).items():
        stored = getattr(snippets, name)
        if stored != asked:
            raise _OtherSettingsError(
                f"{target}: was prepared with {name} {stored}, not {asked}; "
                "choose another --out, or delete the folder"
            )
    return snippets.source["bytes"] == path.stat().st_size


def _write_all(waiting, folder, settings, workers):
    """Writes the videos in `waiting`; returns a line for each failure."""
    total = round(sum(duration for _, duration in waiting))
    shown = progress.Progress(total, "s of video")
    context = multiprocessing.get_context("spawn")
    seconds_done, stop = context.Value("d", 0.0), context.Event()
    pool = concurrent.futures.ProcessPoolExecutor(
        max(min(workers, len(waiting)), 1),
        mp_context=context,
        initializer=_start_worker,
        initargs=(seconds_done, stop),
    )
    lines, finished = [], 0
    try:
        # Workers start here and inherit it: Ctrl-C reaches the whole group
        # of processes, and the parent alone answers.
        answer = signal.signal(signal.SIGINT, signal.SIG_IGN)
        futures = {
            pool.submit(_write_or_say, path, _target(path, folder), settings)
            for path, _ in waiting
        }
        signal.signal(signal.SIGINT, answer)
        while futures:
            done, futures = concurrent.futures.wait(futures, timeout=0.5)
            for result in done:
                note, failure = result.result()
                finished += 1
                for line in filter(None, (note, failure)):
                    shown.message(line)
                lines += [failure] if failure else []
            detail = f"{finished}/{len(waiting)} videos"
            shown.update(min(round(seconds_done.value), total), detail)
    except concurrent.futures.process.BrokenProcessPool as error:
        raise OSError(
            f"{folder}: a worker was killed (out of memory?); the same "
            "command goes on, with --workers=1 on less memory"
        ) from error
    except KeyboardInterrupt:
        stop.set()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        shown.close()
    return lines


# What a worker shares with its parent; empty outside of a pool.
_worker = {}


def _start_worker(seconds_done, stop):
    threading.Thread(target=_end_with_parent, daemon=True).start()
    cv2.setNumThreads(1)
    _worker.update(seconds_done=seconds_done, stop=stop)


def _end_with_parent():
    """A worker whose parent was killed would wait for work for ever."""
    multiprocessing.parent_process().join()
    os._exit(1)


def _write_or_say(path, target, settings):
    """Writes one video; returns (note, failure), each a line or empty."""
    try:
        return write_video(path, target, settings), ""
    except InputError as error:
        return "", str(error)
    except OSError as error:
        return "", f"{path}: not prepared: {error}"


def write_video(path, target, settings):
    """Writes one video's snippet file.

    Returns:
        A line on what is odd about the video, or an empty string.

    Raises:
        InputError: It is not a video.
        OSError: The snippet file cannot be written.
    """
    source = video.Video(path)
    last = {}

    def describe():
        return {
            **dataclasses.asdict(settings),
            "video": path.stem,
            "num_frames": last["frame"] + 1,
            "version": records.VERSION,
            "source": {
                "name": path.name,
                "bytes": path.stat().st_size,
                "fps": source.fps,
                "width": source.width,
                "height": source.height,
                "frames": source.decoded_frames,
            },
        }

    records.write(target, _centres(source, settings, last), describe)
    return source.shortfall()


def _centres(source, settings, last):
    """Yields [JPEG] of each snippet's centre frame; fills `last`."""
    period = settings.snippet_frames
    given = 0
    for frame, image in source.frames(
        settings.fps,
        size=(settings.width, settings.height),
        period=period,
        phase=period // 2,
    ):
        last["frame"] = frame
        # The last frame of all stands for a last snippet without a centre.
        if frame // period == given:
            given += 1
            yield [encode(image, settings.quality)]
            _tick(period / settings.fps)


def _tick(seconds):
    """Adds to the progress; ends the video where the parent stops."""
    if not _worker:
        return
    if _worker["stop"].is_set():
        raise KeyboardInterrupt
    with _worker["seconds_done"].get_lock():
        _worker["seconds_done"].value += seconds


def encode(image, quality):
    """JPEG bytes of an (H, W, 3) uint8 RGB image."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, options)[1].tobytes()
