"""One video to its snippet file (Section 3.2)."""

import dataclasses
import pathlib
from typing import Any

from fsn_tf.snippets import snippet_facts
from fsn_tf.snippets import snippet_jpegs
from fsn_tf.snippets import snippet_writing
from fsn_tf.snippets.settings import Settings
from fsn_tf.videos import sources


def write_video(
    path: pathlib.Path,
    target: pathlib.Path,
    settings: Settings,
    *,
    source_fps: float | None = None,
) -> str:
    """Writes one video's snippet file.

    Args:
        path: Of the video.
        target: Of the snippet file.
        settings: Settings.
        source_fps: Frames per second of a folder of JPEGs.

    Returns:
        A line on what is odd about the video, or an empty string.

    Raises:
        InputError: It is not a video.
        OSError: The snippet file cannot be written.
    """
    source = sources.opened(path, source_fps)
    reading = snippet_jpegs.reading(source, settings)
    jpegs = snippet_jpegs.snippets(reading, settings)
    snippet_writing.write(
        target, jpegs, lambda: described(source, reading, settings)
    )
    return reading.note()


def described(
    source: sources.Source, reading: sources.Reading[Any], settings: Settings
) -> dict[str, Any]:
    """What snippet_writing.write is told of a video that has been read."""
    return {
        **dataclasses.asdict(settings),
        "num_frames": reading.num_frames,
        "video": sources.name(source.path),
        "version": snippet_facts.VERSION,
        "source": {
            "name": source.path.name,
            "bytes": sources.num_bytes(source.path),
            "fps": source.fps,
            "width": source.width,
            "height": source.height,
            "frames": reading.native_frames,
        },
    }
