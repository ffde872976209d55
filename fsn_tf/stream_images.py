"""The JPEGs of every snippet of a video (Section 3.2, choice C16)."""

import cv2
import numpy as np

from fsn_tf import flow
from fsn_tf import frame_folders
from fsn_tf import worker_pool
from fsn_tf.errors import InputError


def snippets(source, settings, seen):
    """Yields the JPEGs of each snippet in order, as bytes.

    An RGB snippet has its centre frame. A flow snippet of five frames has
    ten grey images, x1, y1, ..., x5, y5: flow k leads from its frame k to the
    frame after; the last flow is repeated where the video ends.

    Args:
        source: video.Video or frame_folders.FrameFolder.
        settings: preparation.Settings.
        seen: Dict; `num_frames` in it becomes the frames of the video at
            the rate of the settings.

    Raises:
        InputError: The source is damaged, or has no such stream.
    """
    if settings.stream == "rgb":
        yield from _centres(source, settings, seen)
    elif settings.flow == flow.IMPORTED:
        pairs = _stored_flows(source, settings, seen)
        yield from _stacks(pairs, settings.snippet_frames)
    else:
        pairs = _computed_flows(source, settings, seen)
        yield from _stacks(pairs, settings.snippet_frames)


def _centres(source, settings, seen):
    period = settings.snippet_frames
    given = 0
    for frame, image in source.frames(
        settings.fps,
        size=(settings.width, settings.height),
        period=period,
        phase=period // 2,
    ):
        seen["num_frames"] = frame + 1
        # The last frame of all stands for a last snippet without a centre.
        if frame // period == given:
            given += 1
            yield [_encoded(image[..., ::-1], settings.quality)]
            worker_pool.tick(period / settings.fps)


def _computed_flows(source, settings, seen):
    """Yields a pair of JPEGs for the flow from each frame to the next."""
    size = settings.width, settings.height
    first, pair = None, None
    for frame, image in source.frames(settings.fps, size=size):
        seen["num_frames"] = frame + 1
        second = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        if first is not None:
            motion = flow.between(first, second, settings.flow)
            pair = _encoded_pair(flow.quantised(motion), settings.quality)
            yield pair
        first = second
        worker_pool.tick(1 / settings.fps)
    if pair is None:
        # In a video of one frame nothing moves.
        still = flow.quantised(np.zeros((*first.shape, 2)))
        pair = _encoded_pair(still, settings.quality)
    yield pair


def _encoded_pair(components, quality):
    return [_encoded(components[..., axis], quality) for axis in (0, 1)]


def _stored_flows(source, settings, seen):
    """The same of flow that lies in a folder, kept to the byte if it fits."""
    if not isinstance(source, frame_folders.FrameFolder):
        raise InputError(
            f"{source.path}: is a video; --flow=tvl1, dis or farneback "
            "computes its flow"
        )
    size = settings.width, settings.height
    for frame, components in enumerate(source.flows()):
        seen["num_frames"] = frame + 1
        pair = []
        for axis, (jpeg, image) in enumerate(components):
            if image.shape[::-1] != size:
                resized = flow.resized(image, size, axis)
                jpeg = _encoded(resized, settings.quality)
            pair.append(jpeg)
        yield pair
        worker_pool.tick(1 / settings.fps)


def _stacks(pairs, length):
    """Joins the pairs of each snippet; the last one is filled up."""
    stack = []
    for pair in pairs:
        stack += pair
        if len(stack) == 2 * length:
            yield stack
            stack = []
    if stack:
        yield stack + pair * (length - len(stack) // 2)


def _encoded(image, quality):
    """JPEG bytes of an (H, W) grey or (H, W, 3) BGR uint8 image."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    return cv2.imencode(".jpg", image, options)[1].tobytes()
