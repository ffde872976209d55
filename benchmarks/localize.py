r"""Memory and speed of `fsn localize` on a short and on a long video.

    python -m benchmarks.localize [--minutes=2,120] [--rounds=3] [--size=112x84]

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
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import cv2
import numpy as np

FPS = 25
_LOOP_FRAMES = 250

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


def drawn_video(path, minutes, size):
    """Writes a texture that moves in a loop of ten seconds."""
    noise = np.random.default_rng(0).normal(size=(400, 400))
    texture = np.clip(128 + 400 * cv2.GaussianBlur(noise, (0, 0), 3), 0, 255)
    frames = []
    for frame in range(_LOOP_FRAMES):
        turn = 2 * np.pi * frame / _LOOP_FRAMES
        left, top = (20 + 19 * np.sin(turn * np.array([7, 5]))).round()
        part = texture[int(top) :, int(left) :][:240, :320]
        image = cv2.resize(part.astype(np.uint8), size)
        frames.append(np.repeat(image[..., None], 3, axis=2))
    codec = cv2.VideoWriter_fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), codec, FPS, size)
    for frame in range(round(minutes * 60 * FPS)):
        writer.write(frames[frame % _LOOP_FRAMES])
    writer.release()


def measured(*words):
    """(seconds, peak bytes) of a Python process."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *map(str, words)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{words} failed")
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - start, usage.ru_maxrss * unit


def localized(model, path, *more):
    """The same of one `fsn localize`, into a folder that is new."""
    with tempfile.TemporaryDirectory(dir=path.parent) as out:
        words = ("-m", "fsn_tf", "localize", f"--model={model}")
        return measured(*words, f"--video={path}", f"--out={out}", *more)


def show(name, minutes, runs):
    """Prints a line; returns the median of the peaks."""
    seconds, peaks = map(np.array, zip(*runs, strict=True))
    speeds = 60 * minutes / seconds
    peak = statistics.median(peaks) / 1e6
    print(
        f"{name:<12} {minutes:6g} min  {peak:8.1f} MB "
        f"({peaks.min() / 1e6:.1f} to {peaks.max() / 1e6:.1f})  "
        f"{statistics.median(speeds):7.1f} x real time "
        f"({speeds.min():.1f} to {speeds.max():.1f})",
        flush=True,
    )
    return peak


def main():
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", default="2,120", help="short, long")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", default="112x84")
    given = parser.parse_args()
    size = tuple(map(int, given.size.split("x")))
    lengths = [float(each) for each in given.minutes.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        # In a process of its own: a child of a large process counts its peak.
        measured("-m", "benchmarks.random_models", folder, *size)
        paths = {minutes: folder / f"{minutes:g}.mp4" for minutes in lengths}
        for minutes, path in paths.items():
            drawn_video(path, minutes, size)
        both = folder / "both"
        kinds = {
            "decoding": lambda path: measured("-c", _DECODE, path, *size, 5),
            "decoding all": lambda path: measured(
                "-c", _DECODE, path, *size, 1
            ),
            "RGB": lambda path: localized(both / "rgb", path, "--nopage"),
            "two streams": lambda path: localized(both, path, "--nopage"),
            "flow": lambda path: localized(both / "flow", path, "--nopage"),
            "RGB, page": lambda path: localized(both / "rgb", path),
        }
        runs = {(kind, each): [] for kind in kinds for each in lengths}
        for _ in range(given.rounds):
            for (kind, minutes), taken in runs.items():
                taken.append(kinds[kind](paths[minutes]))
                seconds, peak = taken[-1]
                print(
                    f"{kind}, {minutes:g} min: {seconds:.1f} s, "
                    f"{peak / 1e6:.1f} MB",
                    file=sys.stderr,
                )
        for kind in kinds:
            peaks = [
                show(kind, minutes, runs[kind, minutes]) for minutes in lengths
            ]
            print(f"{kind:<12} long / short: {peaks[-1] / peaks[0]:.3f}")


if __name__ == "__main__":
    main()
