r"""Runs benchmarks and writes what they print into benchmarks/RESULTS.md.

    python -m benchmarks [--list] [--rounds=N] [NAME ...]

Without a name all of them run, which takes about an hour. What a benchmark
printed becomes its section of the file when it has ended well; where one
fails, its old section stays, the others run, and the exit status is 1.
"""

import argparse
import subprocess
import sys
import time

from benchmarks import before
from benchmarks import results
from benchmarks.contenders import ROOT

# {name: what it measures}; in the order of the file.
NAMES = {
    "machine": "products and convolutions per second: the limit",
    "inference": "exported networks beside ONNX Runtime, OpenVINO, PyTorch",
    "training": "a step, beside PyTorch and stock Keras",
    "features": "fsn train on features, beside PyTorch's bare step",
    "flow": "optical flow, beside OpenCV alone",
    "prepare": "fsn prepare, beside a loop of OpenCV",
    "decoding": "JPEG to crops that training sees, beside OpenCV",
    "localize": "fsn localize, beside its network and decoding alone",
    "memory": "memory of fsn localize on a short and a long video",
    "growth": "time and memory against length, classes and videos",
    "evaluation": "grouping, NMS and mAP, beside scikit-learn and loops",
    "demo": "fsn demo from beginning to end (minutes a turn)",
}


def main() -> int:
    """Runs; returns 1 if any failed."""
    parser = argparse.ArgumentParser(
        prog="./run bench", description=__doc__.splitlines()[0]
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--list", action="store_true", help="say which exist")
    parser.add_argument("--rounds", type=int, help="turns of each contender")
    given = parser.parse_args()
    if given.list:
        for name, what in NAMES.items():
            print(f"{name:<12} {what}")
        return 0
    for name in given.names:
        if name not in NAMES:
            parser.error(f"{name}: expected one of {', '.join(NAMES)}")
    if given.rounds is not None and given.rounds < 1:
        parser.error(f"--rounds: expected 1 or more, got {given.rounds}")
    failed = [
        name
        for name in given.names or NAMES
        if not _ran(name, [f"--rounds={given.rounds}"] * bool(given.rounds))
    ]
    for name in failed:
        print(f"{name}: failed; its section is as it was", file=sys.stderr)
    return 1 if failed else 0


def _ran(name, words):
    """Runs one and keeps what it printed; whether it ended well."""
    print(f"{name}: {NAMES[name]}", file=sys.stderr, flush=True)
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *words],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    if done.returncode:
        return False
    print(done.stdout, flush=True)
    minutes = (time.monotonic() - start) / 60
    body = (
        f"{results.circumstances()}\n{done.stdout}\n"
        f"This took {minutes:.1f} minutes.\n"
    )
    results.write(results.PATH, name, body, NAMES, before.COMMIT[:8])
    return True


if __name__ == "__main__":
    sys.exit(main())
