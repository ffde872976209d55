"""How many frames starts and ends are off."""

import numpy as np

# The largest error, in frames, of each bin to either side of 0.
_BINS = (1, 2, 4, 8, 16, 32)
# "Off by at most so many frames".
WITHIN = (0, 1, 2, 4, 8, 16, 32)


def summary(errors: np.ndarray) -> dict:
    """Errors in figures and as a histogram.

    Args:
        errors: (P,) int, frames that each of P moments comes too late.

    Returns:
        A dict that JSON can hold: `pairs` P; `mean`, `median` and
        `mean_absolute`, in frames, None of none; `within` {"2": share that is
        at most 2 frames off}; `histogram` {bin: count}, too early first.
    """
    known = bool(errors.size)
    return {
        "pairs": int(errors.size),
        "mean": float(errors.mean()) if known else None,
        "median": float(np.median(errors)) if known else None,
        "mean_absolute": float(np.abs(errors).mean()) if known else None,
        "within": {
            str(most): float((np.abs(errors) <= most).mean()) if known else None
            for most in WITHIN
        },
        "histogram": histogram(errors),
    }


def histogram(errors: np.ndarray) -> dict[str, int]:
    """{bin: count} of (P,) int, such as {"-4 to -3": 2, "0": 5}.

    Bins double in width to either side of 0; the last ones have no end.
    """
    limits = np.array(_BINS)
    # The place of each error's bin to its side of 0; 0 itself is in none.
    place = np.searchsorted(limits, np.abs(errors)) + 1
    signed = np.where(errors < 0, -place, np.where(errors > 0, place, 0))
    last = len(limits) + 1
    counts = np.bincount(signed + last, minlength=2 * last + 1)
    sides = list(zip([0, *_BINS], [*_BINS, None], strict=True))
    early = [_name(-1, *side) for side in reversed(sides)]
    late = [_name(1, *side) for side in sides]
    return dict(zip([*early, "0", *late], counts.tolist(), strict=True))


def _name(sign, above, most):
    """Of the bin of errors above `above` and at most `most`."""
    low = sign * (above + 1)
    if most is None:
        return f"{low} or {'more' if sign > 0 else 'less'}"
    high = sign * most
    return str(low) if low == high else "{} to {}".format(*sorted((low, high)))
