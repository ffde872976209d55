"""Experiment: one row of the paper's tables as data (Sections 3, 4)."""

import ast
from collections.abc import Mapping
import dataclasses
import pathlib
import runpy
from typing import Any

from fsn_tf import experiment_checks
from fsn_tf.errors import InputError


@dataclasses.dataclass(frozen=True)
class Experiment:
    """What a training run is made of; the defaults are the paper's.

    Examples:
        >>> experiment = fsn_tf.Experiment(stream="flow", dropout=0.7)
        >>> experiment.steps, experiment.clip_snippets, experiment.channels
        (60000, 7, 10)

    Attributes:
        network: "fsn", "wfsn", or "tsn", which both start from.
        stream: "rgb", "flow", or "features" of somebody's 2D CNN.
        backbone: 2D CNN: "BNInception" (TSN's), "TorchBNInception" (with
            the mean of tsn-pytorch), "TorchResNet50", "EfficientNetLite0"
            (1, 2), "tiny", a name in keras.applications, or
            "keras_hub:PRESET" with an image encoder of keras-hub.
        init_from: What the 2D CNN starts from: "" (random, or the preset's
            weights), "imagenet", a weights file, or the workdir of another
            training run. A flow network starts from an RGB one by TSN's
            cross-modality rule.
        temporal_dilations: Dilation of each temporal convolution; none
            leaves the classifier alone, "w/o temporal CNN" (Table 4).
        temporal_filters: Width of each temporal convolution (C2).
        temporal_residual: Whether each temporal convolution adds to what it
            sees, as MS-TCN's layers do, beyond the paper.
        refinement_stages: Further temporal CNNs of FSN, each on the softmax
            of the one before, as MS-TCN's stages, beyond the paper.
        smoothing_weight: Of MS-TCN's loss on what changes from frame to
            frame, beside FSN's cross-entropy; MS-TCN has 0.15.
        snippet_frames: Frames per snippet.
        clip_frames: T, frames per training clip and test window.
        segments: M, equal parts of a video that WFSN takes a frame from each
            (Section 3.5); TSN has 3.
        pooling: How WFSN makes one score of M, "max" or "average" (Table 5),
            or "top_k", the mean of the largest, which is not in the paper.
        pooling_share: Share of the M scores that "top_k" averages.
        standardize: Whether features are standardized by the mean and the
            deviation of the training videos', which the network keeps.
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
        class_weights: "none", or "balanced": what is learned of a class is
            divided by how often it is drawn.
        batch_size: Clips per step, over all devices.
        steps: Updates in all.
        learning_rate: Constant (C11), or what it starts with.
        learning_rate_steps: Updates after which it is divided by 10.
        learning_rate_decay: "none", or "cosine": half a cosine from
            learning_rate after the warm-up to 0 at the end.
        warmup_steps: Updates over which the rate grows from 0.
        gradient_clip: Largest norm of the gradient of all weights together;
            0 leaves it as it is.
        optimizer: "sgd" or "adam".
        momentum: Of SGD; Adam's first.
        weight_decay: L2 inside the gradient, on kernels alone (C10); with
            Adam beside the gradient, as AdamW has it.
        label_smoothing: Share of each label that all classes have alike.
        average_decay: Of a moving average of the weights, which is then what
            is validated, predicted and exported; 0 keeps none.
        loss_reduction: Over the frames of a clip, "sum" or "mean" (C9).
        batch_norm: Batch norms of the backbone that learn: "first" (TSN's
            partial batch norm), "all" or "none".
        mixed_precision: Compute in bfloat16, keep weights in float32.
        jit_compile: Compile the step with XLA; on features and CPUs it is
            anyway, see strategies.compiles.
        deterministic: Same weights from the same seed, bit for bit.
        patience: Validations without a better one after which training
            stops; 0 never stops it.
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
    temporal_residual: bool = False
    refinement_stages: int = 0
    smoothing_weight: float = 0.0
    snippet_frames: int = 5
    clip_frames: int = 35
    segments: int = 100
    pooling: str = "max"
    pooling_share: float = 0.5
    standardize: bool = False
    freeze_through: str = ""
    dropout: float = 0.8
    image_size: int = 224
    crop_scales: tuple[float, ...] = (1.0, 0.875, 0.75, 0.66)
    window_stride: int = 35
    min_action_frames: int = 5
    balance: bool = True
    class_weights: str = "none"
    batch_size: int = 12
    steps: int = 60_000
    learning_rate: float = 0.0001
    learning_rate_steps: tuple[int, ...] = ()
    learning_rate_decay: str = "none"
    warmup_steps: int = 0
    gradient_clip: float = 0.0
    optimizer: str = "sgd"
    momentum: float = 0.9
    weight_decay: float = 0.0005
    label_smoothing: float = 0.0
    average_decay: float = 0.0
    loss_reduction: str = "sum"
    batch_norm: str = "first"
    mixed_precision: bool = False
    jit_compile: bool = False
    deterministic: bool = True
    patience: int = 0
    steps_per_call: int = 20
    checkpoint_steps: int = 1000
    keep_checkpoints: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        experiment_checks.check(self)

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
