"""Flags that are numbers."""

from collections.abc import Sequence
import math

from absl import flags

from fsn_tf import errors


def check(*holders: flags.FlagHolder | flags.Flag) -> None:
    """Refuses what absl takes for a number within bounds, and is none.

    Args:
        *holders: What flags.DEFINE_float returned, or such flags themselves.

    Raises:
        UsageError: One of them is nan.
    """
    for holder in holders:
        if holder.value is not None and math.isnan(holder.value):
            raise errors.UsageError(f"--{holder.name}=nan: expected a number")


def checked_seeds(texts: Sequence[str]) -> list[int]:
    """The seeds of a list flag.

    Raises:
        UsageError: They are none, or not different.
    """
    try:
        seeds = [int(text) for text in texts]
    except ValueError:
        seeds = []
    if not seeds or min(seeds) < 0 or len(set(seeds)) < len(seeds):
        raise errors.UsageError(
            f"--seeds={','.join(texts)}: expected different whole numbers "
            "from 0 on, such as 1,2,3"
        )
    return seeds


def checked_fractions(name: str, texts: Sequence[str]) -> list[float]:
    """The numbers of a list flag, each from 0 to 1.

    Raises:
        UsageError: They are none.
    """
    try:
        values = [float(text) for text in texts]
    except ValueError:
        values = []
    if not values or not all(0 <= value <= 1 for value in values):
        raise errors.UsageError(
            f"--{name}={','.join(texts)}: expected numbers from 0 to 1, such "
            "as 0.3,0.5,0.7"
        )
    return values
