"""What is known about one snippet file; TensorFlow is not needed for it."""

import dataclasses
import pathlib
from typing import Any

from fsn_tf import files
from fsn_tf import fingerprints
from fsn_tf.errors import InputError

VERSION = 1

# JPEG has no larger images, and no video more frames per second.
_LARGEST_SIDE = 65_500
_LARGEST_RATE = 1_000_000


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
        crc32c: Of the records, see checksums; None in files of earlier
            versions.
        fingerprint: Of all of this; empty in files of earlier versions.
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
    crc32c: int | None = None
    fingerprint: str = ""

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
        fields = files.read_json(metadata_path(path))
        fingerprints.check_seal(fields)
        fields["offsets"] = tuple(fields["offsets"])
        snippets = SnippetFacts(path=str(path), **fields)
        _check(snippets, path)
    except FileNotFoundError:
        message = f"{metadata_path(path)}: no such file; run fsn prepare"
        raise InputError(message) from None
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        cause = " ".join(str(error).split())
        raise InputError(
            f"{metadata_path(path)}: is not whole ({cause}); {again}"
        ) from None
    size = path.stat().st_size if path.is_file() else 0
    if size != snippets.offsets[-1]:
        raise InputError(
            f"{path}: has {size} bytes where {snippets.offsets[-1]} were "
            f"written; {again}"
        )
    return snippets


def _check(snippets, path):
    """Raises ValueError on metadata that `write` would not have written."""
    check_time(snippets)
    sides = snippets.width, snippets.height
    numbers = (*snippets.offsets, *sides, snippets.source["bytes"])
    steps = zip(snippets.offsets[:-1], snippets.offsets[1:], strict=True)
    whole = (
        all(type(number) is int for number in numbers)
        and snippets.video == path.stem
        and snippets.stream == path.parent.name
        and snippets.version == VERSION
        and type(snippets.flow) is str
        and snippets.offsets[0] == 0
        and all(first < second for first, second in steps)
        and min(sides) > 0
        and max(sides) <= _LARGEST_SIDE
    )
    if not whole:
        raise ValueError("not as written")


def check_time(facts: Any) -> None:
    """Refuses numbers of frames that no video has.

    Args:
        facts: Has fps, snippet_frames, num_frames and num_snippets.

    Raises:
        ValueError: One is not what it must be; the message names it.
    """
    for name in ("snippet_frames", "num_frames"):
        value = getattr(facts, name)
        if type(value) is not int or value < 1:
            raise ValueError(f"{name}: expected 1 or more, got {value!r}")
    fps, known = facts.fps, type(facts.fps) in (int, float)
    if not known or not 1 / _LARGEST_RATE <= fps <= _LARGEST_RATE:
        raise ValueError(f"fps: expected above 0, got {fps!r}")
    snippets = -(-facts.num_frames // facts.snippet_frames)
    if facts.num_snippets != snippets:
        raise ValueError(
            f"{facts.num_frames} frames: expected {snippets} snippets of "
            f"{facts.snippet_frames}, got {facts.num_snippets}"
        )
