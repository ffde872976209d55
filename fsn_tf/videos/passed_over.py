"""What lies in a folder of videos and is not looked at."""

import os
import pathlib

from fsn_tf.files import VIDEO_ENDINGS
from fsn_tf.segments import names
from fsn_tf.videos import frame_folders


def lines(videos: pathlib.Path | str) -> list[str]:
    """What sources.find does not look at.

    Args:
        videos: As for sources.find.

    Returns:
        A line for each ending of files that are no videos by name, and for
        each folder too deep to be looked into that holds videos.
    """
    videos = pathlib.Path(videos)
    if not videos.is_dir() or frame_folders.is_one(videos):
        return []
    return _other_files(videos) + _too_deep(videos)


def _visible(folder):
    return [x for x in sorted(folder.iterdir()) if not x.name.startswith(".")]


def _other_files(folder):
    of_ending: dict[str, list[pathlib.Path]] = {}
    for path in _visible(folder):
        ending = path.suffix.lower()
        if ending not in VIDEO_ENDINGS and path.is_file():
            of_ending.setdefault(ending, []).append(path)
    said = []
    for ending, (first, *others) in of_ending.items():
        more = f"; {len(others)} more of {ending or 'none'}" if others else ""
        said.append(
            f"{names.shown(first)}: left out, as its ending is not that of a "
            f"video{more}"
        )
    return said


def _too_deep(folder):
    said = []
    for above in filter(_is_entered, _visible(folder)):
        said += _other_files(above)
        for deep in filter(_is_entered, _visible(above)):
            count, first = _videos_below(deep)
            if count:
                said.append(
                    f"{names.shown(deep)}: left out, too deep; it holds "
                    f"{count} videos, such as {names.shown(first)}, so move "
                    "them up or name this folder"
                )
    return said


def _is_entered(path):
    is_folder = path.is_dir() and not is_loop(path)
    return is_folder and not frame_folders.is_one(path)


def is_loop(folder: pathlib.Path) -> bool:
    """Whether a folder is a link to one that it lies in."""
    above = pathlib.Path(os.path.realpath(folder.parent))
    return above.is_relative_to(os.path.realpath(folder))


def _videos_below(folder):
    """(how many videos lie anywhere below, the first of them)."""
    count, first = 0, None
    for place, folders, found in os.walk(folder):
        folders[:] = sorted(x for x in folders if not x.startswith("."))
        here = pathlib.Path(place)
        videos = [here / x for x in sorted(found) if _is_named(here / x)]
        videos += [here] if frame_folders.is_one(here) else []
        count += len(videos)
        first = first or next(iter(videos), None)
    return count, first


def _is_named(path):
    is_ending = path.suffix.lower() in VIDEO_ENDINGS
    return is_ending and not path.name.startswith(".")
