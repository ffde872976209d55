"""One video to its scores, and to a file that browsers play."""

from collections.abc import Callable
import pathlib
from typing import Any
from typing import Protocol

import numpy as np

from fsn_tf import files
from fsn_tf.grouping import frame_scores
from fsn_tf.timeline import browser_video
from fsn_tf.videos import sources


class ScoresFrames(Protocol):
    """What is asked of a localizer.Localizer.

    Attributes:
        card: What model_card.card says of its model; the `fps` of its scores.
        classes: C names.
        fingerprint: Tells its scores from those of another model.
        made_of: (models, options) that load it in another process.
    """

    card: dict[str, Any]
    classes: tuple[str, ...]
    fingerprint: str
    made_of: tuple

    def reading(self, source: sources.Source) -> sources.Reading[np.ndarray]:
        """A reading of the frames that are looked at."""

    def frame_probabilities(
        self,
        reading: sources.Reading[np.ndarray],
        progress: Callable[[float], None],
    ) -> np.ndarray:
        """(T, C) probabilities of the frames of a reading."""


class Shown(Protocol):
    """Who is told how far the work on a video is, in seconds of it."""

    def scored(self, seconds: float) -> None: ...

    def encoded(self, seconds: float) -> None: ...

    def message(self, text: str) -> None: ...


def score(
    path: pathlib.Path,
    localizer: ScoresFrames,
    out: pathlib.Path,
    *,
    page: bool,
    shown: Shown,
    source_fps: float | None = None,
) -> dict[str, Any]:
    """Scores a video, unless that is done.

    The record, OUT/VIDEO.origin.json, is written last: where it fits the
    video and the model, the scores are complete.

    Args:
        path: Of the video file, or of a folder of frames.
        localizer: Such as a localizer.Localizer.
        out: Folder to write to.
        page: Whether to write the video in a form that browsers play, too.
        shown: Is told how far it is, and what is odd about the video.
        source_fps: Frames per second of a folder of frames.

    Returns:
        The record: `note` on the video, `media` of it in OUT, and others.

    Raises:
        InputError: It is no video, or no frame of it decodes.
        OSError: OUT cannot be written.
    """
    source = sources.opened(path, source_fps)
    target = _record_path(out, path)
    made_from = _made_from(path, localizer, source_fps)
    record = _read_record(target)
    if not _fits(record, made_from):
        target.unlink(missing_ok=True)
        reading = localizer.reading(source)
        probabilities = localizer.frame_probabilities(reading, shown.scored)
        frame_scores.write(
            out,
            sources.name(path),
            probabilities,
            fps=localizer.card["fps"],
            classes=localizer.classes,
        )
        if reading.note():
            shown.message(reading.note())
        record = made_from | {
            "note": reading.note(),
            "plays": browser_video.is_played(source, reading),
            "media": "",
        }
        files.write_json(target, record)
    if page and not _is_file(out, record["media"]):
        media = browser_video.provide(
            source, out / "media", plays=record["plays"], progress=shown.encoded
        )
        record["media"] = media.relative_to(out).as_posix()
        files.write_json(target, record)
    return record


def is_done(
    path: pathlib.Path,
    localizer: ScoresFrames,
    out: pathlib.Path,
    *,
    page: bool,
    source_fps: float | None = None,
) -> bool:
    """Whether `score` would find all done."""
    record = _read_record(_record_path(out, path))
    fits = path.exists() and _fits(
        record, _made_from(path, localizer, source_fps)
    )
    return fits and (not page or _is_file(out, record["media"]))


def _fits(record, made_from):
    return {key: record.get(key) for key in made_from} == made_from


def _record_path(out, path):
    return out / f"{sources.name(path)}.origin.json"


def _made_from(path, localizer, source_fps):
    made_from = {
        "source": path.name,
        "bytes": sources.num_bytes(path),
        "modified": path.stat().st_mtime,
        "model": localizer.fingerprint,
    }
    # A file says its own rate.
    return made_from | ({"fps": source_fps} if path.is_dir() else {})


def _read_record(target):
    """The record, or {} where there is none that is whole."""
    try:
        return dict(files.read_json(target))
    except (FileNotFoundError, ValueError, TypeError):
        return {}


def _is_file(out, name):
    return bool(name) and (out / name).is_file()
