"""What is known about one snippet file; TensorFlow is not needed for it."""

import dataclasses
import json
import pathlib

from fsn_tf.errors import InputError

VERSION = 1


@dataclasses.dataclass(frozen=True)
class SnippetFacts:
    """What is known about one video's snippet file.

    Attributes:
        path: Of the TFRecord file.
        video: Name of the video.
        stream: "rgb" or "flow".
        fps: Frames per second that the snippets are cut at.
        snippet_frames: Frames per snippet.
        num_frames: Frames of the video at fps.
        width: Pixels, as stored.
        height: Pixels, as stored.
        quality: Of the JPEGs, 1 to 100.
        source: Name, bytes, fps, size and frames of the video file or of
            the folder of JPEGs.
        flow: How the flow was computed, "tvl1", or "imported"; empty for RGB.
        offsets: (N + 1,) where each record starts, and where the last ends.
        version: Of this format.
    """

    path: str
    video: str
    stream: str
    fps: float
    snippet_frames: int
    num_frames: int
    width: int
    height: int
    quality: int
    source: dict
    flow: str
    offsets: tuple[int, ...]
    version: int = VERSION

    @property
    def num_snippets(self) -> int:
        """N; the last snippet may be incomplete."""
        return len(self.offsets) - 1


def metadata_path(path: pathlib.Path | str) -> pathlib.Path:
    """Where the metadata of a snippet file lies."""
    return pathlib.Path(path).with_suffix(".json")


def read(path: pathlib.Path | str) -> SnippetFacts:
    """Reads what is known about one snippet file.

    Raises:
        InputError: The metadata or the snippet file is missing or damaged.
    """
    path = pathlib.Path(path)
    again = "delete it and run fsn prepare again"
    try:
        text = metadata_path(path).read_text(encoding="utf-8")
        fields = json.loads(text)
        fields["offsets"] = tuple(fields["offsets"])
        snippets = SnippetFacts(path=str(path), **fields)
        _check(snippets, path)
    except FileNotFoundError:
        message = f"{metadata_path(path)}: no such file; run fsn prepare"
        raise InputError(message) from None
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        message = f"{metadata_path(path)}: is not whole; {again}"
        raise InputError(message) from None
    size = path.stat().st_size if path.is_file() else 0
    if size != snippets.offsets[-1]:
        raise InputError(
            f"{path}: has {size} bytes where {snippets.offsets[-1]} were "
            f"written; {again}"
        )
    return snippets


def _check(snippets, path):
    """Raises ValueError on metadata that `write` would not have written."""
    numbers = (snippets.snippet_frames, snippets.num_frames, *snippets.offsets)
    numbers += (snippets.width, snippets.height, snippets.source["bytes"])
    steps = zip(snippets.offsets[:-1], snippets.offsets[1:], strict=True)
    whole = (
        all(type(number) is int for number in numbers)
        and snippets.video == path.stem
        and snippets.stream == path.parent.name
        and snippets.version == VERSION
        and 0 < snippets.fps < float("inf")
        and snippets.offsets[0] == 0
        and all(first < second for first, second in steps)
        and min(snippets.width, snippets.height, snippets.num_frames) > 0
        and snippets.num_snippets
        == -(-snippets.num_frames // snippets.snippet_frames)
    )
    if not whole:
        raise ValueError("not as written")
