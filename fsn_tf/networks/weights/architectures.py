"""Which 2D CNN the names and shapes in a file of weights belong to."""

from collections.abc import Mapping
import itertools
import pathlib
import re

from fsn_tf.errors import InputError
from fsn_tf.networks.backbones import efficientnet_lite
from fsn_tf.networks.weights.stored import Stored

# Layers that tell the architecture; what sees the input there.
_TELLING = {
    "BNInception": re.compile(r"conv1_7x7_s2|inception_[345][a-e]_3x3"),
    "TorchResNet50": re.compile(r"layer[1-4]_\d_conv[1-3]"),
    "EfficientNetLite": re.compile(r"blocks_\d+_(depthwise|project)_conv"),
}
FIRST = {
    "BNInception": "conv1_7x7_s2.weight",
    "TorchBNInception": "conv1_7x7_s2.weight",
    "TorchResNet50": "conv1.weight",
    **dict.fromkeys(efficientnet_lite.BUILD, "conv_stem.weight"),
}

_LITE = "EfficientNetLite0 to 2"


def of(found: Mapping[str, Stored], path: pathlib.Path) -> str:
    """The 2D CNN of a file.

    Args:
        found: {name: Stored}, layers called as they are here.
        path: For messages.

    Returns:
        Its name, as backbones.build has it.

    Raises:
        InputError: No layer tells it.
    """
    layers = {name.replace("/", ".").split(".")[0] for name in found}
    for backbone, telling in _TELLING.items():
        if any(map(telling.fullmatch, layers)):
            return backbone if backbone in FIRST else _lite(found)
    first = ", ".join(list(found)[:5])
    raise InputError(
        f"{path}: its names tell no architecture (the first are {first}); "
        f"expected those of BNInception, TorchResNet50 or {_LITE}, or "
        "--backbone=NAME for a file of Keras"
    )


def _lite(found):
    """The EfficientNet-Lite whose blocks are most like those of a file."""
    filters = []
    for index in itertools.count():
        stored = found.get(f"blocks_{index}_project_conv.weight")
        if stored is None:
            break
        filters.append(stored.shape[:1])

    def equal_blocks(name):
        pairs = zip(filters, efficientnet_lite.blocks(name), strict=False)
        return sum(ours == (row[-1],) for ours, row in pairs)

    return max(efficientnet_lite.BUILD, key=equal_blocks)


def require_counterpart(backbone: str) -> None:
    """Raises InputError for a 2D CNN that only files of Keras fit."""
    if backbone in FIRST:
        return
    why = (
        "files of Caffe and PyTorch fit BNInception, TorchResNet50 and "
        f"{_LITE} alone"
    )
    if backbone == "ResNet50":
        why = (
            "Keras's ResNet50 strides in other layers than PyTorch's, so its "
            "weights would give another function; use TorchResNet50"
        )
    raise InputError(f"--backbone={backbone}: {why}")


def require_scale_of_flow(
    backbone: str, names: Mapping[str, Stored], path: pathlib.Path
) -> None:
    """Raises InputError where a file for flow may scale it otherwise.

    Args:
        backbone: 2D CNN.
        names: As the file has them.
        path: For messages.
    """
    is_mmaction2 = any(name.startswith("backbone.") for name in names)
    if backbone == "TorchResNet50" and not is_mmaction2:
        raise InputError(
            f"{path}: a ResNet-50 for flow is taken from mmaction2 alone; "
            "others scale flow by other numbers"
        )
    if backbone in efficientnet_lite.BUILD:
        raise InputError(
            f"{path}: {backbone} for flow starts from a file for RGB; how "
            "this one's flow is scaled is not known"
        )
