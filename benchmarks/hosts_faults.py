r"""Two hosts that train together on this machine, and what befalls them.

    python -m benchmarks.hosts_faults [--rounds=3] [NAME ...]

A small head learns from made-up features on two processes with TF_CONFIG. In
each round something happens: a host is killed, told to stop, never started, or
has other data. What is said, after how long, and with which exit status is
printed as a table. Then both are started again and go on to the end, and their
checkpoint is compared, byte for byte, with that of a run that nothing befell.
"""

import argparse
import dataclasses
import hashlib
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

import numpy as np

from benchmarks import tables
from benchmarks.contenders import ROOT
from fsn_tf.snippets import feature_files

_STEPS = 1000
_EXPERIMENT = f"""
from fsn_tf.experiment import Experiment

EXPERIMENT = Experiment(
    stream="features", temporal_filters=8, batch_size=4, steps={_STEPS},
    steps_per_call=10, checkpoint_steps=100, learning_rate=0.001,
)
"""
_PROGRAM = "import sys; from fsn_tf import __main__; sys.exit(__main__.main())"
_OLDER = f"import fsn_tf; fsn_tf.__version__ = '0.0'; {_PROGRAM}"


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at."""
    servers = [socket.create_server(("", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in servers]
    for server in servers:
        server.close()
    return ports


@dataclasses.dataclass
class Ended:
    """How a host ended: its status, what it said, and when."""

    status: int
    lines: list[str]
    seconds: float


class Pair:
    """Two hosts of one run.

    Args:
        folder: Where make_data has been.
        workdir: Of the run.
    """

    def __init__(self, folder: pathlib.Path, workdir: pathlib.Path):
        self._folder, self._workdir = folder, workdir
        self.ports = free_ports(2)
        self._started: dict[int, subprocess.Popen] = {}

    def start(self, index, *, program=_PROGRAM, prepared="prepared", wait=60):
        """Starts a host."""
        addresses = [f"localhost:{port}" for port in self.ports]
        config = {
            "cluster": {"worker": addresses},
            "task": {"type": "worker", "index": index},
        }
        self._started[index] = subprocess.Popen(
            [sys.executable, "-c", program, "train"]
            + [f"--experiment={self._folder / 'experiment.py'}"]
            + [f"--prepared={self._folder / prepared}"]
            + [f"--annotations={self._folder / 'truth.csv'}"]
            + [f"--workdir={self._workdir}", "--strategy=multiworker"]
            + [f"--host_wait_seconds={wait}"],
            stderr=subprocess.PIPE,
            env={**os.environ, "TF_CONFIG": json.dumps(config)},
            cwd=ROOT,
            text=True,
        )

    def signal(self, number, *indices):
        """Signals hosts."""
        for index in indices:
            self._started[index].send_signal(number)

    def ended(self, limit_seconds=300.0) -> dict[int, Ended]:
        """{index: how it ended}, once all have; killed after the limit."""
        start, found = time.monotonic(), {}
        while len(found) < len(self._started):
            time.sleep(0.05)
            seconds = time.monotonic() - start
            for index, host in self._started.items():
                if seconds > limit_seconds and host.poll() is None:
                    host.kill()
                if index not in found and host.poll() is not None:
                    lines = host.stderr.read().splitlines()
                    found[index] = Ended(host.returncode, lines, seconds)
        return found

    def wait_for_step(self, step):
        """Until the run has logged that step, or a host has ended."""
        log = self._workdir / "metrics.jsonl"
        while all(host.poll() is None for host in self._started.values()):
            text = log.read_text() if log.exists() else ""
            if any(json.loads(x)["step"] >= step for x in text.splitlines()):
                return
            time.sleep(0.02)


def make_data(folder: pathlib.Path) -> None:
    """Features of two videos, other ones, annotations, an experiment."""
    for name, num_frames in (("prepared", 200), ("other", 210)):
        rng = np.random.default_rng(0)
        for video in ("v", "w"):
            feature_files.write(
                folder / name,
                video,
                rng.normal(size=(num_frames // 5, 3)).astype(np.float32),
                fps=25.0,
                snippet_frames=5,
                num_frames=num_frames,
                features_from={},
            )
    (folder / "truth.csv").write_text("v,0.4,2.4,Dive\nw,0,4,Run\n")
    (folder / "experiment.py").write_text(_EXPERIMENT)


def unbroken(folder, workdir):
    """Runs both to the end; the digest of the last checkpoint."""
    pair = Pair(folder, workdir)
    pair.start(0)
    pair.start(1)
    for index, host in pair.ended().items():
        if host.status:
            raise RuntimeError(f"host {index}: {host.lines}")
    last = workdir / f"checkpoints/last/ckpt-{_STEPS}.data-00000-of-00001"
    return hashlib.sha256(last.read_bytes()).hexdigest()


def signaled(number, *indices):
    """A fault: hosts get a signal while they take steps."""

    def happens(pair):
        pair.start(0)
        pair.start(1)
        pair.wait_for_step(random.randrange(50, _STEPS - 300))
        pair.signal(number, *indices)

    return happens


def _never_started(index):
    def happens(pair):
        pair.start(index, wait=5)

    return happens


def _port_taken(pair):
    with socket.create_server(("", pair.ports[0])):
        pair.start(0)
        pair.wait_for_step(1)


def _started_with(**changes):
    def happens(pair):
        pair.start(0)
        pair.start(1, **changes)

    return happens


FAULTS = {
    "kill -9 host 0": signaled(signal.SIGKILL, 0),
    "kill -9 host 1": signaled(signal.SIGKILL, 1),
    "SIGTERM host 0": signaled(signal.SIGTERM, 0),
    "SIGTERM host 1": signaled(signal.SIGTERM, 1),
    "SIGTERM both": signaled(signal.SIGTERM, 0, 1),
    "host 1 never started": _never_started(0),
    "host 0 never started": _never_started(1),
    "port of host 0 taken": _port_taken,
    "other data on host 1": _started_with(prepared="other"),
    "other version on host 1": _started_with(program=_OLDER),
}


def row(name: str, folder: pathlib.Path, number: int, expected: str) -> list:
    """One round of a fault, as a row of the table."""
    workdir = folder / f"{name} {number}".replace(" ", "-")
    pair = Pair(folder, workdir)
    FAULTS[name](pair)
    hosts = pair.ended()
    for index, host in sorted(hosts.items()):
        print(f"{name}, host {index}: {host.lines}", file=sys.stderr)
    kept = sorted(
        int(path.stem.removeprefix("ckpt-"))
        for path in workdir.glob("checkpoints/last/*.index")
    )
    log = workdir / "metrics.jsonl"
    lines = log.read_text().splitlines() if log.exists() else []
    logged = str(json.loads(lines[-1])["step"]) if lines else "none"
    outcome = "had not begun"
    if kept:
        same = unbroken(folder, workdir) == expected
        outcome = "the same bytes" if same else "OTHER BYTES"
    found = [
        name,
        "; ".join(f"{i}: {hosts[i].status}" for i in sorted(hosts)),
        f"{max(host.seconds for host in hosts.values()):.1f}",
        str(kept[-1] if kept else "none"),
        logged,
        outcome,
    ]
    print(found, file=sys.stderr, flush=True)
    return found


def main() -> None:
    """Runs the faults and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", default=list(FAULTS))
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hosts-") as temporary:
        folder = pathlib.Path(temporary)
        make_data(folder)
        expected = unbroken(folder, folder / "unbroken")
        rows = [
            row(name, folder, number, expected)
            for number in range(given.rounds)
            for name in given.names
        ]
    columns = ["what was done", "exit status", "seconds until all had ended"]
    columns += ["checkpoint then", "last step", "both again, to the end"]
    tables.show("Two hosts", tables.table(columns, rows))


if __name__ == "__main__":
    main()
