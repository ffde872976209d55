"""Work on many videos by processes of their own, with progress."""

import collections
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
import concurrent.futures
import contextlib
import importlib
import multiprocessing
import os
import signal
import tempfile
import threading
from typing import Any
from typing import TypeVar

from fsn_tf import progress
from fsn_tf import quietly

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

# A server of processes listens at a path in there, of 103 letters at most.
_LONGEST_TEMPORARY_FOLDER = 60
# That help with one video; it also bounds the memory.
_MOST_THREADS = 64


def run(
    task: Callable[..., tuple[str, str]],
    jobs: Sequence[tuple[tuple, float]],
    *,
    workers: int,
) -> list[str]:
    """Runs a task on every video, the longest first.

    Args:
        task: A function of a module, which calls `tick` as it goes and
            returns (note, failure), each a line or empty. A process imports
            the module first; it is for the module to keep that quiet.
        jobs: Pairs of the task's arguments and the seconds of the video.
        workers: Cores. Each has a process and a video of its own; where
            there are fewer videos, cores help, see `mapped`.

    Returns:
        The lines of the failures. All lines are shown as they come.

    Raises:
        OSError: A process was killed from outside.
    """
    # Else a long video at the end would leave most processes without work,
    # and the time that remains would be told wrongly.
    jobs = sorted(jobs, key=lambda job: -job[1])
    total = sum(seconds for _, seconds in jobs)
    shown = progress.Progress(total, "s of video")
    context = _context(task)
    processes = max(min(workers, len(jobs)), 1)
    with _left_to_the_parent():
        seconds_done, stop = context.Value("d", 0.0), context.Event()
        spare = context.Semaphore(workers - processes)
        pool = concurrent.futures.ProcessPoolExecutor(
            processes,
            mp_context=context,
            initializer=_start_worker,
            initargs=(seconds_done, stop, spare),
        )
    try:
        # They start here.
        with _left_to_the_parent():
            futures = {pool.submit(_run, task, *job) for job in jobs}
        return _failures(futures, shown, seconds_done, spare, processes)
    except concurrent.futures.process.BrokenProcessPool as error:
        raise OSError(
            "a worker was killed (out of memory?); the same command goes on, "
            "with --workers=1 on less memory"
        ) from error
    except KeyboardInterrupt:
        stop.set()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        shown.close()


def _context(task):
    """How processes start."""
    short = len(tempfile.gettempdir()) <= _LONGEST_TEMPORARY_FOLDER
    if not short or "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    # What a task imports takes seconds; the server imports it once, and
    # workers are copies of it.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([task.__module__])
    return context


@contextlib.contextmanager
def _left_to_the_parent():
    """A block that starts processes; Ctrl-C and the end of a terminal reach
    the whole group of them, and the parent alone answers.
    """
    names = [name for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)]
    answers = {
        each: signal.signal(each, signal.SIG_IGN)
        for each in map(signal.Signals.__getitem__, names)
    }
    try:
        yield
    finally:
        for each, answer in answers.items():
            signal.signal(each, answer)


def _failures(futures, shown, seconds_done, spare, processes):
    """Shows how the work goes on until it is done."""
    lines: list[str] = []
    waiting, busy = futures, processes
    shown.update(0, f"0/{len(futures)} videos")
    while waiting:
        done, waiting = concurrent.futures.wait(waiting, timeout=0.5)
        for result in done:
            note, failure = result.result()
            for line in filter(None, (note, failure)):
                shown.message(line)
            lines += [failure] if failure else []
        # Processes without a video leave their cores to the others.
        for _ in range(len(waiting), busy):
            spare.release()
        busy = min(busy, len(waiting))
        finished = len(futures) - len(waiting)
        # At the end without the rounding of so many small numbers.
        seconds = seconds_done.value if waiting else shown.total
        shown.update(seconds, f"{finished}/{len(futures)} videos")
    return lines


# What a worker shares with its parent; empty outside of a pool.
_worker: dict[str, Any] = {}


def _start_worker(seconds_done, stop, spare):
    quietly.outlast_streams()
    end_with_parent()
    cv2 = importlib.import_module("cv2")
    cv2.setNumThreads(1)
    _worker.update(seconds_done=seconds_done, stop=stop, spare=spare)


def end_with_parent() -> None:
    """Ends this process when its parent is killed.

    It would wait for work for ever, or do what nobody waits for.
    """
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent():
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _run(task, arguments, seconds):
    _worker["seconds_left"] = seconds
    result = task(*arguments)
    # A video that breaks off early is done nevertheless.
    tick(_worker["seconds_left"])
    return result


def tick(seconds: float) -> None:
    """Adds to the progress; ends the video where the parent stops.

    Outside of a worker it does nothing.

    Args:
        seconds: Of the video, done since the last call.
    """
    if not _worker:
        return
    if _worker["stop"].is_set():
        raise KeyboardInterrupt
    # A video may be longer than it declares.
    seconds = min(seconds, _worker["seconds_left"])
    _worker["seconds_left"] -= seconds
    with _worker["seconds_done"].get_lock():
        _worker["seconds_done"].value += seconds


def mapped(
    work: Callable[[_Item], _Result], items: Iterable[_Item]
) -> Iterator[_Result]:
    """Yields what `map` does, computed also on cores that nobody uses.

    Each thread has a core; items are made in the thread that asks for
    results, which does the work itself while no core is spare. Outside of a
    worker it does all of it.

    Args:
        work: A function without side effects, which lets go of Python's lock
            most of the time, as OpenCV's do.
        items: What to call it with, made one after the other.
    """
    spare = _worker.get("spare")
    if spare is None:
        yield from map(work, items)
    else:
        yield from _shared(work, items, spare)


def _shared(work, items, spare):
    waiting: collections.deque = collections.deque()
    todo: collections.deque = collections.deque()
    helping: collections.deque = collections.deque()
    with concurrent.futures.ThreadPoolExecutor(_MOST_THREADS) as threads:
        try:
            for item in items:
                waiting.append(concurrent.futures.Future())
                todo.append((waiting[-1], item))
                if spare.acquire(False):
                    helping.append(None)
                    threads.submit(_help, work, todo, helping, spare)
                # Each helper finds one piece when it is done with another.
                while len(todo) > len(helping):
                    _do_first(work, todo)
                while waiting and (
                    waiting[0].done() or len(waiting) > _MOST_THREADS
                ):
                    yield waiting.popleft().result()
            while _do_first(work, todo):
                pass
            while waiting:
                yield waiting.popleft().result()
        finally:
            todo.clear()


def _help(work, todo, helping, spare):
    """Takes part in the work as long as there is some, on a spare core."""
    while _do_first(work, todo):
        pass
    helping.pop()
    spare.release()


def _do_first(work, todo):
    """Does the piece of work that waits longest; whether there was one."""
    try:
        future, item = todo.popleft()
    except IndexError:
        return False
    try:
        future.set_result(work(item))
    except BaseException as error:
        # Raised where the result is asked for.
        future.set_exception(error)
    return True
