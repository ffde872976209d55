"""A folder on the disk that stands for a URL, and what is newer where."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
import concurrent.futures
import contextlib
from contextlib import AbstractContextManager
import filecmp
import os
import pathlib
import sys
from typing import NamedTuple

from fsn_tf import files
from fsn_tf import partials
from fsn_tf import progress
from fsn_tf.storage import records
from fsn_tf.storage.records import Record
from fsn_tf.storage.stores import Store
from fsn_tf.storage.stores import Stored
from fsn_tf.storage.stores import parts

# Files on the way at a time.
_THREADS = 8
# A writer elsewhere may delete what was listed, such as an old checkpoint.
_LISTINGS = 5


class Here(NamedTuple):
    """A file of a mirror: how long, when it changed, when it came there."""

    size: int
    mtime_ns: int
    ctime_ns: int

    @property
    def stamp(self) -> records.Stamp:
        """What tells whether it has changed."""
        return records.Stamp(self.size, self.mtime_ns)


class Mirror:
    """A URL, and the path on the disk that stands for it.

    Below the cache, files lie as they do on the store, so that a name says
    where it comes from: CACHE/s3/BUCKET/PATH.

    Args:
        url: SCHEME://BUCKET/PATH, of a file or a folder.
        cache: Folder of all mirrors.

    Attributes:
        url: As given.
        path: What stands for it; missing until there is something.
        store: What it stands for.
        records: What is the same in both places.

    Raises:
        UsageError: It is no URL, or what its scheme needs is not installed.
    """

    def __init__(self, url: str, cache: pathlib.Path):
        scheme, names = parts(url)
        self.url = url
        self.store = Store(url)
        self.path = cache.joinpath(scheme, *names)
        self._cache = cache
        self._passing = cache.joinpath("passing", scheme, *names)
        # Names that the store has for its files begin with the last of these.
        self._start = "".join(f"{name}/" for name in names[:-1])
        self._base = self.path.parent
        journal = cache / scheme / f".{names[0]}"
        self._lock = journal.with_name(f"{journal.name}.lock")
        self.records = records.Records(
            journal.with_name(f"{journal.name}.jsonl")
        )

    def at(self, name: str) -> pathlib.Path:
        """Where a file of the store lies here."""
        return self._base / name

    def record(self, name: str) -> Record | None:
        """What was the same of a file."""
        return self.records.get(self._start + name)

    def note(self, name: str, record: Record) -> None:
        """Notes that a file is the same in both places."""
        self.records.put(self._start + name, record)

    def forget(self, name: str) -> None:
        """Notes that a file is gone from both places."""
        self.records.drop(self._start + name)

    def present(self) -> dict[str, Here]:
        """Every whole file that lies here, by name; hidden ones are none.

        Also NAME.ENDING beside a path NAME, which some outputs consist of.
        """
        start = len(str(self._base)) + 1
        return {
            entry.path[start:].replace(os.sep, "/"): Here(
                facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns
            )
            for entry in self._entries()
            for facts in _facts(entry)
        }

    def _entries(self):
        with contextlib.suppress(FileNotFoundError):
            for entry in list(os.scandir(self._base)):
                ours = entry.name == self.path.name
                if ours and entry.is_dir():
                    yield from _below(entry.path)
                elif entry.is_file() and (
                    ours or entry.name.startswith(f"{self.path.name}.")
                ):
                    yield entry

    def scratch(self) -> AbstractContextManager[pathlib.Path]:
        """A folder for a block, on the disk of the mirror; one at a time."""
        # What killed processes left may be as large as what they fetched.
        partials.remove_abandoned(self._passing)
        return files.passing_folder(self._passing)

    def refresh(self) -> None:
        """Brings here what is newer on the store.

        What is newer here stays, to be published. What was changed in both
        places is taken from the store, and ours is set aside and named.

        Raises:
            StoreError: The store cannot be read.
            OSError: The cache cannot be written.
        """
        note = f"note: {self.url}: waits for another process that fetches"
        with records.locked(self._lock, note):
            self.records.load()
            for left in reversed(range(_LISTINGS)):
                listed = self.store.listed()
                self._drop_deleted(listed)
                wanted = [x for x in listed if self._is_newer(x, listed[x])]
                try:
                    self._fetch(wanted, listed)
                    return
                except FileNotFoundError:
                    # It has gone since it was listed.
                    if not left:
                        raise

    def _drop_deleted(self, listed):
        """Deletes here what was deleted there and is unchanged here."""
        for name, here in self.present().items():
            record = self.record(name)
            if name not in listed and record and record.here == here.stamp:
                self.at(name).unlink(missing_ok=True)
                self.forget(name)

    def _is_newer(self, name, stored):
        """Whether the store's version is to be fetched."""
        record, path = self.record(name), self.at(name)
        if record is None or record.stored != stored or not path.is_file():
            return True
        here = records.stamp(path)
        # A file that has lost its end with the power keeps its time.
        return here != record.here and here.mtime_ns == record.here.mtime_ns

    def _fetch(self, names: Sequence[str], listed: dict[str, Stored]) -> None:
        if not names:
            return
        shown = progress.Progress(len(names), f"files from {self.url}")
        with self.scratch() as folder:

            def fetched(number: int) -> tuple[str, pathlib.Path]:
                name, path = names[number], folder / str(number)
                self.store.fetch(name, path, listed[name])
                return name, path

            num_bytes, numbers = 0, range(len(names))
            for count, (name, path) in enumerate(_mapped(fetched, numbers), 1):
                self._take(name, path, listed[name])
                num_bytes += listed[name].size
                shown.update(count, f"{num_bytes / 1e6:.1f} MB")
        shown.close()

    def _take(self, name, fetched, stored):
        """Puts what was fetched where it belongs."""
        path = self.at(name)
        if path.is_file() and not self._is_unchanged(name, path):
            if filecmp.cmp(fetched, path, shallow=False):
                # Published, and killed before that was noted.
                self.note(name, Record(records.stamp(path), stored))
                return
            self._set_aside(name, path)
        self.note(name, Record(records.replace(fetched, path), stored))

    def _is_unchanged(self, name, path):
        record = self.record(name)
        return record is not None and record.here == records.stamp(path)

    def _set_aside(self, name, path):
        aside = self._cache / "set_aside" / self._start / name
        records.replace(path, aside)
        print(
            f"note: {self.url}: {name} was changed there and here; that of "
            f"the store is used, and ours is {aside}",
            file=sys.stderr,
        )


def _mapped(
    task: Callable[[int], tuple[str, pathlib.Path]], numbers: Sequence[int]
) -> Iterator[tuple[str, pathlib.Path]]:
    """What a task gives of each number, in their order, by several threads."""
    pool = concurrent.futures.ThreadPoolExecutor(_THREADS)
    try:
        yield from pool.map(task, numbers)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _below(folder):
    """Yields the entries of files in a folder and in those below."""
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        # Deleted while we look.
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _below(entry.path)
        elif entry.is_file():
            yield entry


def _facts(entry):
    """[os.stat_result], or [] where it has gone."""
    try:
        return [entry.stat()]
    except FileNotFoundError:
        return []
