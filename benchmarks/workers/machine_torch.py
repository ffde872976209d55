"""The same product or convolution by PyTorch, see machine_tensorflow.py."""

import sys

import answering
import shapes


def make():
    import torch

    what, name = sys.argv[1:]
    dtype = getattr(torch, name)
    if what == "product":
        side = shapes.PRODUCT
        left, right = torch.randn(2, side, side).to(dtype)
        return lambda: left @ right
    batch, side, channels = shapes.CONVOLUTION
    last = torch.channels_last
    layer = torch.nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    layer = layer.to(dtype).to(memory_format=last)
    images = torch.randn(batch, channels, side, side).to(dtype)
    images = images.to(memory_format=last)

    def turn():
        with torch.inference_mode():
            layer(images)

    return turn


answering.answer(make)
