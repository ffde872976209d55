"""How snippets are cut and stored."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Settings:
    """How snippets are cut and stored; one PREPARED folder has one.

    Attributes:
        stream: "rgb" or "flow".
        flow: How flow is computed, one of flow.METHODS or flow.IMPORTED;
            empty for RGB.
        fps: Frames per second to cut at (C1).
        width: Pixels to resize frames to; 340x256 is TSN's size.
        height: Pixels.
        quality: Of the JPEGs that are made here, 1 to 100.
        snippet_frames: Frames per snippet; stored are its center frame or
            the flows from each of its frames to the next (C16).
    """

    stream: str = "rgb"
    flow: str = ""
    fps: float = 25.0
    width: int = 340
    height: int = 256
    quality: int = 95
    snippet_frames: int = 5
