r"""Speed of optical flow and of preparing it, beside OpenCV, in one run.

    python -m benchmarks.flow [--video=FILE] [--rounds=5]

TV-L1 is computed for eight pairs of gray 340x256 frames that lie in memory, by
OpenCV and by TensorFlow, each in a process that is kept to one core; the bytes
that are stored are compared. Then `fsn prepare --stream=flow` prepares two
videos by DIS and by Farneback with one worker and with two, start included,
beside OpenCV's method alone on one core for as many pairs in memory: preparing
also decodes, resizes, encodes and writes. Without --video a texture that moves
is drawn.
"""

import argparse
import functools
import pathlib
import statistics
import tempfile

import cv2
import numpy as np

from benchmarks import before
from benchmarks import contenders
from benchmarks import drawn_videos
from benchmarks import prepare
from benchmarks import tables
from benchmarks.contenders import ROOT
from benchmarks.workers import shapes
from fsn_tf.videos import video_files

_TVL1_PAIRS = 8
# Of each of two videos.
_FRAMES = 500


def gray_frames(path: pathlib.Path, count: int, target: pathlib.Path) -> None:
    """Writes a video's first frames, (T, H, W) uint8."""
    frames, gray = (
        video_files.Video(path).frames(25, size=shapes.FRAME_SIZE),
        [],
    )
    for _, image in frames:
        gray.append(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
        if len(gray) == count:
            break
    np.save(target, np.stack(gray))


def tvl1(path: pathlib.Path, folder: pathlib.Path, rounds: int) -> None:
    """Compares TV-L1 on one core."""
    notes: list[str] = []
    gray_frames(path, _TVL1_PAIRS + 1, folder / "few.npy")
    methods = {"TensorFlow": "tvl1_tensorflow", "OpenCV": "tvl1"}
    makers = {
        name: functools.partial(
            contenders.Worker,
            *("flow_pairs", method, folder / "few.npy", folder / f"{name}.npy"),
        )
        for name, method in methods.items()
    }
    taken = contenders.compared(makers, rounds, notes)
    if "TensorFlow" in taken:
        theirs, ours = (
            np.load(folder / f"{name}.npy").astype(int)
            for name in ("OpenCV", "TensorFlow")
        )
        near = (abs(ours - theirs) <= 1).mean()
        same = (ours == theirs).mean()
        notes.append(
            f"bytes within 1 of OpenCV's: {near:.4%}; the same: {same:.2%}"
        )
    tables.show(
        "TV-L1 on one core",
        tables.times(
            taken, ["TensorFlow"], work=_TVL1_PAIRS, unit="pairs", memory=True
        ),
        notes=notes,
    )


def preparing(
    method: str, folder: pathlib.Path, rounds: int, tree, notes: list[str]
) -> None:
    """Compares preparing by a method with one worker and with two."""
    words = "--stream=flow", f"--flow={method}"
    makers = {
        f"fsn_tf, {workers} worker{'s' * (workers > 1)}": functools.partial(
            prepare.command, folder, workers, ROOT, *words
        )
        for workers in (1, 2)
    }
    if tree:
        makers["before, 2 workers"] = functools.partial(
            prepare.command, folder, 2, tree, *words
        )
    alone = functools.partial(
        contenders.Worker,
        *("flow_pairs", method, folder / "all.npy", folder / "flow.npy"),
    )
    started = {name: lambda it=it: it for name, it in makers.items()}
    started["OpenCV alone, one video of the two"] = alone
    taken = contenders.compared(started, rounds, mine := list(notes))
    one, two = (
        statistics.median(taken[name].seconds) for name in list(makers)[:2]
    )
    tables.show(
        f"Preparing flow by {method}",
        tables.times(taken, ["fsn_tf, 2 workers"], memory=True),
        notes=[*mine, f"two workers are {one / two:.2f} times as fast as one"],
    )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--video", help="of 25 fps and 20 seconds, or near")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    notes: list[str] = []
    tree = before.tree(notes)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        path = folder / "drawn.mp4"
        if given.video:
            path = pathlib.Path(given.video).resolve()
        else:
            drawn_videos.write(path, _FRAMES, (320, 240))
        tvl1(path, folder, given.rounds)
        (folder / "videos").mkdir()
        for number in range(2):
            (folder / "videos" / f"v{number}.mp4").symlink_to(path)
        gray_frames(path, _FRAMES, folder / "all.npy")
        for method in ("dis", "farneback"):
            preparing(method, folder, given.rounds, tree, notes)


if __name__ == "__main__":
    main()
