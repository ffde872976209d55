"""FSN with BN-Inception in plain PyTorch, with weights of fsn_tf.

Written from the table of blocks of TSN's release, for comparison alone: its
probabilities are compared with those of the exported network.
"""

import numpy as np
import shapes
import torch
from torch import nn
from torch.nn import functional

# 1x1; 3x3: reduce, 3x3; double 3x3: reduce, 1, 2; pool; projection.
_BLOCKS = {
    "3a": (64, (64, 64), (64, 96), "average", 32),
    "3b": (64, (64, 96), (64, 96), "average", 64),
    "3c": (0, (128, 160), (64, 96), "halving", 0),
    "4a": (224, (64, 96), (96, 128), "average", 128),
    "4b": (192, (96, 128), (96, 128), "average", 128),
    "4c": (160, (128, 160), (128, 160), "average", 128),
    "4d": (96, (128, 192), (160, 192), "average", 128),
    "4e": (0, (128, 192), (192, 256), "halving", 0),
    "5a": (352, (192, 320), (160, 224), "average", 128),
    "5b": (352, (192, 320), (192, 224), "max", 128),
}


class Convolution(nn.Module):
    """Convolution, batch norm, ReLU."""

    def __init__(self, name, entering, filters, size, stride=1):
        super().__init__()
        self.name = name
        self.convolution = nn.Conv2d(
            entering, filters, size, stride, padding=size // 2
        )
        self.norm = nn.BatchNorm2d(filters, eps=1e-5)

    def forward(self, x):
        return functional.relu(self.norm(self.convolution(x)), inplace=True)


class Block(nn.Module):
    """Branches that are joined."""

    def __init__(self, name, entering, row):
        super().__init__()
        single, triple, double, self.pool, projection = row
        stride = 2 if self.pool == "halving" else 1

        def layer(end, entering, filters, size, stride=1):
            end = f"inception_{name}_{end}"
            return Convolution(end, entering, filters, size, stride)

        branches = []
        if single:
            branches.append(layer("1x1", entering, single, 1))
        branches.append(
            nn.Sequential(
                layer("3x3_reduce", entering, triple[0], 1),
                layer("3x3", *triple, 3, stride),
            )
        )
        branches.append(
            nn.Sequential(
                layer("double_3x3_reduce", entering, double[0], 1),
                layer("double_3x3_1", *double, 3),
                layer("double_3x3_2", double[1], double[1], 3, stride),
            )
        )
        self.branches = nn.ModuleList(branches)
        self.projection = (
            layer("pool_proj", entering, projection, 1) if projection else None
        )
        self.filters = single + triple[1] + double[1]
        self.filters += projection or entering

    def forward(self, x):
        if self.pool == "average":
            pooled = functional.avg_pool2d(x, 3, 1, 1)
        elif self.pool == "max":
            pooled = functional.max_pool2d(x, 3, 1, 1)
        else:
            pooled = functional.max_pool2d(x, 3, 2, ceil_mode=True)
        if self.projection is not None:
            pooled = self.projection(pooled)
        return torch.cat([*(one(x) for one in self.branches), pooled], dim=1)


class Network(nn.Module):
    """(B, N, 3, 224, 224) RGB -> (B, N * snippet_frames, C) frame logits."""

    def __init__(self, classes):
        super().__init__()
        self.stem = nn.ModuleList(
            [
                Convolution("conv1_7x7_s2", 3, 64, 7, 2),
                Convolution("conv2_3x3_reduce", 64, 64, 1),
                Convolution("conv2_3x3", 64, 192, 3),
            ]
        )
        blocks, entering = [], 192
        for name, row in _BLOCKS.items():
            blocks.append(Block(name, entering, row))
            entering = blocks[-1].filters
        self.blocks = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(0.8)
        self.temporal = TemporalCNN(entering, classes)

    def forward(self, images):
        batch, snippets = images.shape[:2]
        features = self.dropout(self.features(images.flatten(0, 1)))
        return upsampled(self.temporal(features.view(batch, snippets, -1)))

    def features(self, images):
        """(N, 3, S, S) RGB, 0 to 255, -> (N, D)."""
        mean = torch.tensor((104.0, 117.0, 123.0), dtype=images.dtype)
        x = images.flip(1) - mean[:, None, None]
        first, reduce, second = self.stem
        x = functional.max_pool2d(first(x), 3, 2, ceil_mode=True)
        x = functional.max_pool2d(second(reduce(x)), 3, 2, ceil_mode=True)
        return self.blocks(x).mean((2, 3))


class TemporalCNN(nn.Module):
    """(B, N, D) -> (B, N, C) snippet logits."""

    def __init__(self, entering, classes):
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Conv1d(width, 512, 3, padding=rate, dilation=rate)
            for width, rate in ((entering, 1), (512, 2), (512, 4))
        )
        self.scores = nn.Conv1d(512, classes, 1)

    def forward(self, features):
        x = features.transpose(1, 2)
        for layer in self.layers:
            x = functional.relu(layer(x))
        return self.scores(x).transpose(1, 2)


def upsampled(logits):
    """Bilinear, from centers of snippets to frames, float32."""
    x = logits.float().transpose(1, 2)
    frames = x.shape[-1] * shapes.SNIPPET_FRAMES
    return functional.interpolate(
        x, size=frames, mode="linear", align_corners=False
    ).transpose(1, 2)


def load(network, path):
    """Gives it the weights of a file that random_models.py wrote."""
    found = {}
    with np.load(path) as file:
        for name in file.files:
            *_, layer, weight = name.split("/")
            found[layer, weight] = torch.from_numpy(file[name])
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, Convolution):
                _load_convolution(module, found)
        head = network.temporal
        names = [f"temporal_conv{depth}" for depth in (1, 2, 3)]
        for name, layer in zip(
            [*names, "scores"], [*head.layers, head.scores], strict=True
        ):
            layer.weight.copy_(found[name, "kernel"].permute(2, 1, 0))
            layer.bias.copy_(found[name, "bias"])


def _load_convolution(module, found):
    kernel = found[module.name, "kernel"].permute(3, 2, 0, 1)
    module.convolution.weight.copy_(kernel)
    module.convolution.bias.copy_(found[module.name, "bias"])
    norm, name = module.norm, f"{module.name}_bn"
    norm.weight.copy_(found[name, "gamma"])
    norm.bias.copy_(found[name, "beta"])
    norm.running_mean.copy_(found[name, "moving_mean"])
    norm.running_var.copy_(found[name, "moving_variance"])
