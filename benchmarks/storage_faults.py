r"""A training run on object storage that is killed again and again.

    pip install -r requirements-bench.txt
    python -m benchmarks.storage_faults [--kills=10]

A small head learns from made-up features. Features, annotations and workdir
lie on moto's S3 server, a process of its own on this machine. The run is killed
by `kill -9` at random moments, from its start on; after every second kill the
cache is deleted as well, as if the machine were lost. After each kill every
checkpoint on the store is compared with that of the same step of a run that
learned from local files and that nothing befell. In the end the run goes on to
its last step, and the last checkpoint is compared.
"""

import argparse
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

import fsspec

from benchmarks import hosts_faults
from benchmarks import tables
from benchmarks.contenders import ROOT

_STEPS = 30000
_NAME = "faults"
_BUCKET = f"s3://{_NAME}"
_DATA = ".data-00000-of-00001"
# From its start on, about as long as a run takes where nothing befalls it.
_LATEST_KILL_SECONDS = 45


class Server:
    """moto's S3 server as a process, and how to reach it; a context.

    Args:
        log: File for what it says.
        bucket: Made there.
    """

    def __init__(self, log: pathlib.Path, bucket: str):
        self._log, self._bucket = log, bucket
        (port,) = hosts_faults.free_ports(1)
        self._command = [sys.executable, "-m", "moto.server", f"-p{port}"]
        os.environ |= {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "made-up",
            "AWS_SECRET_ACCESS_KEY": "made-up",
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def __enter__(self):
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log
            )
        options = dict(use_listings_cache=False, skip_instance_cache=True)
        self.files = fsspec.filesystem("s3", **options)
        for _ in range(60):
            try:
                self.files.mkdir(self._bucket)
                return self
            except Exception:
                time.sleep(1)
        raise RuntimeError(f"moto's server does not come: see {self._log}")

    def __exit__(self, *error):
        self._process.kill()
        self._process.wait()


def start(folder: pathlib.Path, data: str, workdir: str, *more: str):
    """The process of a run."""
    return subprocess.Popen(
        [sys.executable, "-m", "fsn_tf", "train"]
        + [f"--experiment={folder / 'experiment.py'}", f"--steps={_STEPS}"]
        + [f"--prepared={data}/prepared", f"--annotations={data}/truth.csv"]
        + [f"--workdir={workdir}", *more],
        stderr=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )


def ended(process) -> list[str]:
    """What a run said, once it has ended well."""
    lines = process.communicate()[1].splitlines()
    if process.returncode:
        raise RuntimeError("\n".join(lines))
    return lines


def checkpoints(files, expected: pathlib.Path) -> tuple[list[int], int]:
    """(steps of the whole checkpoints on the store, how many are other)."""
    names = set(files.find(f"{_BUCKET}/run/checkpoints/last"))
    whole = [name for name in names if name.endswith(".index")]
    whole = [name.removesuffix(".index") for name in whole]
    whole = [name for name in whole if f"{name}{_DATA}" in names]
    other = 0
    for name in whole:
        for ending in (_DATA, ".index"):
            local = expected / f"{pathlib.Path(name).name}{ending}"
            # One that a stopped run has put at a step of its own is none.
            other += files.cat(f"{name}{ending}") != local.read_bytes()
    steps = sorted(int(name.rpartition("-")[2]) for name in whole)
    return steps, other


def row(number: int, folder: pathlib.Path, files, expected) -> list:
    """One kill, as a row of the table."""
    cache, after = folder / "cache", random.uniform(0, _LATEST_KILL_SECONDS)
    options = _BUCKET, f"{_BUCKET}/run", f"--cache={cache}"
    process = start(folder, *options)
    time.sleep(after)
    process.kill()
    lines = process.communicate()[1].splitlines()
    steps, other = checkpoints(files, expected)
    here = sorted(
        int(path.stem.removeprefix("ckpt-"))
        for path in (cache / "s3/faults/run").glob("checkpoints/last/*.index")
    )
    lost = number % 2 == 1
    if lost:
        shutil.rmtree(cache, ignore_errors=True)
    found = [
        f"{after:.1f}",
        here[-1] if here else "none",
        steps[-1] if steps else "none",
        other,
        "deleted" if lost else "kept",
    ]
    print(found, lines[-1:], file=sys.stderr, flush=True)
    return found


def main() -> None:
    """Kills the run, lets it end and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    random.seed(given.seed)
    with tempfile.TemporaryDirectory(prefix="storage-") as temporary:
        folder = pathlib.Path(temporary)
        hosts_faults.make_data(folder)
        unbroken = folder / "unbroken"
        # Of every step at which another may leave one.
        options = str(folder), str(unbroken), "--keep_checkpoints=1000"
        ended(start(folder, *options))
        expected = unbroken / "checkpoints/last"
        with Server(folder / "server.log", _NAME) as server:
            for name in ("prepared", "truth.csv"):
                files = server.files
                files.put(str(folder / name), f"{_BUCKET}/", recursive=True)
            rows = [
                row(number, folder, server.files, expected)
                for number in range(given.kills)
            ]
            cache = f"--cache={folder / 'cache'}"
            lines = ended(start(folder, _BUCKET, f"{_BUCKET}/run", cache))
            print("\n".join(lines), file=sys.stderr)
            steps, other = checkpoints(server.files, expected)
    columns = ["killed after, s", "last checkpoint here", "on the store"]
    columns += ["of the store, unlike unbroken", "cache"]
    tables.show("Kills", tables.table(columns, rows))
    print(f"at the end: {steps} on the store, {other} files unlike unbroken")


if __name__ == "__main__":
    main()
