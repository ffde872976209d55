r"""Memory and speed of `fsn localize` on a short and on a long video.

    python -m benchmarks.memory [--minutes=2,120] [--rounds=3] [--size=112x84]

Draws both videos, which show the same content, and exports networks with
random weights: FSNs of 20 actions with the tiny backbone, one for RGB and one
for flow by DIS. Each localization is a command of its own, as a user types
it: its peak memory is what the system says of the process when it has ended.
Speed is in multiples of real time, of the whole command, TensorFlow's start
included; beside it is that of a process that only reads the frames at the
rate and size of the networks, which no localization can beat that decodes on
the same core. Both run in turns; printed are medians and ranges.
"""

import argparse
import functools
import pathlib
import statistics
import tempfile

from benchmarks import contenders
from benchmarks import drawn_videos
from benchmarks import tables
from benchmarks.contenders import ROOT

# Only reads the frames that localizing RGB, or flow too, must read.
_DECODE = """
import sys
from fsn_tf.videos import video_files
path, width, height, period = sys.argv[1], *map(int, sys.argv[2:])
source = video_files.Video(path)
for _ in source.frames(
    25, size=(width, height), period=period, phase=period // 2
):
    pass
"""


def localized(model: pathlib.Path, path: pathlib.Path, *more: str) -> dict:
    """One `fsn localize`, into a folder that is new."""
    with tempfile.TemporaryDirectory(dir=path.parent) as out:
        words = f"--model={model}", f"--video={path}", f"--out={out}"
        return contenders.command("-m", "fsn_tf", "localize", *words, *more)


def kinds(both: pathlib.Path, size: tuple[int, int]) -> dict:
    """{what: function of a video}."""

    def decoding(period, path):
        return contenders.command("-c", _DECODE, path, *size, period)

    def localizing(*words):
        return lambda path: localized(words[0], path, *words[1:])

    return {
        "decoding": functools.partial(decoding, 5),
        "decoding all": functools.partial(decoding, 1),
        "RGB": localizing(both / "rgb", "--nopage"),
        "two streams": localizing(both, "--nopage"),
        "flow": localizing(both / "flow", "--nopage"),
        "RGB, page": localizing(both / "rgb"),
    }


def export(folder: pathlib.Path, size: tuple[int, int]) -> pathlib.Path:
    """Exports both networks; returns the folder of both."""
    program = ROOT / "benchmarks" / "workers" / "random_models.py"
    made, streams = folder / "made", ("rgb", "flow")
    contenders.command(program, made, "tiny", 72, *size, *streams)
    workdirs = ",".join(str(made / stream) for stream in streams)
    words = f"--workdir={workdirs}", f"--out={folder / 'both'}"
    contenders.command("-m", "fsn_tf", "export", *words)
    return folder / "both"


def rows(taken: dict, names: list[str], lengths: list[float]) -> list:
    """A row for each kind and length."""
    found = []
    for name in names:
        shortest = taken[name, lengths[0]].peak_bytes
        for minutes in lengths:
            runs = taken[name, minutes]
            speeds = [60 * minutes / seconds for seconds in runs.seconds]
            found.append(
                [
                    name,
                    f"{minutes:g}",
                    tables.spread(runs.seconds),
                    tables.number(statistics.median(speeds)),
                    f"{runs.peak_bytes / 1e6:.1f}",
                    f"{runs.peak_bytes / shortest:.3f}",
                ]
            )
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", default="2,120", help="short, long")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", default="112x84")
    given = parser.parse_args()
    width, height = map(int, given.size.split("x"))
    lengths = [float(each) for each in given.minutes.split(",")]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        both = export(folder, (width, height))
        paths = {minutes: folder / f"{minutes:g}.mp4" for minutes in lengths}
        for minutes, path in paths.items():
            frames = round(minutes * 60 * drawn_videos.FPS)
            drawn_videos.write(path, frames, (width, height))
        measured = kinds(both, (width, height))
        turns = {
            (kind, minutes): functools.partial(measured[kind], paths[minutes])
            for kind in measured
            for minutes in lengths
        }
        taken = contenders.turns(turns, given.rounds)
    columns = ["", "minutes", "seconds", "x real time"]
    columns += ["peak memory, MB", "of that of the shortest"]
    found = rows(taken, list(measured), lengths)
    tables.show("Two videos, tiny networks", tables.table(columns, found))


if __name__ == "__main__":
    main()
