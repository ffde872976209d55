"""A long video in parts, prepared one by one and joined to the same bytes.

Records do not depend on each other. A part decodes the video from its start,
as only that is sure to give the same frames, but converts its own alone.
"""

import dataclasses
import itertools
import json
import math
import pathlib
import shutil
from typing import Any

from fsn_tf import files
from fsn_tf import fingerprints
from fsn_tf.errors import InputError
from fsn_tf.snippets import record_writing
from fsn_tf.snippets import snippet_facts
from fsn_tf.snippets import snippet_jpegs
from fsn_tf.snippets import snippet_writing
from fsn_tf.snippets import video_writing
from fsn_tf.snippets.settings import Settings
from fsn_tf.videos import sources

# TV-L1 by OpenCV takes as long as decoding hundreds of frames; all else is
# done in the time in which another part would only decode.
_METHODS = ("tvl1",)
_PART_SECONDS = 120
# The more parts, the more often the start is decoded.
_MOST_PARTS = 50
# Behind the name of a video, of the folder of its parts.
_PARTS = ".parts"


@dataclasses.dataclass(frozen=True)
class Part:
    """Some frames of a video.

    Attributes:
        first: Frame that a snippet starts with.
        stop: Frame that the next part starts with; None to the end, which
            is known only when it is read.
        folder: Of all parts of the video.
    """

    first: int
    stop: int | None
    folder: pathlib.Path

    @property
    def path(self) -> pathlib.Path:
        """Of the snippet file of the part."""
        end = "end" if self.stop is None else self.stop
        return self.folder / f"{self.first}-{end}.tfrecord"


def cut(
    target: pathlib.Path,
    settings: Settings,
    seconds: float,
    *,
    part_seconds: float = _PART_SECONDS,
) -> list[Part]:
    """The parts to prepare a video in; none where it is better left whole.

    Args:
        target: Of the snippet file.
        settings: Settings.
        seconds: Of the video, as declared.
        part_seconds: Of a part, at least.
    """
    parts = min(int(seconds / part_seconds), _MOST_PARTS)
    if settings.flow not in _METHODS or parts < 2:
        return []
    length = settings.snippet_frames
    step = math.ceil(seconds * settings.fps / parts / length) * length
    folder = target.with_name(f".{target.stem}{_PARTS}")
    bounds = itertools.pairwise([*range(0, parts * step, step), None])
    return [Part(first or 0, stop, folder) for first, stop in bounds]


def write_part(
    path: pathlib.Path,
    part: Part,
    settings: Settings,
    *,
    source_fps: float | None = None,
) -> str:
    """Writes a part's snippet file, unless that is done.

    Args:
        path: Of the video.
        part: Part.
        settings: Settings.
        source_fps: Frames per second of a folder of JPEGs.

    Returns:
        A line on what is odd about the video, from the last part alone.

    Raises:
        InputError: It is not a video.
        OSError: The snippet file cannot be written.
    """
    source = sources.opened(path, source_fps)
    known = _facts(part)
    made_of = _made_of(source, settings)
    if known is not None and known["made_of"] == made_of:
        return str(known["note"])
    frames = part.first, part.stop
    reading = snippet_jpegs.part_reading(source, settings, *frames)

    def note():
        return "" if part.stop else reading.note()

    def describe():
        return {
            "of_video": video_writing.described(source, reading, settings),
            "made_of": made_of,
            "note": note(),
        }

    jpegs = snippet_jpegs.part(reading, settings, *frames)
    snippet_writing.write(part.path, jpegs, describe)
    return note()


def join(target: pathlib.Path, parts: list[Part]) -> None:
    """Writes the snippet file of a video whose parts are done.

    Raises:
        InputError: A part is not there, or damaged.
        OSError: The snippet file cannot be written.
    """
    facts = [_whole(part) for part in parts]
    offsets = [0]
    for each in facts:
        offsets += [offsets[-1] + end for end in each["offsets"][1:]]

    def fill(partial):
        record_writing.join(partial, (part.path for part in parts))
        return offsets

    def describe():
        of_video = [each["of_video"] for each in facts]
        # Only the last part knows what the file holds; where the video ends
        # before that part, another one has met its last frame.
        frames = max(each["num_frames"] for each in of_video)
        return {**of_video[-1], "num_frames": frames}

    snippet_writing.write_by(fill, target, describe)


def remove_joined(folder: pathlib.Path) -> None:
    """Deletes the parts of videos whose snippet files are whole."""
    for parts in folder.glob(f".*{_PARTS}"):
        name = parts.name[1:].removesuffix(_PARTS)
        if snippet_facts.metadata_path(folder / f"{name}.tfrecord").exists():
            shutil.rmtree(parts, ignore_errors=True)


def _whole(part):
    known = _facts(part)
    if known is None:
        raise InputError(f"{part.path}: is not whole; run fsn prepare again")
    return known


def _made_of(source, settings):
    """What a part is worth keeping for, as JSON gives it back."""
    facts = {
        **dataclasses.asdict(settings),
        "name": source.path.name,
        "bytes": sources.num_bytes(source.path),
        "fps_of_source": source.fps,
    }
    return json.loads(json.dumps(facts))


def _facts(part: Part) -> dict[str, Any] | None:
    """What is known of a part that is whole; else None."""
    try:
        facts = files.read_json(snippet_facts.metadata_path(part.path))
        fingerprints.check_seal(facts)
        size = part.path.stat().st_size
    except (OSError, ValueError):
        return None
    return facts if size == facts["offsets"][-1] else None
