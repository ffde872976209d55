"""The same network in PyTorch, channels last, on the same frames.

torch_inference.py network|convolutions WEIGHTS.npz FRAMES.npy DTYPE

`convolutions` runs those of the network alone, each on an input of its own
shape: nothing that joins, pools or normalizes.
"""

import sys

import answering
import numpy as np
import shapes

_LAST = {}


def make():
    import bn_inception
    import torch

    what, weights, frames, dtype = sys.argv[1:]
    dtype = getattr(torch, dtype)
    network = bn_inception.Network(shapes.CLASSES + 1)
    bn_inception.load(network, weights)
    network = network.eval().to(dtype).to(memory_format=torch.channels_last)
    # (N, H, W, 3) -> (N, 3, S, S), which lies in memory channels last
    images = torch.from_numpy(shapes.seen(np.load(frames))).permute(0, 3, 1, 2)
    if what == "convolutions":
        return _convolutions(network, images.to(dtype))

    def turn():
        with torch.inference_mode():
            features = network.features(images.to(dtype))
            # One video of all clips, as the exports get it.
            logits = bn_inception.upsampled(network.temporal(features[None]))
            _LAST["probabilities"] = logits.softmax(-1)[0]

    return turn


def _convolutions(network, images):
    import torch

    entering, hooks = [], []
    for module in network.modules():
        if isinstance(module, torch.nn.Conv2d):
            hooks.append(
                module.register_forward_pre_hook(
                    lambda module, given: entering.append(
                        (module, torch.randn_like(given[0]))
                    )
                )
            )
    with torch.inference_mode():
        network.features(images)
    for hook in hooks:
        hook.remove()

    def turn():
        with torch.inference_mode():
            for module, given in entering:
                module(given)

    return turn


def _facts():
    found = _LAST.get("probabilities")
    return {} if found is None else {"probabilities": found[2::5].tolist()}


answering.answer(make, _facts)
