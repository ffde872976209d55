r"""How time and memory grow with length, classes and videos, in one run.

    python -m benchmarks.growth [--rounds=3] [--most=N] [--only=TEXT]

- `fsn localize` on drawn videos of 112x84 of a minute to ten hours, by an FSN
  with the tiny backbone; the whole command, its start included.
- The head (temporal CNN, upsampling, softmax) on one clip of 7 to 7,000
  snippets, and on 700 snippets with 20 to 1,000 classes.
- Grouping, NMS, segment and frame mAP of 20 to 1,000 classes, and of 10 to
  10,000 videos of some 600 frames, of made-up scores that lie in memory.
- Segment mAP of a thousand to a million detections: 100 in each video, of
  1,000 classes; and all of one class in one video, overlapping.
- Finding 200 to 20,000 prepared videos in a folder.
- `fsn train` on features of 200 to 20,000 prepared videos of 24 snippets, and
  on those of 200 videos with 20 to 1,000 classes: the whole command for one
  step and its checkpoint, with a temporal CNN of 16 filters.

The exponent is that of the growth between the two largest sizes: 1 is linear,
and below 1 a part that is the same for all sizes still counts. --most leaves
out sizes that are more than N times the smallest, --only what is called
otherwise. The first line is that of progress, or any other on stderr; it and
the seconds of all cores are those of the last command. Writes
benchmarks/growth.svg, or the file that --plot names.
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
from benchmarks.workers import shapes

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


@functools.cache
def prepared(folder: pathlib.Path, videos: int, classes: int) -> pathlib.Path:
    """Prepares random features; truth.csv lies beside them."""
    program = ROOT / "benchmarks" / "workers" / "random_features.py"
    made = folder / f"made{videos}_{classes}"
    contenders.command(program, made, videos, 24, 32, classes)
    contenders.command(
        *("-m", "fsn_tf", "prepare", "--stream=features"),
        *(f"--features={made / 'features'}", f"--out={made / 'prepared'}"),
    )
    return made


def finding(folder: pathlib.Path, sizes: list[int]) -> dict:
    """{videos: starts the index of so many prepared ones}."""
    return {
        videos: functools.partial(
            contenders.Worker,
            "growing_index",
            prepared(folder, videos, shapes.CLASSES) / "prepared",
        )
        for videos in sizes
    }


def training(folder: pathlib.Path, made: dict) -> dict:
    """{size: starts a run of one step} of {size: (videos, classes)}."""
    script = folder / "one_step.py"
    script.write_text(
        "from fsn_tf.experiment import Experiment\n\nEXPERIMENT = Experiment("
        'stream="features", temporal_filters=16, steps=1)\n'
    )
    found = {}
    for size, counts in made.items():
        place = prepared(folder, *counts)

        def turn(place=place):
            with tempfile.TemporaryDirectory(dir=folder) as workdir:
                return contenders.command(
                    *("-m", "fsn_tf", "train", f"--experiment={script}"),
                    f"--prepared={place / 'prepared'}",
                    f"--annotations={place / 'truth.csv'}",
                    f"--workdir={workdir}",
                )

        found[size] = lambda turn=turn: turn
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
            [200, 2000, 20_000],
        ),
        "train, prepared videos": (
            lambda sizes: training(
                folder, {n: (n, shapes.CLASSES) for n in sizes}
            ),
            [200, 2000, 20_000],
        ),
        "train, classes": (
            lambda sizes: training(folder, {n: (200, n) for n in sizes}),
            [20, 100, 1000],
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
        of_command = [
            tables.number(runs.facts[name]) if name in runs.facts else ""
            for name in ("first_seconds", "cpu_seconds")
        ]
        seconds = tables.spread(runs.seconds)
        found.append([what, f"{size:,}", *of_command, seconds, peak])
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
    parser.add_argument("--only", default="")
    parser.add_argument("--plot", type=pathlib.Path, default=PLOT)
    given = parser.parse_args()
    notes: list[str] = []
    measured, found = {}, []
    with tempfile.TemporaryDirectory() as name:
        for what, (make, sizes) in series(pathlib.Path(name)).items():
            if given.only not in what:
                continue
            sizes = [n for n in sizes if n <= given.most * sizes[0]]
            taken = contenders.compared(make(sizes), given.rounds, notes)
            found += rows(what, taken)
            measured[what] = {
                size: (statistics.median(runs.seconds), runs.peak_bytes)
                for size, runs in taken.items()
            }
    growth_plot.write(given.plot, measured)
    columns = ["what grows", "size", "first line, s", "CPU, s", "seconds"]
    columns += ["peak memory, MB"]
    columns += ["exponent of time", "of memory"]
    tables.show("Growth", tables.table(columns, found), notes=notes)
    print(f"![time and memory against size]({given.plot.name})")


if __name__ == "__main__":
    main()
