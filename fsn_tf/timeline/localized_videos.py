"""Segments of many videos: scored, listed, and laid out to be looked at."""

from collections.abc import Mapping
from collections.abc import Sequence
import dataclasses
import pathlib

from fsn_tf import files
from fsn_tf import partials
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
from fsn_tf.timeline import report_page
from fsn_tf.timeline import shown_truth
from fsn_tf.timeline import subtitles
from fsn_tf.timeline import video_scoring
from fsn_tf.timeline import walked_videos
from fsn_tf.timeline import worker_task
from fsn_tf.videos import sources
from fsn_tf.workers import elsewhere
from fsn_tf.workers.engines import Engine
from fsn_tf.workers.engines import Job


@dataclasses.dataclass(frozen=True)
class Settings:
    """What becomes of the scores.

    Attributes:
        threshold: Segments score higher.
        union: Group at all thresholds; see segment_lists.segment_list.
        page: Whether to write report.html, and videos that browsers play.
        source_fps: Frames per second of folders of frames.
        class_thresholds: {class: threshold} instead of one for all, or None.
        tidied: How segments are tidied.
        overviews: Which of reports.overviews to write.
    """

    threshold: float = 0.5
    union: bool = False
    page: bool = True
    source_fps: float | None = None
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


def localize(
    paths: Sequence[pathlib.Path],
    localizer: video_scoring.ScoresFrames,
    out: pathlib.Path | str,
    settings: Settings,
    *,
    truth: segments.Annotations | None = None,
    engine: Engine | None = None,
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
        engine: Whose workers score, instead of this process.

    Returns:
        (segments.Detections of all videos or None where all failed, the
        InputError of each that failed).

    Raises:
        OSError: OUT cannot be written, or the engine failed.
    """
    out = pathlib.Path(out)
    files.check_writable(out)
    partials.remove_abandoned(out)
    partials.remove_abandoned(out / "media")
    failed = {}
    if engine is not None:
        failed = _score_elsewhere(paths, localizer, out, settings, engine)
        paths = [path for path in paths if sources.name(path) not in failed]
    timelines, shown = [], walked_videos.Progress(paths, settings.source_fps)
    failures = Failures(shown.message)
    failures.errors += map(InputError, failed.values())
    truth = truth and shown_truth.of(paths, truth, shown.message)
    for path in paths:
        shown.start(path)
        with failures.caught(), names.short_enough(path.name):
            record = video_scoring.score(
                path,
                localizer,
                out,
                page=settings.page,
                shown=shown,
                source_fps=settings.source_fps,
            )
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


def _score_elsewhere(paths, localizer, out, settings, engine):
    """Has videos scored by an engine.

    Returns:
        {video: the line of its failure}, in the order of the paths.
    """
    page = settings.page
    jobs = [
        Job(
            sources.name(path),
            (localizer.made_of, path, out, page, settings.source_fps),
            walked_videos.declared_seconds(path, settings.source_fps),
        )
        for path in paths
        if not video_scoring.is_done(
            path, localizer, out, page=page, source_fps=settings.source_fps
        )
    ]
    failed = elsewhere.run(worker_task.score_or_say, jobs, engine, out)
    videos = map(sources.name, paths)
    return {video: failed[video] for video in videos if video in failed}


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
