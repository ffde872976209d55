"""Flags that name a path on a store: a mirror on the disk takes its place."""

from collections.abc import Iterator
from collections.abc import Sequence
import contextlib
import os
import pathlib
import re

from absl import flags

from fsn_tf.annotations import video_labels
from fsn_tf.errors import InputError
from fsn_tf.storage import mirrors
from fsn_tf.storage import publishing
from fsn_tf.storage import stores

# Flags of lists, and a few of texts, have several with commas between them;
# some have NAME=PATH.
_URL = re.compile(f"(?:^|(?<=[,=])){stores.SCHEME}://[^,]+")
# What a command writes to; everything else is only read.
_WRITTEN = {
    "train": ("workdir",),
    "tune": ("workdir",),
    "reproduce": ("workdir",),
}


@contextlib.contextmanager
def at_hand(
    command: str, given: flags.FlagValues, words: Sequence[str]
) -> Iterator[list[str]]:
    """A block in which every path is one on the disk.

    What is on the store is fetched before the block; what the block writes to
    --out, or to the --workdir of a training, is published while it runs and
    at its end.

    Args:
        command: Its name.
        given: Its flags; URLs among their values are replaced.
        words: Its arguments without a flag.

    Yields:
        The words, with paths for URLs.

    Raises:
        InputError: Nothing lies at a URL that is read.
        UsageError: No store can be at a URL.
        StoreError: A store fails.
    """
    cache = pathlib.Path(given["cache"].value or _default_cache()).absolute()
    written = ("out", *_WRITTEN.get(command, ()))
    with contextlib.ExitStack() as block:
        known: dict[str, mirrors.Mirror] = {}

        def path(text: str, writes: bool) -> str:
            return _URL.sub(lambda url: one_path(url[0], writes), text)

        def one_path(url: str, writes: bool) -> str:
            if url not in known:
                known[url] = _mirror(url, cache, writes)
                if writes:
                    block.enter_context(publishing.published(known[url]))
            return str(known[url].path)

        # Inputs first: what is missing is said before anything is begun.
        for name in sorted(given, key=lambda name: name in written):
            value, writes = given[name].value, name in written
            if isinstance(value, str):
                given[name].value = path(value, writes)
            elif isinstance(value, list):
                given[name].value = [
                    path(one, writes) if isinstance(one, str) else one
                    for one in value
                ]
        yield [path(word, False) for word in words]


def _mirror(url, cache, writes):
    """A mirror that is up to date."""
    mirror = mirrors.Mirror(url, cache)
    if writes:
        with mirror.scratch() as folder:
            mirror.store.check_writable(folder / "empty")
    mirror.refresh()
    if not writes and not mirror.path.exists():
        raise InputError(f"{url}: nothing is there")
    if url.endswith(".txt"):
        # UCF101's lists need its list of classes, where there is one.
        beside = f"{url.rpartition('/')[0]}/{video_labels.CLASS_LIST}"
        mirrors.Mirror(beside, cache).refresh()
    return mirror


def _default_cache():
    caches = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return pathlib.Path(caches).expanduser() / "fsn_tf"
