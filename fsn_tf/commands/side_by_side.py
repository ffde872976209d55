"""Work of commands beside that of others, in a process of its own."""

from collections.abc import Callable
import multiprocessing
import os
import signal
import sys
import tempfile
from typing import BinaryIO

from fsn_tf import errors
from fsn_tf import quietly
from fsn_tf import workers

# Seconds between looks at whether the other process has said something.
_LOOK_SECONDS = 0.2


def run(here: Callable[[], None], there: Callable[[], None]) -> None:
    """Does two pieces of work, at the same time where that is faster.

    Args:
        here: Work of this process.
        there: Work of another process, which can be pickled. What it prints
            is shown once `here` is done.

    Raises:
        InputError: The other work failed; what it said has been shown.
    """
    if not _is_faster():
        here()
        there()
        return
    context = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory(prefix="fsn_") as folder,
        open(os.path.join(folder, "said"), "w+b") as said,
    ):
        process = context.Process(target=_work, args=(said.name, there))
        process.start()
        try:
            here()
            while process.is_alive():
                _show(said)
                process.join(_LOOK_SECONDS)
        except BaseException:
            process.terminate()
            raise
        finally:
            process.join()
            _show(said)
    if process.exitcode:
        raise errors.InputError("what ran beside it failed; see above")


def _is_faster():
    """Whether there are cores for two, and no GPU, which one takes whole."""
    if (os.cpu_count() or 1) < 2:
        return False
    quietly.imported("fsn_tf.training.strategies")
    import tensorflow as tf

    return not tf.config.list_physical_devices("GPU")


def _show(said: BinaryIO):
    """Passes on the lines that were said since the last time."""
    for line in said:
        print(line.decode(errors="replace"), end="", flush=True)


def _work(path, work):
    """What the other process does."""
    if hasattr(os, "setsid"):
        # Ctrl-C is for the parent, which then ends this process once.
        os.setsid()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    workers.end_with_parent()
    with open(path, "ab") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    sys.stdout.reconfigure(line_buffering=True)
    try:
        work()
    except KeyboardInterrupt:
        sys.exit(1)
    except Exception as error:
        if not errors.is_expected(error):
            raise
        print(errors.line(error), file=sys.stderr)
        sys.exit(1)
