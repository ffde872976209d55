"""Sizes of the work that contenders are given."""

import numpy as np

# Side of both matrices of a product.
PRODUCT = 2048
# Batch, side and channels of a 3x3 convolution, such as BN-Inception's.
CONVOLUTION = (28, 28, 192)

# Clips in a batch of networks, snippets in each, frames in a snippet.
CLIPS = 4
SNIPPETS = 7
SNIPPET_FRAMES = 5
# What is stored, (width, height), and the side of what a network sees.
FRAME_SIZE = (340, 256)
IMAGE_SIZE = 224
CLASSES = 20

# Clips in a batch of crops, and batches of a turn.
INPUT_CLIPS = 12
INPUT_BATCHES = 20


def product_operations() -> int:
    """Additions and multiplications of the product."""
    return 2 * PRODUCT**3


def convolution_operations() -> int:
    """Additions and multiplications of the convolution, edges as inside."""
    batch, side, channels = CONVOLUTION
    return 2 * batch * side**2 * 9 * channels**2


def seen(frames):
    """The center square of the center frame of every snippet.

    Args:
        frames: (T, H, W, 3).
    """
    images = frames[SNIPPET_FRAMES // 2 :: SNIPPET_FRAMES]
    top, left = ((side - IMAGE_SIZE) // 2 for side in images.shape[1:3])
    return images[:, top : top + IMAGE_SIZE, left : left + IMAGE_SIZE].copy()


def training_batch(batch):
    """(B, N, S, S, 3) uint8 images, (B, T) int32 labels."""
    random = np.random.default_rng(0)
    shape = batch, SNIPPETS, IMAGE_SIZE, IMAGE_SIZE, 3
    images = random.integers(0, 256, shape, np.uint8)
    frames = SNIPPETS * SNIPPET_FRAMES
    labels = random.integers(0, CLASSES + 1, (batch, frames), np.int32)
    return images, labels
