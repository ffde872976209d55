r"""Time of `fsn demo` from beginning to end, beside the code as it was.

    python -m benchmarks.demo [--rounds=1]

The command that `./run demo` calls once all is installed: it draws videos,
prepares, trains, predicts, evaluates, exports and localizes. A turn takes
minutes, so there is one by default.
"""

import argparse
import functools
import tempfile

from benchmarks import before
from benchmarks import contenders
from benchmarks import tables
from benchmarks.contenders import ROOT


def demonstrated(tree) -> dict:
    """One fsn demo into a folder that is new."""
    with tempfile.TemporaryDirectory() as folder:
        return contenders.command(
            "-m", "fsn_tf", "demo", f"--out={folder}/demo", tree=tree
        )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=1)
    rounds = parser.parse_args().rounds
    notes = [f"{rounds} turns of each"]
    turns = {"fsn_tf": functools.partial(demonstrated, ROOT)}
    if tree := before.tree(notes):
        turns["before"] = functools.partial(demonstrated, tree)
    tables.show(
        "The demonstration",
        tables.times(contenders.turns(turns, rounds), ["fsn_tf"], memory=True),
        notes=notes,
    )


if __name__ == "__main__":
    main()
