"""The numbers that networks compute with in prediction."""

import pathlib
import sys

PRECISIONS = ("float32", "bfloat16")
# Any one of them multiplies pairs of bfloat16 as the hardware does.
_INSTRUCTIONS = ("amx_bf16", "avx512_bf16")
_CPUINFO = pathlib.Path("/proc/cpuinfo")


def note_if_slow(precision: str) -> None:
    """Says on stderr where bfloat16 is slower than float32.

    Nothing is said where the system does not tell what its CPU can do.

    Args:
        precision: One of PRECISIONS.
    """
    if precision == "bfloat16" and _lacks_instructions():
        print(
            f"note: this CPU has neither {' nor '.join(_INSTRUCTIONS)}; "
            "networks in bfloat16 are slower on it than in float32",
            file=sys.stderr,
        )


def _lacks_instructions():
    try:
        lines = _CPUINFO.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    flags = [line.split() for line in lines if line.startswith("flags")]
    return bool(flags) and not set(_INSTRUCTIONS) & set(flags[0])
