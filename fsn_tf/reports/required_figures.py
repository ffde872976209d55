"""Figures that a result must reach, for who must not let them fall."""

from collections import abc

from fsn_tf import errors
from fsn_tf.evaluation import results

# What is short to write; a number alone is a tIoU.
_SHORT = {"frame": "frame mAP"}


def named(name: str) -> str:
    """The measure that is meant: 0.5 -> tIoU 0.5, frame -> frame mAP."""
    try:
        return f"tIoU {float(name):g}"
    except ValueError:
        return _SHORT.get(name, name)


def shortfalls(
    found: abc.Mapping[str, results.Result], least: abc.Mapping[str, float]
) -> list[str]:
    """A few words on each figure that fell below.

    A figure is asked of every protocol that has it. Where there is nothing to
    measure it is below anything.

    Args:
        found: {protocol: its result}.
        least: {name of a figure, see named: the least it may be}.

    Raises:
        UsageError: No protocol has such a figure.
    """
    figures = {name: x.figures() for name, x in found.items()}
    known = dict.fromkeys(x for one in figures.values() for x in one)
    words = []
    for name, limit in least.items():
        measure = named(name)
        if measure not in known:
            raise errors.UsageError(
                f"--fail_below={name}: expected one of "
                f"{', '.join(known)}, got another"
            )
        for protocol, one in figures.items():
            value = one.get(measure)
            if measure in one and (value is None or value < limit):
                got = "not measured" if value is None else f"{value:.4f}"
                words.append(f"{protocol}: {measure} is {got}, below {limit:g}")
    return words
