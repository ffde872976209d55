"""One place on object storage, by fsspec: list, fetch, put, delete."""

from collections.abc import Callable
from collections.abc import Mapping
import os
import pathlib
import re
import time
from typing import Any
from typing import NamedTuple
from typing import TypeVar

from fsn_tf.errors import UsageError

# Of a URL, as a regular expression.
SCHEME = "[a-z][a-z0-9+.-]*"
_URL = re.compile(f"({SCHEME})://(.*)", re.DOTALL)
# Between tries.
WAITS_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
# For a try; no other is made after as long, so that a store that hangs is
# noticed. Files have as long as they take at a tenth of a megabyte a second.
TRY_SECONDS, _BYTES_PER_SECOND = 60.0, 1e5
# A PUT of theirs is there whole or not at all; elsewhere a rename is.
_OBJECT_STORES = frozenset("s3 s3a gs gcs az abfs abfss oss memory".split())
# What tells one version of a file from another, the best first.
_VERSIONS = "ETag etag generation md5Hash mtime LastModified created".split()
_LONGEST_REASON = 200

_Result = TypeVar("_Result")


class StoreError(OSError):
    """A store that was asked several times does not do it."""


class Stored(NamedTuple):
    """A file on a store: how long it is, and which version of it."""

    size: int
    version: str


def is_url(text: str) -> bool:
    """Whether a path is one on a store."""
    return _URL.match(text) is not None


def parts(url: str) -> tuple[str, list[str]]:
    """(scheme, names on the way to it) of a URL.

    Raises:
        UsageError: It has no name, or leads up.
    """
    match = _URL.fullmatch(url)
    names = [name for name in match[2].split("/") if name] if match else []
    if match is None or not names or {".", ".."} & {*names}:
        raise UsageError(f"{url}: expected SCHEME://BUCKET/PATH")
    return match[1], names


class Store:
    """The file at a URL, or the folder of them.

    Names are paths from the folder that the URL lies in, so that they begin
    with the last name of the URL.

    Args:
        url: SCHEME://BUCKET/PATH.

    Raises:
        UsageError: It is none, or what its scheme needs is not installed.
    """

    def __init__(self, url: str):
        scheme, names = parts(url)
        self.url = url
        self._root = names[-1]
        self._fs, path = _file_system(scheme, url)
        self._parent = path.rstrip("/").removesuffix(self._root)
        self._is_atomic = scheme in _OBJECT_STORES

    def listed(self) -> dict[str, Stored]:
        """Every file there, by name; hidden ones and markers are left out."""
        try:
            found = self._tried(
                "list",
                lambda: self._fs.find(
                    self._parent + self._root, detail=True, **self._limit()
                ),
            )
        except FileNotFoundError:
            # Where folders are no mere parts of names.
            found = {}
        start = len(self._parent.lstrip("/"))
        names = {path.lstrip("/")[start:]: one for path, one in found.items()}
        return {
            name: _stored(facts)
            for name, facts in names.items()
            if not {"", ".", ".."} & {*name.split("/")}
            and not any(part.startswith(".") for part in name.split("/"))
        }

    def check_writable(self, scratch: pathlib.Path) -> None:
        """Raises now what publishing would raise after hours of work.

        Args:
            scratch: Where an empty file may be made.

        Raises:
            StoreError: Nothing can be written there, or deleted.
        """
        scratch.touch()
        name = f".{self._root}.tried"
        self.put(scratch, name)
        self.delete(name)

    def fetch(self, name: str, path: pathlib.Path, expected: Stored) -> None:
        """Copies a file here, whole and on the disk.

        Raises:
            FileNotFoundError: It is no longer there.
            StoreError: It cannot be fetched.
        """

        def get():
            limit = self._limit(expected.size)
            self._fs.get_file(self._parent + name, str(path), **limit)
            size = path.stat().st_size
            if size != expected.size:
                raise OSError(f"got {size} of {expected.size} bytes")
            with open(path, "r+b") as file:
                os.fsync(file.fileno())

        self._tried(f"fetch {name}", get)

    def put(self, path: pathlib.Path, name: str) -> Stored:
        """Copies a file there; whole or not at all, as readers see it.

        Raises:
            StoreError: It cannot be put there.
        """
        target = self._parent + name
        sent = target
        if not self._is_atomic:
            folder, _, last = target.rpartition("/")
            sent = f"{folder}/.{last}.partial"

        def send():
            least = path.stat().st_size
            if not self._is_atomic:
                self._fs.makedirs(target.rpartition("/")[0], exist_ok=True)
            self._fs.put_file(str(path), sent, **self._limit(least))
            if sent != target:
                self._fs.mv(sent, target)
            stored = _stored(self._fs.info(target, **self._limit()))
            # A log may have grown meanwhile.
            if not least <= stored.size <= path.stat().st_size:
                raise OSError(f"{stored.size} of {least} bytes arrived")
            return stored

        # What has arrived may be reported as lost; to send it again is safe.
        return self._tried(f"put {name}", send, missing_too=True)

    def delete(self, name: str) -> None:
        """Removes a file, if it is there.

        Raises:
            StoreError: It cannot be removed.
        """
        try:
            self._tried(
                f"delete {name}",
                lambda: self._fs.rm_file(self._parent + name, **self._limit()),
            )
        except FileNotFoundError:
            # Also where an earlier try did it, and its answer was lost.
            return

    def _limit(self, num_bytes=0):
        """How long a try may take, for file systems that can be told."""
        if not self._fs.async_impl:
            return {}
        return {"timeout": TRY_SECONDS + num_bytes / _BYTES_PER_SECOND}

    def _tried(
        self,
        what: str,
        action: Callable[[], _Result],
        *,
        missing_too: bool = False,
    ) -> _Result:
        """What an action gives, which may fail a few times."""
        begun = time.monotonic()
        for wait in (*WAITS_SECONDS, None):
            try:
                return action()
            except Exception as error:
                is_missing = isinstance(error, FileNotFoundError)
                if is_missing and not missing_too:
                    raise
                # Libraries raise errors of many kinds for the same thing.
                late = time.monotonic() - begun > TRY_SECONDS
                denied = isinstance(error, PermissionError)
                if wait is None or late or denied:
                    raise StoreError(
                        f"{self.url}: cannot {what}: {_reason(error)}; the "
                        "same command goes on"
                    ) from error
                time.sleep(wait)
        raise AssertionError("unreachable")


def _file_system(scheme, url):
    """(fsspec's file system, path of the URL in it)."""
    try:
        import fsspec

        # A store is asked, whatever was listed before.
        return fsspec.core.url_to_fs(
            url, use_listings_cache=False, skip_instance_cache=True
        )
    except (ImportError, ValueError) as error:
        raise UsageError(
            f"{url}: paths on {scheme}:// need what is not there "
            f"({_reason(error)}); pip install -r requirements-storage.txt"
        ) from error
    except OSError as error:
        raise StoreError(f"{url}: {_reason(error)}") from error


def _stored(facts: Mapping[str, Any]) -> Stored:
    version = next((facts[x] for x in _VERSIONS if facts.get(x)), "")
    # A listing and a single answer may give a time in two forms.
    version = version.timestamp() if hasattr(version, "timestamp") else version
    return Stored(int(facts["size"]), str(version))


def _reason(error):
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0][:_LONGEST_REASON]
