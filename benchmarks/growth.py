r"""How time and memory grow with length, classes and videos, in one run.

    python -m benchmarks.growth [--rounds=3] [--most=N]

- `fsn localize` on drawn videos of 112x84 of a minute to ten hours, by an FSN
  with the tiny backbone; the whole command, its start included.
- The head (temporal CNN, upsampling, softmax) on one clip of 7 to 7,000
  snippets, and on 700 snippets with 20 to 1,000 classes.
- Grouping, NMS, segment and frame mAP of 20 to 1,000 classes, and of 10 to
  10,000 videos of some 600 frames, of made-up scores that lie in memory.
- Segment mAP of a thousand to a million detections: 100 in each video, of
  1,000 classes; and all of one class in one video, overlapping.
- Finding 10 to 10,000 prepared videos in a folder.

The exponent is that of the growth between the two largest sizes: 1 is linear,
and below 1 a part that is the same for all sizes still counts. --most leaves
out sizes that are more than N times the smallest. Writes benchmarks/growth.svg.
"""

import argparse
import functools
import math
import pathlib
import statistics
import tempfile

from benchmarks import contenders
from benchmarks import drawn_videos
from benchmarks import growth_plot
from benchmarks import memory
from benchmarks import tables
from benchmarks.contenders import ROOT

PLOT = pathlib.Path(__file__).with_suffix(".svg")
_SMALL = 112, 84
_FRAMES_A_VIDEO = 600


def localizing(folder: pathlib.Path, sizes: list[int]) -> dict:
    """{minutes: starts fsn localize on so long a video}."""
    both, found = memory.export(folder, _SMALL), {}
    for minutes in sizes:
        path = folder / f"{minutes}.mp4"
        drawn_videos.write(path, minutes * 60 * drawn_videos.FPS, _SMALL)
        turn = functools.partial(
            memory.localized, both / "rgb", path, "--nopage"
        )
        found[minutes] = lambda turn=turn: turn
    return found


def finding(folder: pathlib.Path, sizes: list[int]) -> dict:
    """{videos: starts the index of so many prepared ones}."""
    program = ROOT / "benchmarks" / "workers" / "random_features.py"
    found = {}
    for videos in sizes:
        made, out = folder / f"made{videos}", folder / f"prepared{videos}"
        contenders.command(program, made, videos, 4, 8)
        contenders.command(
            *("-m", "fsn_tf", "prepare", "--stream=features"),
            *(f"--features={made / 'features'}", f"--out={out}"),
        )
        found[videos] = functools.partial(
            contenders.Worker, "growing_index", out
        )
    return found


def workers(program: str, words, sizes: list[int]) -> dict:
    """{size: starts a program with the words of that size}."""
    return {
        size: functools.partial(contenders.Worker, program, *words(size))
        for size in sizes
    }


def series(folder: pathlib.Path) -> dict:
    """{what grows: ({size: starts a contender} of sizes, all sizes)}."""
    evaluation, head = "growing_evaluation", "growing_head"
    detections = "growing_detections"

    def of_videos(videos):
        return videos, videos * _FRAMES_A_VIDEO, 20

    return {
        "localize, minutes": (
            functools.partial(localizing, folder),
            [1, 10, 60, 600],
        ),
        "head, snippets": (
            functools.partial(workers, head, lambda n: (n, 20)),
            [7, 70, 700, 7000],
        ),
        "head, classes": (
            functools.partial(workers, head, lambda n: (700, n)),
            [20, 100, 300, 1000],
        ),
        "evaluation, classes": (
            functools.partial(workers, evaluation, lambda n: (100, 60_000, n)),
            [20, 100, 300, 1000],
        ),
        "evaluation, videos": (
            functools.partial(workers, evaluation, of_videos),
            [10, 100, 1000, 10_000],
        ),
        "detections of 1,000 classes": (
            functools.partial(workers, detections, lambda n: ("many", n)),
            [1000, 10_000, 100_000, 1_000_000],
        ),
        "detections that all overlap": (
            functools.partial(workers, detections, lambda n: ("one", n)),
            [1000, 10_000, 100_000, 1_000_000],
        ),
        "finding prepared videos": (
            functools.partial(finding, folder),
            [10, 100, 1000, 10_000],
        ),
    }


def exponent(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Of the power that leads from one (size, cost) to a larger one."""
    sizes, costs = zip(first, second, strict=True)
    return math.log(costs[1] / costs[0]) / math.log(sizes[1] / sizes[0])


def rows(what: str, taken: dict) -> list:
    """A row for each size; the last one has the exponents."""
    found = []
    for size, runs in taken.items():
        peak = tables.number(runs.peak_bytes / 1e6)
        found.append([what, f"{size:,}", tables.spread(runs.seconds), peak])
        found[-1] += ["", ""]
    if len(taken) > 1:
        sizes = list(taken)[-2:]
        for column, cost in (
            (-2, lambda runs: statistics.median(runs.seconds)),
            (-1, lambda runs: runs.peak_bytes),
        ):
            ends = [(size, cost(taken[size])) for size in sizes]
            found[-1][column] = f"{exponent(*ends):.2f}"
    return found


def main() -> None:
    """Measures, prints and draws."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--most", type=int, default=1_000_000)
    given = parser.parse_args()
    notes: list[str] = []
    measured, found = {}, []
    with tempfile.TemporaryDirectory() as name:
        for what, (make, sizes) in series(pathlib.Path(name)).items():
            sizes = [n for n in sizes if n <= given.most * sizes[0]]
            taken = contenders.compared(make(sizes), given.rounds, notes)
            found += rows(what, taken)
            measured[what] = {
                size: (statistics.median(runs.seconds), runs.peak_bytes)
                for size, runs in taken.items()
            }
    growth_plot.write(PLOT, measured)
    columns = ["what grows", "size", "seconds", "peak memory, MB"]
    columns += ["exponent of time", "of memory"]
    tables.show("Growth", tables.table(columns, found), notes=notes)
    print(f"![time and memory against size]({PLOT.name})")


if __name__ == "__main__":
    main()
