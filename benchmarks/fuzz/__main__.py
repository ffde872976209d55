"""Has every reader read damaged inputs.

    python -m benchmarks.fuzz [--inputs=N] [--seed=N] [--processes=N]
        [--out=DIR] [--readers=NAME,NAME]

Whatever comes in, a reader must take it or refuse it by one line, within a
second and in bounded memory. What failed is kept in OUT/failures with its
traceback; the table is in OUT/report.md. The same command goes on where it was
stopped. The exit status is 1 where a reader failed.
"""

import argparse
import json
import multiprocessing
import pathlib
import sys
import tempfile
import time

from benchmarks.fuzz import readers
from benchmarks.fuzz import turns
from fsn_tf import progress

# An input on which a process dies is left out when it starts again.
_MOST_DEATHS = 100


def main() -> int:
    """Runs; returns 1 if a reader failed."""
    given = _arguments()
    given.out.mkdir(parents=True, exist_ok=True)
    asked = {
        name: value for name, value in vars(given).items() if name != "out"
    }
    asked_path = given.out / "asked.json"
    if asked_path.exists() and json.loads(asked_path.read_text()) != asked:
        raise SystemExit(f"{given.out}: is of other flags; choose another")
    asked_path.write_text(json.dumps(asked))
    start = time.monotonic()
    deaths = _run(given)
    counts = turns.Counts()
    for path in given.out.glob("state-*.json"):
        counts.join(json.loads(path.read_text())["found"])
    text = _report(counts.found, deaths, time.monotonic() - start)
    (given.out / "report.md").write_text(text)
    print(text)
    failed = sum(row[turns.FAILED] for row in counts.found.values())
    return 1 if failed or deaths else 0


def _arguments():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fuzz", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, default="fuzz")
    parser.add_argument(
        "--readers",
        type=lambda text: text.split(","),
        default=list(readers.READERS),
        help="; ".join(readers.READERS).replace("%", "%%"),
    )
    given = parser.parse_args()
    for name in given.readers:
        if name not in readers.READERS:
            parser.error(f"--readers: no {name!r}")
    return given


def _run(given):
    """Has processes take all turns; numbers of inputs that killed one."""
    deaths = turns.deaths(given.out)
    shares = [
        range(first, given.inputs, given.processes)
        for first in range(given.processes)
    ]
    running = {share: _started(given, share) for share in shares if share}
    shown = progress.Progress(given.inputs, "inputs", already=_done(given))
    while running:
        time.sleep(0.5)
        for share, process in list(running.items()):
            if process.is_alive():
                continue
            del running[share]
            if process.exitcode == 0:
                continue
            current = given.out / f"current-{share.start}"
            deaths.append(int(current.read_text()))
            if len(deaths) > _MOST_DEATHS:
                raise SystemExit("too many processes died")
            (given.out / turns.DEATHS).write_text(json.dumps(deaths))
            running[share] = _started(given, share)
        shown.update(_done(given))
    shown.close()
    return deaths


def _started(given, share):
    # Memory where there is a disk in it: no disk bears millions of files.
    memory = pathlib.Path("/dev/shm")
    place = memory if memory.is_dir() else None
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fsn-fuzz-", dir=place))
    process = multiprocessing.get_context("spawn").Process(
        target=turns.begin,
        args=(given.out, folder, share, given.seed, given.readers),
    )
    process.start()
    return process


def _done(given):
    found = 0
    for path in given.out.glob("state-*.json"):
        found += json.loads(path.read_text())["done"]
    return found


def _report(found, deaths, seconds):
    """The table of all readers as Markdown."""
    head = ["reader", "inputs", "read", "refused", "failed"]
    head += ["slowest, ms", "its number", "most memory, MB"]
    rows = [head, ["---"] + ["---:"] * (len(head) - 1)]
    total = [0] * 4
    for name in readers.READERS:
        if name not in found:
            continue
        row = found[name]
        ways = [row[way] for way in (turns.READ, turns.REFUSED, turns.FAILED)]
        numbers = [sum(ways), *ways]
        total = [old + new for old, new in zip(total, numbers, strict=True)]
        rows.append(
            [
                name,
                *(f"{number:,}" for number in numbers),
                f"{1000 * row['slowest']:.0f}",
                str(row["slowest_number"]),
                f"{row['grown'] / 1e6:.0f}",
            ]
        )
    slowest = max((row["slowest"] for row in found.values()), default=0)
    grown = max((row["grown"] for row in found.values()), default=0)
    rows.append(
        [
            "all",
            *(f"{number:,}" for number in total),
            f"{1000 * slowest:.0f}",
            "",
            f"{grown / 1e6:.0f}",
        ]
    )
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return (
        f"{table}\n\nProcesses that died: {len(deaths)} {deaths or ''}. "
        f"This took {progress.clock(seconds)} since it was last started.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
