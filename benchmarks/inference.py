r"""Speed of an exported BN-Inception FSN, beside other libraries, in one run.

    python -m benchmarks.inference [--rounds=5]

One network with random weights is exported by the code as it is and as it
was, and as ONNX; all of these, and the same network in PyTorch (channels last,
eval) with the same weights, get the frames of four clips of 35 frames of
340x256. Stock Keras is the 2D CNN in its own TimeDistributed; PyTorch and it
get the 28 cropped images, and are spared the rest. The limit is that of the
convolutions alone: those of the network run by TensorFlow or PyTorch on inputs
of their own, or their operations at the machine's best measured rate.
Probabilities are compared with those of the float32 export.
"""

import argparse
import functools
import pathlib
import statistics
import sys
import tempfile

import numpy as np

from benchmarks import before
from benchmarks import contenders
from benchmarks import machine
from benchmarks import tables
from benchmarks.contenders import ROOT
from benchmarks.workers import shapes

_NOW = {"float32": "fsn_tf float32", "bfloat16": "fsn_tf bfloat16"}


def exports(folder: pathlib.Path, tree, notes: list[str]) -> pathlib.Path:
    """Writes the weights and every export of them; returns the workdir."""
    words = folder / "made", "BNInception", shapes.IMAGE_SIZE
    program = ROOT / "benchmarks" / "workers" / "random_models.py"
    # What the older code wrote, the newer one reads.
    contenders.command(
        program, *words, *shapes.FRAME_SIZE, "rgb", tree=tree or ROOT
    )
    workdir = folder / "made" / "rgb"
    export = functools.partial(_export, workdir, folder)
    export("float32")
    export("onnx", "--format=onnx")
    if tree:
        export("before", tree=tree)
    try:
        export("bfloat16", "--precision=bfloat16")
    except RuntimeError as error:
        notes.append(f"{_NOW['bfloat16']}: left out, {error}.")
    return workdir


def _export(workdir, folder, name, *words, tree=ROOT):
    words = f"--workdir={workdir}", f"--out={folder / name}", *words
    contenders.command("-m", "fsn_tf", "export", *words, tree=tree)


def makers(folder: pathlib.Path, tree) -> dict:
    """{name: starts a contender}."""
    frames = folder / "made" / "frames.npy"
    weights = folder / "made" / "rgb.npz"

    def exported(library, name, *words, tree=ROOT):
        return functools.partial(
            contenders.Worker,
            "exported",
            *(library, folder / name, frames, *words),
            tree=tree,
        )

    def torch(what, dtype):
        words = what, weights, frames, dtype
        return functools.partial(contenders.Worker, "torch_inference", *words)

    made = {_NOW["float32"]: exported("tensorflow", "float32")}
    if (folder / "bfloat16").is_dir():
        made[_NOW["bfloat16"]] = exported("tensorflow", "bfloat16")
    if tree:
        made["before"] = exported("tensorflow", "before", tree=tree)
    made["stock Keras"] = functools.partial(
        contenders.Worker, "stock_inference", frames, tree=tree or ROOT
    )
    made["ONNX Runtime"] = exported("onnxruntime", "onnx")
    for dtype in ("float32", "bfloat16"):
        made[f"OpenVINO {dtype}"] = exported("openvino", "onnx", dtype)
        made[f"PyTorch {dtype}"] = torch("network", dtype)
        made[f"convolutions alone, PyTorch {dtype}"] = torch(
            "convolutions", dtype
        )
        made[f"convolutions alone, TensorFlow {dtype}"] = functools.partial(
            contenders.Worker, "convolutions", dtype
        )
    return made


def limits(taken: dict, rounds: int, notes: list[str]) -> str:
    """A table of what share of each limit is reached."""
    rows = []
    for dtype, ours in _NOW.items():
        if ours not in taken:
            continue
        bounds = {
            name: statistics.median(runs.seconds)
            for name, runs in taken.items()
            if name.startswith("convolutions") and name.endswith(dtype)
        }
        operations = taken[f"convolutions alone, TensorFlow {dtype}"].facts[
            "operations"
        ]
        for what in machine.OPERATIONS:
            speeds = machine.rates(
                machine.measured(what, dtype, rounds, notes), what
            )
            library = max(speeds, key=speeds.__getitem__)
            rate = speeds[library]
            name = (
                f"{operations / 1e9:.0f} GFLOP at the rate of a {what}, "
                f"{rate / 1e9:.0f} GFLOP/s ({library})"
            )
            bounds[name] = operations / rate
        own = statistics.median(taken[ours].seconds)
        for name, seconds in bounds.items():
            clips = tables.number(shapes.CLIPS / seconds)
            rows.append([ours, name, clips, f"{seconds / own:.2f}"])
    return tables.table(["", "limit", "clips/s", "share reached"], rows)


def differences(taken: dict) -> list[str]:
    """Lines that say how far probabilities are from the float32 export's."""
    lines, expected = (
        [],
        np.array(taken[_NOW["float32"]].facts["probabilities"]),
    )
    for name, runs in taken.items():
        if name != _NOW["float32"] and "probabilities" in runs.facts:
            apart = abs(np.array(runs.facts["probabilities"]) - expected).max()
            lines.append(f"{name}: probabilities differ by {apart:.1e} or less")
    return lines


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    notes: list[str] = []
    tree = before.tree(notes)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        exports(folder, tree, notes)
        print("exported", file=sys.stderr)
        taken = contenders.compared(makers(folder, tree), rounds, notes)
    tables.show(
        f"{shapes.CLIPS} clips of BN-Inception FSN",
        tables.times(
            taken,
            list(_NOW.values()),
            work=shapes.CLIPS,
            unit="clips",
            memory=True,
        ),
        limits(taken, rounds, notes),
        notes=notes + differences(taken),
    )


if __name__ == "__main__":
    main()
