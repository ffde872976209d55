"""Text files as MS-TCN (Farha and Gall 2019) and its heirs lay them out.

    groundTruth/VIDEO.txt        a class a line, a line a frame
    mapping.txt                  `INDEX CLASS` a line, from 0 on
    splits/train.split1.bundle   `VIDEO.txt` a line

and predictions VIDEO, one file each, all classes on the line after a head.
"""

import pathlib
import re

from fsn_tf import errors
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

_ENDING = ".txt"
_INDEX = re.compile(r"[0-9]{1,9}")
_HEAD = "### Frame level recognition: ###"


def classes(path: pathlib.Path | str) -> tuple[str, ...]:
    """Reads mapping.txt: the classes by their indices.

    Raises:
        InputError: A line is no `INDEX CLASS`, an index or class comes twice
            or is missing; the message names the line.
    """
    found: dict[int, str] = {}
    for where, line in _lines(path):
        number, *names = line.split() or [""]
        if len(names) != 1 or not _INDEX.fullmatch(number):
            raise text_files.mistake(
                where, "a line `INDEX CLASS`", line.strip()
            )
        name = rows.name(where, "class", names[0])
        if int(number) in found or name in found.values():
            raise text_files.mistake(
                where, "an index and class once", line.strip()
            )
        found[int(number)] = name
    if not found:
        raise errors.InputError(f"{path}: expected `INDEX CLASS`, got none")
    missing = [x for x in range(len(found)) if x not in found]
    if missing:
        raise errors.InputError(
            f"{path}: expected the indices 0 to {len(found) - 1}, got no "
            f"{missing[0]}"
        )
    return tuple(found[number] for number in sorted(found))


def videos(path: pathlib.Path | str) -> dict[str, str]:
    """Reads a bundle: {video: "FILE:LINE"}, in its order.

    Raises:
        InputError: It lists none, or one twice; the message names the line.
    """
    found: dict[str, str] = {}
    for where, line in _lines(path):
        name = rows.name(where, "video", line).removesuffix(_ENDING)
        if name in found:
            raise text_files.mistake(where, "each video once", name)
        found[name] = where
    if not found:
        raise errors.InputError(f"{path}: expected `VIDEO.txt`, got none")
    return found


def files(
    folder: pathlib.Path | str,
    listed: dict[str, str] | None = None,
    *,
    predicted: bool = False,
) -> dict[str, pathlib.Path]:
    """The file of each video.

    Args:
        folder: Of VIDEO.txt; predictions may lack the ending.
        listed: What `videos` gives, to take no others; None takes all.
        predicted: Whether the folder holds predictions.

    Returns:
        {video: path}, in name order.

    Raises:
        InputError: There is none, none of a listed video, or two of one.
    """
    folder = pathlib.Path(folder)
    endings = (_ENDING, "") if predicted else (_ENDING,)
    found: dict[str, pathlib.Path] = {}
    for path in sorted(folder.glob("[!.]*")):
        if path.suffix not in endings or path.is_dir():
            continue
        video = path.name.removesuffix(_ENDING)
        if video in found:
            raise errors.InputError(
                f"{path}: {found[video].name} is of the same video; delete one"
            )
        found[video] = path
    if listed is not None:
        for video, where in listed.items():
            if video not in found:
                raise text_files.mistake(
                    where, f"a video with a file in {folder}", video
                )
        found = {video: found[video] for video in sorted(listed)}
    if not found:
        raise errors.InputError(f"{folder}: expected VIDEO.txt files, got none")
    return found


def frames(path: pathlib.Path | str) -> list[tuple[str, str]]:
    """Reads the class of every frame of a video, true or predicted.

    Returns:
        ["FILE:LINE", class] of every frame.

    Raises:
        InputError: There is no frame, or a line is not of that form.
    """
    lines = list(_lines(path))
    if lines and lines[0][1].startswith("###"):
        lines = _predicted(*lines)
    if not lines:
        raise errors.InputError(f"{path}: no frame in it")
    return [
        (where, rows.name(where, "a frame's class", line))
        for where, line in lines
    ]


def _predicted(head, *lines):
    where, title = head
    if title.strip() != _HEAD:
        raise text_files.mistake(where, _HEAD, title.strip())
    if len(lines) > 1:
        raise text_files.mistake(
            lines[1][0], "all frames on one line", lines[1][1].strip()
        )
    return [(where, name) for where, line in lines for name in line.split()]


def _lines(path):
    """Yields (where, line); blank lines may only end a file."""
    blank: list[tuple[str, str]] = []
    for where, line in text_files.lines(path):
        if line.strip():
            yield from blank
            blank = []
            yield where, line
        else:
            blank.append((where, line))
