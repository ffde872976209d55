"""The JPEGs of every snippet of a video (Section 3.2, choice C16)."""

import cv2

from fsn_tf import workers
from fsn_tf.errors import InputError
from fsn_tf.videos import flow
from fsn_tf.videos import frame_folders
from fsn_tf.videos import snippet_images


def snippets(source, settings, seen):
    """Yields the JPEGs of each snippet in order, as bytes.

    An RGB snippet has its center frame. A flow snippet of five frames has
    ten gray images, x1, y1, ..., x5, y5: flow k leads from its frame k to the
    frame after; the last flow is repeated where the video ends.

    Args:
        source: video_files.Video or frame_folders.FrameFolder.
        settings: preparation.Settings.
        seen: Dict; `num_frames` in it becomes the frames of the video at
            the rate of the settings.

    Raises:
        InputError: The source is damaged, or has no such stream.
    """
    if settings.stream == "rgb":
        period = settings.snippet_frames
        frames = _frames(source, settings, seen, period)
        for image in snippet_images.centers(frames, period):
            yield [_encoded(image[..., ::-1], settings.quality)]
        return
    if settings.flow == flow.IMPORTED:
        pairs = _stored_flows(source, settings, seen)
    else:
        pairs = _computed_flows(source, settings, seen)
    for stack in snippet_images.filled(pairs, settings.snippet_frames):
        yield [jpeg for pair in stack for jpeg in pair]


def _frames(source, settings, seen, period=1):
    """Yields the center of every period and the last frame."""
    for frame, image in source.frames(
        settings.fps,
        size=(settings.width, settings.height),
        period=period,
        phase=period // 2,
    ):
        seen["num_frames"] = frame + 1
        yield frame, image
        workers.tick(period / settings.fps)


def _computed_flows(source, settings, seen):
    """Yields a pair of JPEGs for the flow from each frame to the next."""
    frames = _frames(source, settings, seen)
    for components in snippet_images.flows(frames, settings.flow):
        yield _encoded_pair(components, settings.quality)


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
        workers.tick(1 / settings.fps)


def _encoded(image, quality):
    """JPEG bytes of an (H, W) gray or (H, W, 3) BGR uint8 image."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    return cv2.imencode(".jpg", image, options)[1].tobytes()
