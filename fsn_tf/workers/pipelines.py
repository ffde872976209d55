"""Jobs as a pipeline of Apache Beam; the one module that imports it."""

from collections.abc import Callable
from collections.abc import Sequence
import contextlib
import importlib
import io
import logging
import os
import pathlib
import shlex
import sys
import threading
import time
from typing import Any

import apache_beam as beam
from apache_beam.options import pipeline_options
from apache_beam.runners.portability import fn_api_runner
from apache_beam.transforms import environments

from fsn_tf import errors
from fsn_tf import partials
from fsn_tf.workers import engines
from fsn_tf.workers import reports

# As many processes as there are cores, unless something else is asked for.
_HERE = ["--direct_running_mode=multi_processing", "--direct_num_workers=0"]
# Ctrl-C reaches a whole group of processes, and the one that waits for the
# work answers. What workers of Beam say of themselves helps nobody.
_WORKER = (
    "trap '' INT HUP; exec {python} -m apache_beam.runners.worker."
    "sdk_worker_main >/dev/null 2>&1"
)
# Beam's name of the thread that waits for a process.
_STARTER = "run_worker"
_COUNTERS = "fsn_tf"
# Between two looks whether the process that waits for the work is there.
_LOOK_SECONDS = 0.5


class Running:
    """A pipeline that runs until it is done, or told to end.

    Attributes:
        error: What came out of it, or None.

    Args:
        task, jobs, join, engine: See elsewhere.run.
        passing: Folder of the reports.

    Raises:
        UsageError: The options are not those of the runner.
    """

    def __init__(
        self,
        task: Callable[..., tuple[str, str]],
        jobs: Sequence[engines.Job],
        join: Callable[..., tuple[str, str]] | None,
        engine: engines.Engine,
        passing: pathlib.Path,
    ):
        self.error: Exception | None = None
        self._result: Any = None
        # It warns of what it does by itself.
        logging.getLogger("apache_beam").setLevel(logging.ERROR)
        logging.getLogger().setLevel(logging.ERROR)
        passing = passing.absolute()
        here = engine.runner == "DirectRunner"
        watched = passing if here else None
        self._pipeline = _pipeline(engine)
        done = (
            self._pipeline
            | "videos" >> beam.Create(list(enumerate(jobs)))
            | "work" >> beam.ParDo(_Work(task, passing, watched))
        )
        if join is not None:
            _ = (
                done
                | "parts" >> beam.GroupByKey()
                | "join" >> beam.ParDo(_Join(join, passing, watched))
            )

    def start(self) -> threading.Thread:
        """A thread that ends with the pipeline; look at `error`, too."""
        threading.excepthook = self._hear
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        return thread

    def _run(self):
        try:
            self._result = self._pipeline.run()
            self._result.wait_until_finish()
        # Runners raise errors of any kind, and of what workers raised.
        except Exception as error:
            self.error = error

    def _hear(self, failed):
        """Beam waits for ever where one of its processes has died."""
        if failed.thread is not None and failed.thread.name == _STARTER:
            self.error = OSError("a worker was killed (out of memory?)")
        else:
            threading.__excepthook__(failed)

    def cancel(self) -> None:
        """Tells a cluster to stop; workers of this machine end alone."""
        if self._result is not None:
            with contextlib.suppress(Exception):
                self._result.cancel()


def _pipeline(engine):
    options = _options(engine)
    if engine.runner != "DirectRunner":
        try:
            return beam.Pipeline(options=options)
        except (ImportError, RuntimeError, ValueError) as error:
            line = "; ".join(str(error).split("\n"))
            raise errors.UsageError(f"{engine.runner}: {line}") from error
    # By its own name it may fetch a program that has no processes.
    direct = options.view_as(pipeline_options.DirectOptions)
    environment = None
    if direct.direct_running_mode == "multi_processing":
        direct.direct_running_mode = "in_memory"
        command = _WORKER.format(python=shlex.quote(sys.executable))
        environment = environments.SubprocessSDKEnvironment.from_command_string(
            command
        )
    runner = fn_api_runner.FnApiRunner(default_environment=environment)
    return beam.Pipeline(runner, options)


def _options(engine):
    words = shlex.split(engine.options)
    for word in words:
        if not word.startswith("--"):
            raise errors.UsageError(
                f"--runner_options: expected --NAME=VALUE, got {word!r}"
            )
    here = engine.runner == "DirectRunner"
    # Of an option that is given twice, the last counts.
    options = pipeline_options.PipelineOptions(
        [f"--runner={engine.runner}", *(_HERE if here else []), *words]
    )
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            known = options.get_all_options()
            asked = options.get_all_options(retain_unknown_options=True)
    except SystemExit:
        line = said.getvalue().strip().splitlines()[-1]
        raise errors.UsageError(
            f"--runner_options: {line.partition('error: ')[2] or line}"
        ) from None
    unknown = sorted(asked.keys() - known.keys())
    # Servers of clusters have options of their own.
    if unknown and here:
        raise errors.UsageError(
            f"--runner_options: {engine.runner} has no --{unknown[0]}"
        )
    return options


class _Reporting(beam.DoFn):
    """Work that leaves a report, and is done once."""

    def __init__(self, task, passing, watched):
        self._task, self._passing, self._watched = task, passing, watched
        self._starter = os.getpid()

    def setup(self):
        importlib.import_module("cv2").setNumThreads(1)
        if self._watched and os.getpid() != self._starter:
            _end_with(self._watched)

    def _report(self, name, video, arguments, amount=0.0):
        path = reports.path(self._passing, name)
        # Engines repeat what they have lost.
        if path.exists():
            return reports.read(path)
        note, failure = self._task(*arguments)
        report = reports.Report(video, note, failure, amount)
        reports.write(path, report)
        outcome = "failed" if failure else "done"
        beam.metrics.Metrics.counter(_COUNTERS, outcome).inc()
        return report


class _Work(_Reporting):
    """Does a job; yields its video where that is to be joined."""

    def process(self, numbered):
        number, job = numbered
        report = self._report(f"{number}", job.video, job.arguments, job.amount)
        if job.joining is not None:
            yield job.video, (number, job.joining, bool(report.failure))


class _Join(_Reporting):
    """Joins the parts of a video, if none has failed."""

    def process(self, grouped):
        video, parts = grouped
        numbers, joinings, failed = zip(*parts, strict=True)
        if not any(failed):
            self._report(f"joined-{min(numbers)}", video, joinings[0])


_watching: set[pathlib.Path] = set()


def _end_with(passing):
    """Ends this process soon after the one that waits for it."""
    if passing in _watching:
        return
    _watching.add(passing)
    threading.Thread(target=_watch, args=(passing,), daemon=True).start()


def _watch(passing):
    while not partials.is_abandoned(passing):
        time.sleep(_LOOK_SECONDS)
    os._exit(1)
