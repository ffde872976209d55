"""Which tensor of a file is which weight of a 2D CNN; nothing is guessed."""

from collections.abc import Mapping
from collections.abc import Sequence
import pathlib
import re

from fsn_tf.errors import InputError
from fsn_tf.networks.weights.stored import Stored

# What the released models call what follows the global pool.
_CLASSIFIER = re.compile(
    r"fc|fc-action|new_fc|last_linear|cls_head_fc_cls"
    r"|predictions|dense(_\d+)?|fc\d+|probs|logits|layers/dense(_\d+)?/vars"
)

# What wrappers put in front, in any order: DataParallel, tsn-pytorch,
# mmaction2, Lightning, MoCo's encoder that learns.
_WRAPPERS = re.compile(
    r"((module|base_model|backbone|model|encoder_q|encoder|state_dict|net)\.)*"
)

_FOLLOWS = re.compile(r"(^|\.)(encoder_k\.|queue(_ptr)?$)")

# mmaction2's modules of a convolution and a batch norm, as in torchvision.
_MMACTION2 = (
    (re.compile(r"downsample\.conv$"), "downsample.0"),
    (re.compile(r"downsample\.bn$"), "downsample.1"),
    (re.compile(r"conv(\d)\.conv$"), r"conv\1"),
    (re.compile(r"conv(\d)\.bn$"), r"bn\1"),
)

# EfficientNet's modules: _blocks.0._expand_conv.
_HIDDEN = re.compile(r"(^|\.)_+")


def canonical(
    tensors: Mapping[str, Stored], path: pathlib.Path
) -> dict[str, Stored]:
    """Calls the tensors of PyTorch and Caffe as the layers here are called.

    Args:
        tensors: {name: Stored}, such as "module.base_model.conv1.weight" or
            "conv1/7x7_s2.bias".
        path: For messages.

    Returns:
        {"LAYER.PARAMETER": Stored}, without PyTorch's counters of batches.

    Raises:
        InputError: Two names mean the same.
    """
    renamed = {}
    # Of MoCo's two encoders one learns; the other follows it.
    pair = any("encoder_q." in name for name in tensors)
    for name, stored in tensors.items():
        if pair and _FOLLOWS.search(name):
            continue
        layer, _, parameter = name.rpartition(".")
        if parameter == "num_batches_tracked":
            continue
        new = f"{canonical_layer(layer)}.{parameter}"
        if new in renamed:
            raise InputError(f"{path}: two tensors would be {new}")
        renamed[new] = stored
    return renamed


def canonical_layer(name: str) -> str:
    """A layer of PyTorch or Caffe as it is called here."""
    name = _HIDDEN.sub(r"\1", _WRAPPERS.sub("", name, count=1))
    for pattern, replacement in _MMACTION2:
        name = pattern.sub(replacement, name)
    return name.replace("/", "_").replace(".", "_")


def match(
    expected: Mapping[str, tuple[int, ...]],
    found: Mapping[str, Stored],
    allowed: Sequence[str],
    title: str,
) -> tuple[list[str], list[str], list[str]]:
    """Pairs the weights of a model with the tensors of a file.

    Args:
        expected: {name: shape} of the model; a name is "LAYER.PARAMETER" or
            "LAYER/PARAMETER".
        found: {name: Stored} of the file.
        allowed: Layers that need no counterpart, as named in either.
        title: What does not fit what, for the message.

    Returns:
        (names to copy, layers of the file that are left out, layers of the
        model that get nothing), the layers in order.

    Raises:
        InputError: A name or a shape has no counterpart. Every one of them
            is in the message.
    """
    if expected.keys().isdisjoint(found):
        raise InputError(
            f"{title}: none of its names is there; the file has "
            f"{', '.join(list(found)[:5])} and so on"
        )
    layers = {name: _layer(name) for name in (*expected, *found)}
    excused = {*allowed, *map(canonical_layer, allowed)}
    misfits = [
        name
        for name in expected
        if name in found and not found[name].fits(expected[name])
    ]
    missing = [name for name in expected if name not in found]
    unknown = [name for name in found if name not in expected]
    spared = {name for name in layers if layers[name] in excused}
    left_out = {name for name in unknown if _is_classifier(layers[name])}
    problems = [
        *_problem("missing", missing, spared),
        *_problem("unknown", unknown, spared | left_out),
        *(
            f"{name} is {found[name].shape}, expected {expected[name]}"
            for name in misfits
            if name not in spared
        ),
    ]
    if problems:
        raise InputError(f"{title}: {'; '.join(problems)}")
    return (
        [name for name in expected if name in found and name not in misfits],
        list(dict.fromkeys(layers[n] for n in unknown)),
        list(dict.fromkeys(layers[n] for n in [*missing, *misfits])),
    )


def _problem(word, names, spared):
    names = [name for name in names if name not in spared]
    if names:
        yield f"{len(names)} {word}: {', '.join(names)}"


def _layer(name):
    return re.sub(r"[./][^./]*$", "", name)


def _is_classifier(layer):
    return _CLASSIFIER.fullmatch(layer) is not None
