r"""Time of `fsn prepare --stream=rgb`, beside a loop of OpenCV, in one run.

    python -m benchmarks.prepare [--rounds=5] [--seconds=210] [--video=FILE]

One video of 320x240, drawn without --video, is prepared at 340x256 by a
command, start included: by the code as it is, with one worker and with two,
and by the code as it was. The loop of OpenCV is a process too; it grabs every
frame and retrieves, resizes and encodes one of five. `first word` is the time
until the command first wrote a line of progress.
"""

import argparse
import functools
import pathlib
import statistics
import tempfile

from benchmarks import before
from benchmarks import contenders
from benchmarks import drawn_videos
from benchmarks import tables
from benchmarks.contenders import ROOT

LOOP = "OpenCV's loop"


def command(
    folder: pathlib.Path, workers: int, tree: pathlib.Path, *words: str
) -> dict:
    """One fsn prepare of FOLDER/videos, into a folder that is new."""
    with tempfile.TemporaryDirectory(dir=folder) as out:
        return contenders.command(
            *("-m", "fsn_tf", "prepare", f"--videos={folder / 'videos'}"),
            *(f"--workers={workers}", f"--out={out}", *words),
            tree=tree,
        )


def loop(folder: pathlib.Path) -> dict:
    """One process with a loop of OpenCV."""
    program = ROOT / "benchmarks" / "workers" / "opencv_prepare.py"
    (video,) = (folder / "videos").iterdir()
    return contenders.command(program, video, folder / "loop")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=210)
    parser.add_argument("--video")
    given = parser.parse_args()
    notes: list[str] = []
    tree = before.tree(notes)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "videos").mkdir()
        path = folder / "videos" / "drawn.mp4"
        if given.video:
            path.symlink_to(pathlib.Path(given.video).resolve())
        else:
            frames = round(given.seconds * drawn_videos.FPS)
            drawn_videos.write(path, frames, (320, 240))
        one = functools.partial(command, folder)
        turns = {
            "fsn_tf, 1 worker": lambda: one(1, ROOT),
            "fsn_tf, 2 workers": lambda: one(2, ROOT),
            LOOP: lambda: loop(folder),
        }
        if tree:
            turns["before, 1 worker"] = lambda: one(1, tree)
        taken = contenders.turns(turns, given.rounds)
    seconds = statistics.median(taken["fsn_tf, 1 worker"].seconds)
    beyond = (seconds - 1) / statistics.median(taken[LOOP].seconds)
    notes.append(
        f"fsn_tf with one worker takes {beyond:.2f} times {LOOP} and a second"
    )
    notes += [
        f"{name}: first word after {runs.facts['first_seconds']:.2f} s"
        for name, runs in taken.items()
        if name != LOOP
    ]
    tables.show(
        "One video, a frame of every five",
        tables.times(taken, ["fsn_tf, 1 worker"], memory=True),
        notes=notes,
    )


if __name__ == "__main__":
    main()
