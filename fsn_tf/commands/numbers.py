"""Flags that are numbers."""

import math

from fsn_tf import errors


def check(*holders):
    """Refuses what absl takes for a number within bounds, and is none.

    Args:
        *holders: What flags.DEFINE_float returned.

    Raises:
        UsageError: One of them is nan.
    """
    for holder in holders:
        if holder.value is not None and math.isnan(holder.value):
            raise errors.UsageError(f"--{holder.name}=nan: expected a number")
