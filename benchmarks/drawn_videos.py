"""Videos that benchmarks draw: a texture that moves in a loop."""

import pathlib

import cv2
import numpy as np

FPS = 25
_LOOP_FRAMES = 250


def write(path: pathlib.Path, num_frames: int, size: tuple[int, int]) -> None:
    """Writes so many frames at 25 fps; they repeat after ten seconds.

    Args:
        path: Of the file, MPEG-4.
        num_frames: How many.
        size: (width, height), at most 320x240.
    """
    noise = np.random.default_rng(0).normal(size=(400, 400))
    texture = np.clip(128 + 400 * cv2.GaussianBlur(noise, (0, 0), 3), 0, 255)
    frames = []
    for frame in range(min(_LOOP_FRAMES, num_frames)):
        turn = 2 * np.pi * frame / _LOOP_FRAMES
        left, top = (20 + 19 * np.sin(turn * np.array([7, 5]))).round()
        part = texture[int(top) :, int(left) :][:240, :320]
        image = cv2.resize(part.astype(np.uint8), size)
        frames.append(np.repeat(image[..., None], 3, axis=2))
    codec = cv2.VideoWriter_fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), codec, FPS, size)
    for frame in range(num_frames):
        writer.write(frames[frame % len(frames)])
    writer.release()
