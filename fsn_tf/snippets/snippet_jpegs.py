"""The JPEGs of every snippet of a video (Section 3.2, choice C16)."""

from collections.abc import Iterator
import itertools
from typing import Any

import cv2
import numpy as np

from fsn_tf import workers
from fsn_tf.snippets import flow_methods
from fsn_tf.snippets import streams
from fsn_tf.snippets.settings import Settings
from fsn_tf.videos import flow
from fsn_tf.videos import snippet_images
from fsn_tf.videos import sources


def reading(source: sources.Source, settings: Settings) -> sources.Reading[Any]:
    """A reading of what snippets are made of: frames, or flow that is stored.

    Raises:
        InputError: The source has no such stream.
    """
    if settings.flow == flow.IMPORTED:
        return source.flows()
    period = _period(settings)
    return source.frames(
        settings.fps,
        size=(settings.width, settings.height),
        period=period,
        phase=period // 2,
    )


def snippets(
    reading: sources.Reading[Any], settings: Settings
) -> Iterator[list[bytes]]:
    """Yields the JPEGs of each snippet in order.

    An RGB snippet has its center frame. A flow snippet of five frames has
    ten gray images, x1, y1, ..., x5, y5: flow k leads from its frame k to the
    frame after; the last flow is repeated where the video ends.

    Args:
        reading: What `reading` gave for these settings.
        settings: Settings.

    Raises:
        InputError: The source is damaged.
    """
    frames = _ticking(reading, settings)
    if settings.stream == streams.RGB:
        centers = snippet_images.centers(frames, settings.snippet_frames)
        yield from workers.mapped(
            lambda image: [_encoded(image[..., ::-1], settings.quality)],
            centers,
        )
        return
    stored = settings.flow == flow.IMPORTED
    pairs = (_stored_flows if stored else _computed_flows)(frames, settings)
    yield from _stacked(pairs, settings)


def part_reading(
    source: sources.Source, settings: Settings, first: int, stop: int | None
) -> sources.Reading[np.ndarray]:
    """A reading of what the flow of some frames is made of.

    Args:
        source: Whose flow is computed.
        settings: Settings.
        first: Frame.
        stop: Frame after the last; None for all.
    """
    # Flow leads to the frame after; that of the last frame of a video
    # repeats the one before.
    return source.frames(
        settings.fps,
        size=(settings.width, settings.height),
        first=max(first - 1, 0),
        stop=None if stop is None else stop + 1,
    )


def part(
    reading: sources.Reading[np.ndarray],
    settings: Settings,
    first: int,
    stop: int | None,
) -> Iterator[list[bytes]]:
    """Yields what `snippets` does, of some frames, whose flow is computed.

    Args:
        reading: What `part_reading` gave for these frames.
        settings: Settings.
        first: Frame that a snippet starts with.
        stop: Frame that another one starts with; None for all.
    """
    frames = _ticking(reading, settings)
    for start in itertools.islice(frames, 1):
        pairs = _computed_flows(itertools.chain([start], frames), settings)
        before = min(first, 1)
        end = None if stop is None else before + stop - first
        asked = itertools.islice(pairs, before, end)
        yield from _stacked(asked, settings)


def _period(settings):
    """Of how many frames one is looked at, the center; flow needs all."""
    return settings.snippet_frames if settings.stream == streams.RGB else 1


def _ticking(reading, settings):
    """Yields what a reading gives, and tells of the progress."""
    seconds = _period(settings) / settings.fps
    for frame, item in reading:
        yield frame, item
        workers.tick(seconds)


def _computed_flows(frames, settings):
    """Pairs of JPEGs for the flow from each frame to the next."""
    method = flow_methods.method(settings.flow)
    # What computes many at once has a device for them, not a core.
    mapped = workers.mapped if method.pairs_at_once == 1 else map
    flows = snippet_images.flows(frames, method, mapped)
    return workers.mapped(
        lambda components: [
            _encoded(components[..., axis], settings.quality) for axis in (0, 1)
        ],
        flows,
    )


def _stored_flows(flows, settings):
    """The same of flow that lies in a folder, kept to the byte if it fits."""
    size = settings.width, settings.height
    for _, components in flows:
        pair = []
        for axis, (jpeg, image) in enumerate(components):
            if image.shape[::-1] != size:
                resized = flow.resized(image, size, axis)
                jpeg = _encoded(resized, settings.quality)
            pair.append(jpeg)
        yield pair


def _stacked(pairs, settings):
    """Yields the JPEGs of each snippet, x1, y1, x2, y2, ..."""
    for stack in snippet_images.filled(pairs, settings.snippet_frames):
        yield [jpeg for pair in stack for jpeg in pair]


def _encoded(image: np.ndarray, quality: int) -> bytes:
    """JPEG bytes of an (H, W) gray or (H, W, 3) BGR uint8 image."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    return cv2.imencode(".jpg", image, options)[1].tobytes()
