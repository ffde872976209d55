"""Experiment: one row of the paper's tables as data (Sections 3, 4)."""

import ast
from collections.abc import Mapping
import dataclasses
import pathlib
import runpy
from typing import Any

from fsn_tf.errors import InputError


@dataclasses.dataclass(frozen=True)
class Experiment:
    """What a training run is made of; the defaults are the paper's.

    >>> experiment = fsn_tf.Experiment(stream="flow", dropout=0.7)
    >>> experiment.steps, experiment.clip_snippets, experiment.channels
    (60000, 7, 10)

    Attributes:
        network: "fsn", "wfsn", or "tsn", which both start from.
        stream: "rgb", "flow", or "features" of somebody's 2D CNN.
        backbone: 2D CNN: "BNInception" (TSN's), "TorchResNet50",
            "EfficientNetLite0" (1, 2), "tiny", a name in keras.applications,
            or "keras_hub:PRESET" with an image encoder of keras-hub.
        init_from: What the 2D CNN starts from: "" (random, or the preset's
            weights), "imagenet", a weights file, or the workdir of another
            training run. A flow network starts from an RGB one by TSN's
            cross-modality rule.
        temporal_dilations: Dilation of each temporal convolution; none
            leaves the classifier alone, "w/o temporal CNN" (Table 4).
        temporal_filters: Width of each temporal convolution (C2).
        snippet_frames: Frames per snippet.
        clip_frames: T, frames per training clip and test window.
        segments: M, equal parts of a video that WFSN takes a frame from each
            (Section 3.5); TSN has 3.
        pooling: How WFSN makes one score of M, "max" or "average" (Table 5),
            or "top_k", the mean of the largest, which is not in the paper.
        pooling_share: Share of the M scores that "top_k" averages.
        freeze_through: The layer, or block of layers, up to which the 2D CNN
            does not learn; "inception_3c" in WFSN (C25).
        dropout: Rate on the pooled feature (C5); TSN's flow has 0.7.
        image_size: Side of the square crop that the 2D CNN sees, pixels.
        crop_scales: Sides of training crops, as shares of the shorter side
            of the stored frame.
        window_stride: Frames between training windows (C12).
        min_action_frames: A training window shows at least as many; 0 takes
            windows without any action too.
        balance: Draw classes uniformly, then windows of that class (C13).
        batch_size: Clips per step, over all devices.
        steps: Updates in all.
        learning_rate: Constant (C11), or what it starts with.
        learning_rate_steps: Updates after which it is divided by 10.
        gradient_clip: Largest norm of the gradient of all weights together;
            0 leaves it as it is.
        momentum: Of SGD.
        weight_decay: L2 inside the gradient, on kernels alone (C10).
        loss_reduction: Over the frames of a clip, "sum" or "mean" (C9).
        batch_norm: Batch norms of the backbone that learn: "first" (TSN's
            partial batch norm), "all" or "none".
        mixed_precision: Compute in bfloat16, keep weights in float32.
        jit_compile: Compile the step with XLA.
        deterministic: Same weights from the same seed, bit for bit.
        steps_per_call: Updates per call of the compiled loop.
        checkpoint_steps: Updates between checkpoints.
        keep_checkpoints: Latest checkpoints kept; the best is kept as well.
        seed: Of the weights, the order of the data and the augmentation.
    """

    network: str = "fsn"
    stream: str = "rgb"
    backbone: str = "BNInception"
    init_from: str = ""
    temporal_dilations: tuple[int, ...] = (1, 2, 4)
    temporal_filters: int = 512
    snippet_frames: int = 5
    clip_frames: int = 35
    segments: int = 100
    pooling: str = "max"
    pooling_share: float = 0.5
    freeze_through: str = ""
    dropout: float = 0.8
    image_size: int = 224
    crop_scales: tuple[float, ...] = (1.0, 0.875, 0.75, 0.66)
    window_stride: int = 35
    min_action_frames: int = 5
    balance: bool = True
    batch_size: int = 12
    steps: int = 60_000
    learning_rate: float = 0.0001
    learning_rate_steps: tuple[int, ...] = ()
    gradient_clip: float = 0.0
    momentum: float = 0.9
    weight_decay: float = 0.0005
    loss_reduction: str = "sum"
    batch_norm: str = "first"
    mixed_precision: bool = False
    jit_compile: bool = False
    deterministic: bool = True
    steps_per_call: int = 20
    checkpoint_steps: int = 1000
    keep_checkpoints: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            value = getattr(self, name)
            _require(value in choices, name, f"one of {choices}", value)
        for name in _POSITIVE:
            value = getattr(self, name)
            finite = 0 < value < float("inf")
            _require(finite, name, "above 0", value)
        for name, kind in _TYPES.items():
            value = getattr(self, name)
            _require(type(value) is kind, name, kind.__name__, value)
        for name in ("momentum", "dropout"):
            value = getattr(self, name)
            _require(0 <= value < 1, name, "from 0 to below 1", value)
        for name in ("weight_decay", "gradient_clip", "min_action_frames"):
            value = getattr(self, name)
            _require(0 <= value < float("inf"), name, "0 or more", value)
        share = self.pooling_share
        _require(0 < share <= 1, "pooling_share", "above 0, up to 1", share)
        seeds = 0 <= self.seed < 2**31
        _require(seeds, "seed", "0 to 2147483647", self.seed)
        _require(
            self.clip_frames % self.snippet_frames == 0
            and self.window_stride % self.snippet_frames == 0,
            "clip_frames and window_stride",
            f"multiples of snippet_frames, {self.snippet_frames}",
            f"{self.clip_frames} and {self.window_stride}",
        )
        scales = self.crop_scales
        scales_fit = scales and all(0 < scale <= 1 for scale in scales)
        _require(scales_fit, "crop_scales", "above 0, up to 1", scales)
        for name in ("temporal_dilations", "learning_rate_steps"):
            value = getattr(self, name)
            _require(all(x >= 1 for x in value), name, "1 or more", value)

    @property
    def clip_snippets(self) -> int:
        """N, snippets per training clip of FSN."""
        return self.clip_frames // self.snippet_frames

    @property
    def example_snippets(self) -> int:
        """Snippets per training example: of a clip, or one per segment."""
        return self.clip_snippets if self.network == "fsn" else self.segments

    @property
    def channels(self) -> int:
        """Channels of what the 2D CNN sees: RGB, or x and y of each flow."""
        return 3 if self.stream == "rgb" else 2 * self.snippet_frames


