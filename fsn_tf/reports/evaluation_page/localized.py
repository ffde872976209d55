"""Finds the page of `fsn localize` that plays the videos of a result."""

from collections.abc import Sequence
import json
import os
import pathlib
import urllib.parse

from fsn_tf.evaluation import results

# What all of its pages hold, and those of an evaluation do not.
_MARK = '<script type="application/json" id="data">'
NAME = "report.html"


def links(
    result: results.Result, folder: pathlib.Path, videos: Sequence[str]
) -> dict[str, str]:
    """{video: where it can be looked at}, relative to a folder.

    The page may lie beside the scores or the detections that were evaluated,
    or where the results go, or above; a video that it does not show has no
    link.

    Args:
        result: Says where what was evaluated lies.
        folder: Of the page that links.
        videos: Their names.
    """
    for place in _places(result, folder):
        page = place / NAME
        content = _content(page)
        if _MARK in content:
            where = pathlib.PurePath(
                os.path.relpath(page.absolute(), folder.absolute())
            ).as_posix()
            return {
                video: f"{urllib.parse.quote(where)}#"
                f"{urllib.parse.quote(video, safe='')}"
                for video in videos
                if _shown(video) in content
            }
    return {}


def is_localized(page: pathlib.Path) -> bool:
    """Whether a file is such a page."""
    return _MARK in _content(page)


def _places(result, folder):
    options = result.options
    for scores in options.get("scores", ()):
        yield pathlib.Path(scores)
    if "detections" in options:
        yield pathlib.Path(str(options["detections"])).parent
    yield from (folder.absolute().parent, folder.absolute().parent.parent)


def _shown(video):
    """How such a page names a video."""
    return '"name": ' + json.dumps(video).replace("<", "\\u003c")


def _content(page):
    try:
        return page.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
