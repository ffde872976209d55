"""A store in memory, which can be made to fail in the ways that stores do."""

import contextlib
import itertools
from unittest import mock

import fsspec
from fsspec.implementations import memory

from fsn_tf.storage import stores

_NAMES = itertools.count()
# What asks a store, by the names that fsspec has for it.
READS, WRITES = ("find", "get_file", "info"), ("put_file", "rm_file")


class Killed(BaseException):
    """What a process that is killed does not survive."""


def url(name="run"):
    """A URL in a bucket in memory that nobody has used."""
    return f"memory://bucket-{next(_NAMES)}/{name}"


def content(url):
    """{name below the URL: bytes} of what lies there."""
    files, path = fsspec.core.url_to_fs(url)
    found = files.find(path)
    return {one.removeprefix(f"{path}/"): files.cat(one) for one in found}


def fill(url, **names):
    """Puts bytes there; a__b stands for a/b."""
    files, path = fsspec.core.url_to_fs(url)
    for name, value in names.items():
        files.pipe(f"{path}/{name.replace('__', '/')}", value)


def remove(url, name):
    """Deletes a file of a store."""
    files, path = fsspec.core.url_to_fs(url)
    files.rm(f"{path}/{name}")


@contextlib.contextmanager
def happening(before=None, after=None, names=READS + WRITES, times=None):
    """A block in which things happen when a store is asked.

    Args:
        before, after: Called with the name of the method and its arguments
            before and after it does what it is asked; what they raise is what
            the store answers.
        names: Of the methods.
        times: How often a request comes to the store; None for once.
    """
    with contextlib.ExitStack() as block:
        for name in names:
            block.enter_context(_happening(name, before, after, times))
        yield


def _happening(name, before, after, times):
    asked = getattr(memory.MemoryFileSystem, name)

    def answer(self, *arguments, **options):
        if before:
            before(name, *arguments)
        for _ in range(times() if times else 1):
            found = asked(self, *arguments, **options)
        if after:
            after(name, *arguments)
        return found

    return mock.patch.object(memory.MemoryFileSystem, name, answer)


def without_waiting():
    """A patch: as often asked as ever, but at once."""
    waits = (0.0,) * len(stores.WAITS_SECONDS)
    return mock.patch.object(stores, "WAITS_SECONDS", waits)
