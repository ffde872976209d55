"""Segments of many videos: scored, listed, and laid out to be looked at."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
import dataclasses
import json
import pathlib
from typing import Any
from typing import Protocol

import numpy as np

from fsn_tf import files
from fsn_tf import segments
from fsn_tf.annotations import activitynet
from fsn_tf.annotations import csv_files
from fsn_tf.errors import Failures
from fsn_tf.errors import InputError
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import segment_lists
from fsn_tf.grouping import threshold_files
from fsn_tf.grouping import tidying
from fsn_tf.reports import overviews
from fsn_tf.segments import names
from fsn_tf.timeline import browser_video
from fsn_tf.timeline import report_page
from fsn_tf.timeline import shown_truth
from fsn_tf.timeline import subtitles
from fsn_tf.timeline import walked_videos
from fsn_tf.videos import sources
from fsn_tf.videos import video_files


@dataclasses.dataclass(frozen=True)
class Settings:
    """What becomes of the scores.

    Attributes:
        threshold: Segments score higher.
        union: Group at all thresholds; see segment_lists.segment_list.
        page: Whether to write report.html, and videos that browsers play.
        class_thresholds: {class: threshold} instead of one for all, or None.
        tidied: How segments are tidied.
        overviews: Which of reports.overviews to write.
    """

    threshold: float = 0.5
    union: bool = False
    page: bool = True
    class_thresholds: Mapping[str, float] | None = None
    tidied: tidying.Tidying = tidying.NOTHING
    overviews: Sequence[str] = ()

    def thresholds(self, classes: Sequence[str]) -> list[float]:
        """The threshold of each class.

        Raises:
            InputError: A class has none of its own.
        """
        if self.class_thresholds is None:
            return [self.threshold] * len(classes)
        return threshold_files.levels(self.class_thresholds, classes)


class ScoresFrames(Protocol):
    """What is asked of a localizer.Localizer.

    Attributes:
        card: What model_card.card says of its model; the `fps` of its scores.
        classes: C names.
        fingerprint: Tells its scores from those of another model.
    """

    card: dict[str, Any]
    classes: tuple[str, ...]
    fingerprint: str

    def reading(self, source: video_files.Video) -> sources.Reading[np.ndarray]:
        """A reading of the frames that are looked at."""

    def frame_probabilities(
        self,
        reading: sources.Reading[np.ndarray],
        progress: Callable[[float], None],
    ) -> np.ndarray:
        """(T, C) probabilities of the frames of a reading."""


def localize(
    paths: Sequence[pathlib.Path],
    localizer: ScoresFrames,
    out: pathlib.Path | str,
    settings: Settings,
    *,
    truth: segments.Annotations | None = None,
) -> tuple[segments.Detections | None, list[InputError]]:
    """Writes the segments of every video; one that fails costs one line.

    OUT/VIDEO.npz has the probabilities of every frame, OUT/VIDEO.vtt and .srt
    are subtitles; detections.json, detections.csv and report.html show all
    videos. What is scored already is kept, so the same command goes on where
    it was stopped.

    Args:
        paths: Video files.
        localizer: Such as a localizer.Localizer.
        out: Folder to write to.
        settings: Settings.
        truth: segments.Annotations to show beside, or None.

    Returns:
        (segments.Detections of all videos or None where all failed, the
        InputError of each that failed).
    """
    out = pathlib.Path(out)
    files.check_writable(out)
    files.remove_abandoned(out)
    files.remove_abandoned(out / "media")
    timelines, shown = [], walked_videos.Progress(paths)
    failures = Failures(shown.line.message)
    truth = truth and shown_truth.of(paths, truth, shown.line.message)
    for path in paths:
        shown.start(path)
        with failures.caught(), names.short_enough(path.name):
            record = _scored(path, localizer, out, settings, shown)
            timelines.append(
                _listed(sources.name(path), record, out, settings, truth)
            )
    shown.close()
    if not timelines:
        return None, failures.errors
    found = segments.join([each.found for each in timelines])
    activitynet.write_detections(out / "detections.json", found)
    csv_files.write_detections(out / "detections.csv", found)
    seconds = {each.name: each.seconds for each in timelines}
    overviews.write(out, found, settings.overviews, seconds)
    if settings.page:
        report_page.write(
            out / "report.html",
            timelines,
            threshold=settings.threshold,
            failures=[str(error) for error in failures.errors],
        )
    return found, failures.errors


def _scored(path, localizer, out, settings, shown):
    """Scores a video, unless that is done; returns the record of it.

    The record, OUT/VIDEO.origin.json, is written last: where it fits the
    video and the model, the scores are complete.
    """
    source = video_files.Video(path)
    target, made_from = _record_path(out, path), _made_from(path, localizer)
    record = _read_record(target)
    if {key: record.get(key) for key in made_from} != made_from:
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
            shown.line.message(reading.note())
        record = made_from | {
            "note": reading.note(),
            "plays": browser_video.is_played(source, reading),
            "media": "",
        }
        files.write_json(target, record)
    if settings.page and not _is_file(out, record["media"]):
        media = browser_video.provide(
            source, out / "media", plays=record["plays"], progress=shown.encoded
        )
        record["media"] = media.relative_to(out).as_posix()
        files.write_json(target, record)
    return record


def _record_path(out, path):
    return out / f"{sources.name(path)}.origin.json"


def _made_from(path, localizer):
    facts = path.stat()
    return {
        "source": path.name,
        "bytes": facts.st_size,
        "modified": facts.st_mtime,
        "model": localizer.fingerprint,
    }


def _read_record(target):
    """The record, or {} where there is none that is whole."""
    try:
        return dict(json.loads(target.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return {}


def _is_file(out, name):
    return bool(name) and (out / name).is_file()


def _listed(name, record, out, settings, truth):
    """Writes the subtitles of a scored video; returns its Timeline."""
    scored = frame_scores.read(out / f"{name}.npz")
    limits = settings.thresholds(scored.action_classes)
    found = segment_lists.segment_list(
        name,
        scored,
        threshold=limits,
        union=settings.union,
        tidied=settings.tidied,
    )
    files.write_text(out / f"{name}.vtt", subtitles.webvtt(found))
    files.write_text(out / f"{name}.srt", subtitles.subrip(found))
    instances = None
    if truth is not None and name in truth.videos:
        instances = truth.of_video(name).instances
    return report_page.Timeline(
        name=name,
        media=record["media"],
        seconds=len(scored.scores) / scored.fps,
        fps=scored.fps,
        found=found,
        curves=report_page.curves(scored.actions),
        thresholds=limits,
        crossings=report_page.crossings(scored.actions, limits),
        truth=instances,
        note=record["note"],
    )
