"""Flags of a validation while training, named as the face names them."""

from typing import Any

from absl import flags

from fsn_tf.commands import numbers

_TEXTS = {
    "validation_annotations": "As --annotations, of videos that are not "
    "learned from; what the network is worth on them is logged, and says "
    "which checkpoint is the best.",
    "validation_prepared": "Their folder; --prepared if not given.",
    "validation_subset": "Which of an ActivityNet JSON they are.",
    "validation_videos": "With --mapping, MS-TCN's list of them.",
    "best_by": "Metric that says which step is the best: frame_map, "
    "segment_map or segment_map_0.5; accuracy, edit, f1_10, f1_25 or f1_50 of "
    "labels of frames; accuracy of whole videos.",
}

Holders = dict[str, flags.FlagHolder]


def define(given: flags.FlagValues) -> Holders:
    """Defines them among those of a command; {name: holder of its value}."""
    holders: Holders = {
        name: flags.DEFINE_string(name, None, meaning, flag_values=given)
        for name, meaning in _TEXTS.items()
    }
    holders["validation_steps"] = flags.DEFINE_integer(
        "validation_steps",
        None,
        "Updates between two validations; --checkpoint_steps if not given.",
        1,
        flag_values=given,
    )
    holders["validation_inference"] = flags.DEFINE_enum(
        "validation_inference",
        None,
        ["windows", "whole"],
        "As --inference of fsn predict.",
        flag_values=given,
    )
    holders["validation_tious"] = flags.DEFINE_list(
        "validation_tious",
        None,
        "Overlaps of segment mAP, as --tiou of fsn evaluate.",
        flag_values=given,
    )
    return holders


def values(holders: Holders) -> dict[str, Any]:
    """{name: value}; None for what was not given.

    Raises:
        UsageError: The overlaps are no numbers from 0 to 1.
    """
    found = {name: holder.value for name, holder in holders.items()}
    tious = found["validation_tious"]
    if tious is not None:
        found["validation_tious"] = numbers.checked_fractions(
            "validation_tious", tious
        )
    return found
