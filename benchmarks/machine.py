r"""The limit of the machine: operations per second that libraries reach.

    python -m benchmarks.machine [--rounds=5]

A product of two 2048x2048 matrices, and a 3x3 convolution of 28 images of
28x28 with 192 channels, in float32 and in bfloat16, by TensorFlow, PyTorch and
OpenVINO on all cores. The best of them is what is taken for the limit. The
result of TensorFlow is copied to NumPy, so that it has been computed.
"""

import argparse
import statistics

from benchmarks import contenders
from benchmarks import tables
from benchmarks.workers import shapes

OPERATIONS = {
    "product": shapes.product_operations(),
    "convolution": shapes.convolution_operations(),
}
DTYPES = ("float32", "bfloat16")
_LIBRARIES = ("tensorflow", "torch", "openvino")


def measured(
    what: str, dtype: str, rounds: int, notes: list[str]
) -> dict[str, contenders.Runs]:
    """{library: Runs} of a product or a convolution."""
    makers = {
        library: (
            lambda library=library: contenders.Worker(
                f"machine_{library}", what, dtype
            )
        )
        for library in _LIBRARIES
    }
    return contenders.compared(makers, rounds, notes)


def rates(taken: dict[str, contenders.Runs], what: str) -> dict[str, float]:
    """{library: operations per second}, of the medians."""
    return {
        library: OPERATIONS[what] / statistics.median(runs.seconds)
        for library, runs in taken.items()
    }


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    notes: list[str] = []
    rows = []
    for what in OPERATIONS:
        for dtype in DTYPES:
            taken = measured(what, dtype, rounds, notes)
            best = max(rates(taken, what).values())
            for library, runs in taken.items():
                speeds = [OPERATIONS[what] / s / 1e9 for s in runs.seconds]
                share = statistics.median(speeds) * 1e9 / best
                row = [what, dtype, library, tables.spread(speeds)]
                rows.append([*row, f"{share:.2f}"])
    columns = ["", "numbers", "library", "GFLOP/s", "share of the best"]
    tables.show(
        "Operations per second",
        tables.table(columns, rows),
        notes=sorted(set(notes)),
    )


if __name__ == "__main__":
    main()
