"""Textures that move by known parts of a pixel."""

import cv2
import numpy as np


def texture(right=0.0, down=0.0, size=(96, 128), seed=0):
    """(H, W) uint8, periodic, moved by Fourier's shift."""
    noise = np.random.default_rng(seed).normal(size=size)
    frequencies = np.meshgrid(*map(np.fft.fftfreq, size), indexing="ij")
    smooth = np.exp(-150 * sum(f**2 for f in frequencies))
    shift = np.exp(
        -2j * np.pi * (frequencies[1] * right + frequencies[0] * down)
    )
    image = np.fft.ifft2(np.fft.fft2(noise) * smooth * shift).real
    return np.clip(128 + 400 * image, 0, 255).round().astype(np.uint8)


def write_video(path, step, num_frames, size=(96, 128)):
    """Writes a video at 25 fps that moves `step` pixels right a frame."""
    codec = cv2.VideoWriter_fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), codec, 25, size[::-1])
    for frame in range(num_frames):
        gray = texture(step * frame, size=size)
        writer.write(np.repeat(gray[..., None], 3, axis=2))
    writer.release()
