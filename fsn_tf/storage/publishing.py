"""What becomes whole on the disk, published while the work goes on."""

from collections.abc import Iterator
from collections.abc import Mapping
import contextlib
import os
import pathlib
import re
import shutil
import sys
import threading
import time

from fsn_tf import errors
from fsn_tf import progress
from fsn_tf.errors import InputError
from fsn_tf.storage.mirrors import Here
from fsn_tf.storage.mirrors import Mirror
from fsn_tf.storage.records import Record

# Between two looks at what is new, at least.
INTERVAL_SECONDS = 5.0
# A look that takes long is taken more seldom; that share of the time is left.
_REST = 10
# File systems round times down to ticks of a clock.
_TICK_NS = 50_000_000
# Files of a checkpoint, and the folder beside them until it is whole.
_CHECKPOINT = re.compile(r"(.*ckpt-\d+)\.[^/]*")
_INDEX, _DATA, _BEGUN = ".index", ".data-00000-of-00001", "_temp"
# What says that other files are there comes after them.
_SAY_OTHERS = (".json", _INDEX, ".md", ".html")


class Publisher:
    """Publishes what appears, changes and goes in a mirror.

    A pass takes what is whole at one moment, puts it on the store in the
    order in which it was written, and deletes on the store what is gone here
    only when all of that has arrived. So whoever reads the store, at any
    time, meets whole files, and data before what speaks of them.

    Args:
        mirror: Mirror that has been refreshed.
    """

    def __init__(self, mirror: Mirror):
        self._mirror = mirror
        # What was here once; what is not is gone.
        self._seen = set(mirror.present())
        self._written = 0

    def run(self, *, at_rest: bool = False) -> int:
        """Makes one pass; how many files were put or deleted.

        Args:
            at_rest: Whether nothing is written any more; else what has just
                come waits for the next pass.

        Raises:
            StoreError: The store does not take it. What it took is noted.
            InputError: The mirror is gone.
        """
        before = time.time_ns() - _TICK_NS
        present = self._mirror.present()
        gone = self._gone(present)
        self._seen |= set(present)
        waiting = sorted(
            (
                name
                for name, here in present.items()
                if (at_rest or here.ctime_ns < before)
                and self._is_new(name, here)
                and not self._is_part(name)
            ),
            key=lambda name: _order(name, present[name]),
        )
        if not self._put(waiting, present):
            return 1
        for name in filter(self._can_go, gone):
            self._mirror.store.delete(name)
            self._mirror.forget(name)
            self._seen.discard(name)
            self._written += 1
        self._written += len(waiting)
        return len(waiting)

    def finish(self) -> None:
        """Publishes what is left, with progress, and says so.

        Raises:
            StoreError, InputError: As for `run`.
        """
        while self.run(at_rest=True):
            pass
        new = f"{self._written} changes published" if self._written else ""
        print(
            f"{self._mirror.url}: {new or 'has it all already'}",
            file=sys.stderr,
        )

    def _gone(self, present):
        """Names of what was here and is on the store alone."""
        gone = self._seen - set(present)
        if gone and not self._mirror.path.parent.exists():
            raise InputError(
                f"{self._mirror.path}: was deleted while it was in use; "
                f"{self._mirror.url} stays as it is"
            )
        # Checkpoints are no longer ones without their index.
        return sorted(
            (name for name in gone if self._mirror.record(name)),
            key=lambda name: (not name.endswith(_INDEX), name),
        )

    def _is_new(self, name, here):
        record = self._mirror.record(name)
        return record is None or record.here != here.stamp

    def _is_part(self, name):
        """Whether TensorFlow is about to make a checkpoint of it."""
        if f"{_BEGUN}/" in name:
            return True
        match = _CHECKPOINT.fullmatch(name)
        if match is None:
            return False
        return self._mirror.at(f"{match[1]}{_BEGUN}").exists()

    def _can_go(self, name):
        """Not the only whole checkpoint there, where a store is slow."""
        match = _CHECKPOINT.fullmatch(name)
        if match is None:
            return True
        one, folder = match[1], name.rpartition("/")[0]
        return any(
            other != one
            and other.rpartition("/")[0] == folder
            and self._mirror.record(f"{other}{_DATA}")
            for other in self._indexed()
        )

    def _indexed(self):
        """Checkpoints of which the store has the index."""
        return [
            name.removesuffix(_INDEX)
            for name in self._seen
            if name.endswith(_INDEX) and self._mirror.record(name)
        ]

    def _put(self, names, present: Mapping[str, Here]):
        """Whether files were put; False where one has gone meanwhile."""
        shown = progress.Progress(len(names), f"files to {self._mirror.url}")
        with self._mirror.scratch() as folder:
            held = _held(self._mirror, names, folder)
            for number, (name, path) in enumerate(held.items(), start=1):
                stored = self._mirror.store.put(path, name)
                self._mirror.note(name, Record(present[name].stamp, stored))
                path.unlink()
                # The work has a line of its own; this one is for waiting.
                if time.monotonic() - shown.started > INTERVAL_SECONDS:
                    shown.update(number)
        shown.close()
        return len(held) == len(names)


def _held(
    mirror: Mirror, names: list[str], folder: pathlib.Path
) -> dict[str, pathlib.Path]:
    """{name: path} of files that stay when the work deletes its own.

    They stand for one moment: none of them is there where one is missing.
    """
    held = {name: folder / str(number) for number, name in enumerate(names)}
    for name, path in held.items():
        try:
            _link(mirror.at(name), path)
        except FileNotFoundError:
            # The next pass takes what has come instead.
            return {}
    return held


def _link(source, target):
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        # Not every file system has links.
        shutil.copyfile(source, target)


def _order(name, here):
    """Data before what speaks of them, though the clock has ticks."""
    return here.mtime_ns, name.endswith(_SAY_OTHERS), name


@contextlib.contextmanager
def published(mirror: Mirror) -> Iterator[None]:
    """A block during which a mirror is published, and at its end for good.

    A store that fails meanwhile is tried again later, since nothing is lost
    here.

    Raises:
        StoreError: At the end, not everything could be published.
    """
    publisher, stop = Publisher(mirror), threading.Event()
    thread = threading.Thread(
        target=_keep_publishing, args=(publisher, stop), daemon=True
    )
    thread.start()

    def finish():
        stop.set()
        thread.join()
        publisher.finish()

    try:
        yield
    except BaseException:
        # What the work ended with is said last.
        try:
            finish()
        except (OSError, InputError) as error:
            print(f"note: {errors.line(error)}", file=sys.stderr)
        raise
    finish()


def _keep_publishing(publisher, stop):
    failed, took = False, 0.0
    while not stop.wait(max(INTERVAL_SECONDS, _REST * took)):
        started = time.monotonic()
        try:
            if publisher.run():
                failed = False
        except (OSError, InputError) as error:
            if not failed:
                print(f"note: {errors.line(error)}", file=sys.stderr)
            failed = True
        took = time.monotonic() - started
