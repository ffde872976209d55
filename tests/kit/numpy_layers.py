"""Layers in NumPy as Caffe and PyTorch define them; images are (H, W, C)."""

import numpy as np


def windows(image, kernel, stride, before, count, fill):
    """(count, count, C, kernel, kernel) of an image padded by `fill`."""
    after = max((count - 1) * stride + kernel - image.shape[0] - before, 0)
    sides = (before, after)
    padded = np.pad(image, (sides, sides, (0, 0)), constant_values=fill)
    every = np.lib.stride_tricks.sliding_window_view(
        padded, (kernel, kernel), axis=(0, 1)
    )
    return every[::stride, ::stride][:count, :count]


def convolution(image, kernel, bias, stride, pad):
    """Kernel as Caffe and PyTorch have it, (outputs, inputs, H, W)."""
    size = kernel.shape[2]
    count = (image.shape[0] + 2 * pad - size) // stride + 1
    parts = windows(image, size, stride, pad, count, 0)
    return np.tensordot(parts, kernel, ((2, 3, 4), (1, 2, 3))) + bias


def batch_norm(image, slope, bias, mean, variance, epsilon=1e-5):
    return (image - mean) / np.sqrt(variance + epsilon) * slope + bias


def max_pool(image, kernel, stride, pad, count):
    return windows(image, kernel, stride, pad, count, -np.inf).max((3, 4))


def average_pool(image):
    """3x3, stride 1, pad 1; zeros of the padding count."""
    return windows(image, 3, 1, 1, image.shape[0], 0).mean((3, 4))


def ceil_mode_count(size, kernel, stride, pad):
    """Windows of Caffe's pools along a side."""
    count = int(np.ceil((size + 2 * pad - kernel) / stride)) + 1
    starts_in_padding = pad and (count - 1) * stride >= size + pad
    return count - 1 if starts_in_padding else count
