r"""Speed of `fsn train --stream=features` from end to end, in one run.

    python -m benchmarks.features [--rounds=5] [--batches=12,64,256]

The command trains on 100 videos of 300 snippets with 1024 random features
each, a clip being 7 snippets: by the code as it is and as it was, in turns. The
speed of training is what its log says, the median over the run without its
first call, which compiles; the whole command is timed too. Beside it is
PyTorch's bare step of the same temporal CNN, on one batch that lies in memory:
nothing is read, drawn or logged there.
"""

import argparse
import functools
import json
import pathlib
import statistics
import tempfile

from benchmarks import before
from benchmarks import contenders
from benchmarks import tables
from benchmarks.contenders import ROOT
from benchmarks.workers import shapes

_SIZE = 1024
# Examples that a command learns from, whatever the batch.
_EXAMPLES = 4_000
_LEAST_STEPS = 80
_TORCH_STEPS = 20


def prepared(made: pathlib.Path, tree: pathlib.Path) -> pathlib.Path:
    """Features as a tree's own fsn prepare writes them; the folder."""
    out = made / "prepared" / tree.name
    contenders.command(
        *("-m", "fsn_tf", "prepare", "--stream=features"),
        f"--snippet_frames={shapes.SNIPPET_FRAMES}",
        f"--features={made / 'features'}",
        f"--out={out}",
        tree=tree,
    )
    return out


class Training:
    """A turn is one fsn train, of a workdir of its own.

    Args:
        made: Where the features and their annotations lie.
        prepared: What the tree prepared of them.
        tree: Checkout whose code trains.
        batch: Examples in a batch.
    """

    def __init__(
        self,
        made: pathlib.Path,
        prepared: pathlib.Path,
        tree: pathlib.Path,
        batch: int,
    ):
        self._made, self._prepared = made, prepared
        self._batch, self._tree = batch, tree
        self._steps = max(_EXAMPLES // batch, _LEAST_STEPS)

    def __call__(self) -> dict:
        """Seconds of `_EXAMPLES` at the speed of the log."""
        with tempfile.TemporaryDirectory(dir=self._made) as workdir:
            done = contenders.command(
                *("-m", "fsn_tf", "train", "--stream=features"),
                "--experiment=experiments/table1_fsn_rgb.py",
                f"--prepared={self._prepared}",
                f"--annotations={self._made / 'truth.csv'}",
                f"--batch_size={self._batch}",
                f"--steps={self._steps}",
                f"--workdir={workdir}",
                tree=self._tree,
            )
            log = pathlib.Path(workdir, "metrics.jsonl").read_text()
        speeds = [
            json.loads(line)["examples_per_second"]
            for line in log.splitlines()[1:]
        ]
        return {
            "seconds": _EXAMPLES / statistics.median(speeds),
            "peak_bytes": done["peak_bytes"],
            "whole": done["seconds"],
        }


class BareStep:
    """A turn is some steps of PyTorch; gives seconds of `_EXAMPLES`."""

    def __init__(self, batch: int):
        self._worker = contenders.Worker("torch_features", batch, _SIZE)
        self._share = _EXAMPLES / (batch * _TORCH_STEPS)
        self.close = self._worker.close

    def __call__(self) -> dict:
        answer = self._worker()
        return {**answer, "seconds": answer["seconds"] * self._share}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batches", default="12,64,256")
    given = parser.parse_args()
    notes: list[str] = []
    trees = {"fsn_tf": ROOT, "before": before.tree(notes)}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        program = ROOT / "benchmarks" / "workers" / "random_features.py"
        contenders.command(program, folder, 100, 300, _SIZE)
        found = {
            name: (prepared(folder, tree), tree)
            for name, tree in trees.items()
            if tree
        }
        for batch in map(int, given.batches.split(",")):
            mine = list(notes)
            makers = {
                name: functools.partial(Training, folder, *places, batch)
                for name, places in found.items()
            }
            makers["PyTorch, bare step"] = functools.partial(BareStep, batch)
            taken = contenders.compared(makers, given.rounds, mine)
            mine += [
                f"{each}: the last command of {_EXAMPLES} examples or "
                f"{_LEAST_STEPS} steps took {runs.facts['whole']:.1f} s"
                for each, runs in taken.items()
                if "whole" in runs.facts
            ]
            tables.show(
                f"{_EXAMPLES} examples in batches of {batch}",
                tables.times(
                    taken,
                    ["fsn_tf"],
                    work=_EXAMPLES,
                    unit="examples",
                    memory=True,
                ),
                notes=mine,
            )


if __name__ == "__main__":
    main()
