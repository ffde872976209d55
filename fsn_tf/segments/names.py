"""Names of videos and classes: one and the same on every path."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
import contextlib
import errno
import os
import pathlib
import unicodedata

from fsn_tf import errors
from fsn_tf import files

# Controls, invisible ones, halves of characters, and ends of lines and
# paragraphs. Unlike str.isprintable, this lets pass the blanks that cameras
# and Macs write, and signs that are newer than this Python.
_NO_NAMES = ("Cc", "Cf", "Cs", "Zl", "Zp")
# Invisible, too, but part of how words, people and flags are written.
_JOINERS = frozenset(
    map(chr, (*range(0x200C, 0x2010), *range(0xE0020, 0xE0080)))
)

# ActivityNet's files are called v_ID.mp4, its annotations speak of ID.
_PREFIX = "v_"


def normalized(text: str) -> str:
    """The form in which names are compared: NFC, without outer blanks.

    A Mac writes the accent of an "é" behind the letter, a table seldom does.
    """
    return unicodedata.normalize("NFC", text.strip())


def is_name(text: str) -> bool:
    """Whether a text can stand in one line, and be written as UTF-8."""
    shows = any(x not in _JOINERS and not x.isspace() for x in text)
    return shows and not any(map(_is_odd, text))


def _is_odd(letter):
    is_odd = unicodedata.category(letter) in _NO_NAMES
    return is_odd and letter not in _JOINERS


def of_video(text: str) -> str:
    """A video's name, without the ending of its file."""
    name = normalized(text)
    stem, _, ending = name.rpartition(".")
    if stem.strip() and f".{ending.lower()}" in files.VIDEO_ENDINGS:
        return normalized(stem)
    return name


def of_stem(stem: str) -> str:
    """A video's name, of that of its file without the ending.

    Where it cannot be a name, see check_path, it is escaped.
    """
    return normalized(stem if is_name(stem) else shown(stem))


def written(name: str) -> str:
    """What of_video makes this name of, which may itself end as files do."""
    return name if of_video(name) == name else f"{name}.mp4"


def shown(path: pathlib.Path | str) -> str:
    r"""A path in one line: what is no name is escaped, such as \xe9 or \n."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(repr(x)[1:-1] if _is_odd(x) else x for x in text)


def check_path(path: pathlib.Path | str) -> None:
    """Raises InputError where a path cannot be said, nor given to OpenCV."""
    if not is_name(os.fspath(path)):
        raise errors.InputError(
            f"{shown(path)}: expected a name in UTF-8 without control "
            "characters, got another; rename it"
        )


@contextlib.contextmanager
def short_enough(name: str) -> Iterator[None]:
    """A block that makes files of this name; InputError if it is too long."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        raise errors.InputError(
            f"{shown(name)}: its name of {len(os.fsencode(name))} bytes is too "
            "long for the names of the files made of it; shorten it"
        ) from error


def known_as(names: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """{name: the one of `known` that means the same video, or itself}.

    So ActivityNet's ID is its file's v_ID, and what a table calls clip.mp4 is
    the clip.mp4 of a file clip.mp4.mkv, where there is no clip.
    """
    bare = {of_video(name): name for name in known}
    found = {}
    for name in names:
        others = (name, _PREFIX + name, name.removeprefix(_PREFIX))
        meant = next((x for x in others if x in known), None)
        found[name] = meant or bare.get(normalized(name), name)
    return found
