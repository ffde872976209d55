"""What the fields of an experiment may be."""

from typing import Any

from fsn_tf.errors import InputError

_CHOICES = {
    "network": ("fsn", "wfsn", "tsn"),
    "stream": ("rgb", "flow", "features"),
    "pooling": ("max", "average", "top_k"),
    "class_weights": ("none", "balanced"),
    "learning_rate_decay": ("none", "cosine"),
    "optimizer": ("sgd", "adam"),
    "loss_reduction": ("sum", "mean"),
    "batch_norm": ("first", "all", "none"),
}
_TYPES = {
    name: int
    for name in (
        "temporal_filters snippet_frames clip_frames image_size window_stride "
        "min_action_frames batch_size steps steps_per_call checkpoint_steps "
        "keep_checkpoints segments seed warmup_steps patience "
        "refinement_stages"
    ).split()
} | {"backbone": str, "init_from": str, "freeze_through": str}
_POSITIVE = (
    "temporal_filters snippet_frames clip_frames image_size window_stride "
    "batch_size steps learning_rate steps_per_call "
    "checkpoint_steps keep_checkpoints segments"
).split()
_SHARES = ("momentum", "dropout", "label_smoothing", "average_decay")
_NOT_NEGATIVE = (
    "weight_decay gradient_clip warmup_steps patience refinement_stages "
    "smoothing_weight min_action_frames"
).split()


def check(experiment: Any) -> None:
    """Refuses a field whose value is not what is expected.

    Args:
        experiment: An Experiment; this module lies below it.

    Raises:
        InputError: There is one; the message names it.
    """
    for name, choices in _CHOICES.items():
        value = getattr(experiment, name)
        _require(value in choices, name, f"one of {choices}", value)
    for name in _POSITIVE:
        value = getattr(experiment, name)
        finite = 0 < value < float("inf")
        _require(finite, name, "above 0", value)
    for name, kind in _TYPES.items():
        value = getattr(experiment, name)
        _require(type(value) is kind, name, kind.__name__, value)
    for name in _SHARES:
        value = getattr(experiment, name)
        _require(0 <= value < 1, name, "from 0 to below 1", value)
    for name in _NOT_NEGATIVE:
        value = getattr(experiment, name)
        _require(0 <= value < float("inf"), name, "0 or more", value)
    share = experiment.pooling_share
    _require(0 < share <= 1, "pooling_share", "above 0, up to 1", share)
    seeds = 0 <= experiment.seed < 2**31
    _require(seeds, "seed", "0 to 2147483647", experiment.seed)
    _require(
        experiment.clip_frames % experiment.snippet_frames == 0
        and experiment.window_stride % experiment.snippet_frames == 0,
        "clip_frames and window_stride",
        f"multiples of snippet_frames, {experiment.snippet_frames}",
        f"{experiment.clip_frames} and {experiment.window_stride}",
    )
    scales = experiment.crop_scales
    scales_fit = scales and all(0 < scale <= 1 for scale in scales)
    _require(scales_fit, "crop_scales", "above 0, up to 1", scales)
    for name in ("temporal_dilations", "learning_rate_steps"):
        value = getattr(experiment, name)
        _require(all(x >= 1 for x in value), name, "1 or more", value)
    _check_together(experiment)


def _check_together(experiment):
    """Refuses fields beyond the paper that have no meaning beside others."""
    standardize, stream = experiment.standardize, experiment.stream
    given = stream == "features" or not standardize
    _require(given, "standardize", f"False, as stream is {stream}", standardize)
    warmup, steps = experiment.warmup_steps, experiment.steps
    _require(warmup < steps, "warmup_steps", f"below steps, {steps}", warmup)
    drops = experiment.learning_rate_steps
    alone = experiment.learning_rate_decay == "none" or not drops
    _require(alone, "learning_rate_steps", "none beside a decay", drops)
    for name in ("refinement_stages", "smoothing_weight"):
        value = getattr(experiment, name)
        of_frames = experiment.network == "fsn" or not value
        _require(of_frames, name, f"0 in {experiment.network}", value)


def _require(condition, name, expected, value):
    if not condition:
        raise InputError(f"{name}: expected {expected}, got {value!r}")
