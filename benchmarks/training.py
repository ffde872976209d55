r"""Time, memory and first call of a training step, in one run.

    python -m benchmarks.training [--rounds=5] [--batches=4,12]

BN-Inception FSN learns from a batch of clips of 7 snippets of 224x224 that
lies in memory: by the code as it is and as it was, by PyTorch (channels last;
mixed is its autocast to bfloat16), and by stock Keras (its TimeDistributed,
train_on_batch). All have SGD with momentum; the first batch norm learns, the
statistics of the others stand. The first call includes tracing and compiling.
Peak memory is that of the process. Contenders of one precision and batch take
turns; all at once would not fit into memory.
"""

import argparse
import functools

from benchmarks import before
from benchmarks import contenders
from benchmarks import tables
from benchmarks.contenders import ROOT


def makers(batch: int, precision: str, tree) -> dict:
    """{name: starts a contender}."""

    def worker(program, tree=ROOT):
        return functools.partial(
            contenders.Worker, program, batch, precision, tree=tree
        )

    made = {"fsn_tf": worker("training")}
    if tree:
        made["before"] = worker("training", tree)
    made["PyTorch"] = worker("torch_training")
    made["stock Keras"] = worker("stock_training", tree or ROOT)
    return made


def shares(taken: dict) -> list[str]:
    """Lines that compare memory and first calls."""
    ours, lines = taken["fsn_tf"], []
    for name, runs in taken.items():
        if name == "fsn_tf":
            continue
        memory = ours.peak_bytes / max(runs.peak_bytes, 1)
        first = ours.facts["first_seconds"] / runs.facts["first_seconds"]
        lines.append(
            f"fsn_tf takes {memory:.2f} of the memory of {name}, and "
            f"{first:.2f} of its first call"
        )
    return lines


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batches", default="4,12")
    given = parser.parse_args()
    for batch in map(int, given.batches.split(",")):
        for precision in ("float32", "mixed"):
            notes: list[str] = []
            contending = makers(batch, precision, before.tree(notes))
            taken = contenders.compared(contending, given.rounds, notes)
            tables.show(
                f"A step of {batch} clips, {precision}",
                tables.times(
                    taken,
                    ["fsn_tf"],
                    work=batch,
                    unit="clips",
                    first=True,
                    memory=True,
                ),
                notes=notes + shares(taken),
            )


if __name__ == "__main__":
    main()
