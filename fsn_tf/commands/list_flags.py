"""Flags of the list of segments that a person gets, of several commands."""

from collections.abc import Mapping
import dataclasses
from typing import Any

from absl import flags

from fsn_tf.commands import numbers
from fsn_tf.grouping import threshold_files
from fsn_tf.grouping import tidying
from fsn_tf.reports import overviews

# A flag is listed with the command that asks for it, not with this module.
flags.disclaim_key_flags()

NAMES = "thresholds", "min_duration", "max_gap", "summary", "ethogram"


def define(given: flags.FlagValues) -> None:
    """Defines the flags NAMES among those of a command."""
    flags.DEFINE_string(
        "thresholds",
        None,
        "A file of a threshold for each class, as fsn evaluate "
        "--tune_thresholds writes it, instead of one for all; it also says "
        "--min_duration and --max_gap, unless they are given.",
        flag_values=given,
    )
    flags.DEFINE_float(
        "min_duration",
        0.0,
        "Leave out segments shorter than this many seconds.",
        0,
        flag_values=given,
    )
    flags.DEFINE_float(
        "max_gap",
        0.0,
        "Join segments of a class with a gap of at most this many seconds "
        "between them, before short ones are left out.",
        0,
        flag_values=given,
    )
    flags.DEFINE_boolean(
        "summary",
        False,
        "Write summary.csv: how many segments, how long in all and on "
        "average, the first and the last time, for each video and class.",
        flag_values=given,
    )
    flags.DEFINE_boolean(
        "ethogram",
        False,
        "Write ethogram.svg: the segments of all videos in one picture.",
        flag_values=given,
    )


def chosen(
    given: flags.FlagValues,
) -> tuple[Mapping[str, float] | None, tidying.Tidying]:
    """({class: threshold} or None, how segments are tidied).

    Raises:
        UsageError: A number is none.
        InputError: The file of thresholds is none.
    """
    numbers.check(given["min_duration"], given["max_gap"])
    path, of_class, tidied = given["thresholds"].value, None, tidying.NOTHING
    if path is not None:
        kept = threshold_files.read(path)
        of_class, tidied = kept.of_class, kept.tidied
    seconds: dict[str, Any] = {
        f"{name}_seconds": given[name].value
        for name in ("min_duration", "max_gap")
        if given[name].present
    }
    return of_class, dataclasses.replace(tidied, **seconds)


def overviews_wanted(given: flags.FlagValues) -> tuple[str, ...]:
    """What overviews.write is to write."""
    kinds = overviews.SUMMARY, overviews.ETHOGRAM
    return tuple(name for name in kinds if given[name].value)