_CHOICES = {
    "network": ("fsn", "wfsn", "tsn"),
    "stream": ("rgb", "flow", "features"),
    "pooling": ("max", "average", "top_k"),
    "loss_reduction": ("sum", "mean"),
    "batch_norm": ("first", "all", "none"),
}
_TYPES = {
    name: int
    for name in (
        "temporal_filters snippet_frames clip_frames image_size window_stride "
        "min_action_frames batch_size steps steps_per_call checkpoint_steps "
        "keep_checkpoints segments seed"
    ).split()
} | {"backbone": str, "init_from": str, "freeze_through": str}
_POSITIVE = (
    "temporal_filters snippet_frames clip_frames image_size window_stride "
    "batch_size steps learning_rate steps_per_call "
    "checkpoint_steps keep_checkpoints segments"
).split()


def _require(condition, name, expected, value):
    if not condition:
        raise InputError(f"{name}: expected {expected}, got {value!r}")


def load(path: pathlib.Path | str) -> Experiment:
    """Reads `EXPERIMENT` from an experiment file.

    Raises:
        InputError: There is no such file, it does not run, or it defines no
            Experiment.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise InputError(f"{path}: no such experiment file")
    try:
        value = runpy.run_path(str(path)).get("EXPERIMENT")
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    except Exception as error:
        kind = type(error).__name__
        raise InputError(f"{path}: does not run: {kind}: {error}") from error
    if not isinstance(value, Experiment):
        raise InputError(f"{path}: expected EXPERIMENT = Experiment(...)")
    return value


def like(path: pathlib.Path | str, name: str, **changes: Any) -> Experiment:
    """The experiment NAME.py beside an experiment file, but for changes."""
    return dataclasses.replace(
        load(pathlib.Path(path).with_name(f"{name}.py")), **changes
    )


def replace(experiment: Experiment, values: Mapping[str, str]) -> Experiment:
    """Changes fields given as text, as flags give them.

    Args:
        experiment: Experiment to start from.
        values: {field name: text}; "1,2,4" for a tuple.

    Raises:
        InputError: A text does not fit the type of its field.
    """
    fields = {field.name: field for field in dataclasses.fields(Experiment)}
    changes = {
        name: _parse(name, text, fields[name].default)
        for name, text in values.items()
    }
    return dataclasses.replace(experiment, **changes)


def _parse(name, text, default):
    try:
        if isinstance(default, str):
            return text
        if isinstance(default, bool):
            return {"true": True, "false": False}[text.lower()]
        if isinstance(default, tuple):
            item = type(default[0]) if default else int
            return tuple(item(part) for part in text.split(",") if part)
        value = ast.literal_eval(text.replace("_", ""))
        if isinstance(default, int):
            return value if type(value) is int else int("not whole")
        return float(value)
    except (ValueError, KeyError, SyntaxError, TypeError, OverflowError):
        kind = type(default).__name__
        message = f"{name}: expected {kind}, such as {default!r}, got {text!r}"
        raise InputError(message) from None
