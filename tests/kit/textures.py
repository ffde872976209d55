"""Textures that move by known parts of a pixel."""

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
