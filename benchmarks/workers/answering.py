"""A contender's side of the talk with benchmarks/contenders.py.

It writes a line of JSON when it is ready, and one after each turn, which
begins when it reads a line.
"""

from collections.abc import Callable
import json
import os
import pathlib
import sys
import time
from typing import Any


def answer(make: Callable[[], Callable[[], Any]], facts: Callable = dict):
    """Loads, runs once, says how long that took, then runs when asked.

    Args:
        make: Loads; returns what a turn calls, which waits for its result.
        facts: Gives more to say of the last turn.
    """
    # What libraries print must not come between the lines.
    lines = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    try:
        turn = make()
    except ImportError as error:
        print(json.dumps({"missing": str(error)}), file=lines)
        return
    first = _seconds(turn)
    # What is allocated and chosen once is not what a turn costs.
    turn()
    print(json.dumps({"first_seconds": first}), file=lines)
    for _ in sys.stdin:
        seconds = _seconds(turn)
        said = {"seconds": seconds, "peak_bytes": peak_bytes(), **facts()}
        print(json.dumps(said), file=lines)


def _seconds(turn):
    start = time.perf_counter()
    turn()
    return time.perf_counter() - start


def peak_bytes() -> int:
    """The most memory this process has held; 0 where that is not said."""
    try:
        status = pathlib.Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
