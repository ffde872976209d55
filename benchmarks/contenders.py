"""Programs that take turns, so that what they are compared by is one run.

TensorFlow and PyTorch do not bear one process, and loading a network takes
longer than a turn. A contender is therefore a process of its own that loads,
warms up and waits; `workers/answering.py` is its side of the talk. A process
that waits costs no time, only memory.
"""

from collections.abc import Callable
from collections.abc import Mapping
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent
_WORKERS = pathlib.Path(__file__).parent / "workers"


class MissingError(Exception):
    """A contender cannot take part here; the message says why."""


@dataclasses.dataclass
class Runs:
    """What one contender took.

    Attributes:
        seconds: Of each turn.
        peak_bytes: The most memory its process held; 0 if not known.
        facts: What it said when it was ready, or in its last turn.
    """

    seconds: list[float] = dataclasses.field(default_factory=list)
    peak_bytes: int = 0
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)


# A turn: its facts, with "seconds" and "peak_bytes".
Turn = Callable[[], dict[str, Any]]


class Worker:
    """A process that is ready, and runs once each time it is called.

    Args:
        program: Name of a module in `workers/`.
        *words: Its arguments.
        tree: Checkout whose fsn_tf it imports.

    Attributes:
        facts: What it said when it was ready.

    Raises:
        MissingError: It lacks a package.
    """

    def __init__(self, program: str, *words: object, tree: pathlib.Path = ROOT):
        self.name = program
        # Read only where the process dies.
        self._said = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, str(_WORKERS / f"{program}.py"), *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            env=environment(tree),
        )
        self.facts = self._answer()

    def __call__(self) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.wait()

    def _answer(self):
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {}
        if "missing" in answer or not answer:
            self.close()
        if not answer:
            self._said.seek(0)
            said = self._said.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"{self.name}: ended unasked:\n{said}")
        if "missing" in answer:
            raise MissingError(answer["missing"])
        return answer


def environment(tree: pathlib.Path) -> dict[str, str]:
    """Of a process that imports fsn_tf from a checkout."""
    return {**os.environ, "PYTHONPATH": str(tree), "TF_CPP_MIN_LOG_LEVEL": "3"}


def command(*words: object, tree: pathlib.Path = ROOT) -> dict[str, Any]:
    """Runs a Python process to its end.

    Returns:
        Its `seconds`; `cpu_seconds`, of all cores; `peak_bytes`;
        `first_seconds`, until it first wrote to stderr, as progress is;
        `output`, what it wrote to stdout.
    """
    with tempfile.TemporaryFile() as printed:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *map(str, words)],
            stdout=printed,
            stderr=subprocess.PIPE,
            env=environment(tree),
            cwd=tree,
        )
        assert process.stderr is not None
        said = process.stderr.read(1)
        first = time.perf_counter() - start
        said += process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        printed.seek(0)
        output = printed.read().decode()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines() or ["?"]
        raise RuntimeError(f"{' '.join(map(str, words))}: {lines[-1]}")
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "seconds": seconds,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * unit,
        "first_seconds": first,
        "output": output,
    }


def turns(contenders: Mapping[str, Turn], rounds: int) -> dict[str, Runs]:
    """Lets each take its turn, then each again, so many rounds.

    Returns:
        {name: Runs}.
    """
    taken = {name: Runs() for name in contenders}
    for number in range(rounds):
        for name, turn in contenders.items():
            answer = turn()
            runs = taken[name]
            runs.seconds.append(answer.pop("seconds"))
            runs.peak_bytes = max(runs.peak_bytes, answer.pop("peak_bytes", 0))
            runs.facts |= {**getattr(turn, "facts", {}), **answer}
            print(
                f"round {number + 1} of {rounds}  {name}: "
                f"{runs.seconds[-1]:.3f} s",
                file=sys.stderr,
                flush=True,
            )
    return taken


def compared(
    makers: Mapping[str, Callable[[], Turn]], rounds: int, notes: list[str]
) -> dict[str, Runs]:
    """Starts contenders, lets them take turns, and ends them.

    Args:
        makers: {name: starts one}.
        rounds: Turns of each.
        notes: Gets a line for each that cannot take part.
    """
    started: dict[str, Turn] = {}
    try:
        for name, make in makers.items():
            try:
                started[name] = make()
            except MissingError as error:
                notes.append(f"{name}: left out, {error}.")
        return turns(started, rounds)
    finally:
        for turn in started.values():
            if hasattr(turn, "close"):
                turn.close()
