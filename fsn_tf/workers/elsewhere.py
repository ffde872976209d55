"""Work on many videos by an engine that Apache Beam knows, with progress.

Workers and the process that started them share a folder, where each piece of
work leaves a report; so lines and progress come the same way from every
engine.
"""

from collections.abc import Callable
from collections.abc import Sequence
import contextlib
import pathlib
import types

from fsn_tf import errors
from fsn_tf import files
from fsn_tf import progress
from fsn_tf import quietly
from fsn_tf.workers import reports
from fsn_tf.workers.engines import Engine
from fsn_tf.workers.engines import Job

# Between two looks at the reports.
_LOOK_SECONDS = 0.5


def run(
    task: Callable[..., tuple[str, str]],
    jobs: Sequence[Job],
    engine: Engine,
    folder: pathlib.Path | str,
    *,
    join: Callable[..., tuple[str, str]] | None = None,
    unit: str = "s of video",
) -> dict[str, str]:
    """Runs a task on every job, the longest first.

    Args:
        task: A function of a module that says (note, failure), each a line
            or empty, and may be called again with the same arguments.
        jobs: Jobs.
        engine: Engine. Its workers reach the paths in the arguments, and
            have fsn_tf.
        folder: Where reports lie meanwhile; workers reach it, too.
        join: As `task`, for the parts of a video.
        unit: Of the amounts.

    Returns:
        {video: the line of its failure}. Lines are shown as they come.

    Raises:
        InputError: Beam is missing.
        UsageError: The runner cannot be had with these options.
        OSError: The engine failed.
    """
    pipelines = _pipelines()
    jobs = sorted(jobs, key=lambda job: -job.amount)
    if not jobs:
        return {}
    shown = progress.Progress(sum(job.amount for job in jobs), unit)
    with contextlib.closing(shown), files.passing_folder(folder) as passing:
        running = pipelines.Running(task, jobs, join, engine, passing)
        seen = reports.Seen(passing, jobs, shown)
        thread = running.start()
        try:
            while thread.is_alive() and not running.error:
                thread.join(_LOOK_SECONDS)
                seen.look()
        except KeyboardInterrupt:
            running.cancel()
            raise
    # What fails when all is done was not needed.
    if seen.unfinished():
        raise OSError(_lost(engine, seen, running.error)) from running.error
    return seen.failures


def _lost(engine, seen, error):
    """A line on what an engine has not done."""
    why = str(error or "it ended too early").strip().splitlines()[-1]
    return (
        f"{engine.runner}: {len(seen.unfinished())} videos not done: {why}; "
        "the same command goes on"
    )


def _pipelines() -> types.ModuleType:
    try:
        return quietly.loaded("fsn_tf.workers.pipelines")
    except ImportError as error:
        reason = str(error).splitlines()[0]
        raise errors.InputError(
            "--runner: expected Apache Beam; pip install -r "
            f"requirements-beam.txt ({reason})"
        ) from error
