r"""Speed of preparing flow, beside OpenCV's flow alone, in one run.

    python -m benchmarks.flow [--video=FILE] [--frames=100] [--rounds=5]

The limit is a loop that calls OpenCV's method on gray 340x256 frames that lie
in memory. Preparing also decodes and resizes the video, and quantizes, encodes
and writes the flow. Both run on one core, in turns, for the same pairs of
frames; printed are medians and ranges of milliseconds a pair, and the ratio of
the medians. Without --video a texture that moves is drawn.
"""

import argparse
import pathlib
import statistics
import tempfile
import time

import cv2
import numpy as np

from fsn_tf.snippets import preparation
from fsn_tf.snippets import video_writing
from fsn_tf.videos import flow
from fsn_tf.videos import video_files

SIZE = (340, 256)
FPS = 25


def drawn_video(path, num_frames):
    """Writes 320x240 frames of a texture that moves to and fro."""
    noise = np.random.default_rng(0).normal(size=(400, 400))
    texture = np.clip(128 + 400 * cv2.GaussianBlur(noise, (0, 0), 3), 0, 255)
    codec = cv2.VideoWriter_fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), codec, FPS, (320, 240))
    for frame in range(num_frames):
        left, top = (40 + 35 * np.sin(frame / np.array([7, 5]))).round()
        part = texture[int(top) :, int(left) :][:240, :320]
        writer.write(np.repeat(part[..., None], 3, axis=2).astype(np.uint8))
    writer.release()


def first_frames(path, folder, num_frames):
    """Writes a video's first frames at 25 fps; returns (path, gray frames)."""
    cut, gray = folder / "cut.mp4", []
    codec, writer = cv2.VideoWriter_fourcc(*"mp4v"), None
    for frame, image in video_files.Video(path).frames(FPS):
        if frame == num_frames:
            break
        size = image.shape[1::-1]
        writer = writer or cv2.VideoWriter(str(cut), codec, FPS, size)
        writer.write(image[..., ::-1])
    writer.release()
    for _, image in video_files.Video(cut).frames(FPS, size=SIZE):
        gray.append(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY))
    return cut, gray


def measure(method, path, gray, rounds):
    """{what: seconds a pair of each round} of one method."""
    taken = {"OpenCV alone": [], "prepared": []}
    settings = preparation.Settings("flow", method)
    for _ in range(rounds):
        start = time.perf_counter()
        for first, second in zip(gray[:-1], gray[1:], strict=True):
            flow.OPENCV[method](first, second)
        between = time.perf_counter()
        target = path.parent / "flow" / f"{path.stem}.tfrecord"
        video_writing.write_video(path, target, settings)
        end = time.perf_counter()
        pairs = len(gray) - 1
        taken["OpenCV alone"].append((between - start) / pairs)
        taken["prepared"].append((end - between) / pairs)
    return taken


def main():
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--video", help="of 25 fps, or near")
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        path = given.video
        if path is None:
            path = folder / "drawn.mp4"
            drawn_video(path, given.frames)
        # TV-L1 is so slow that a few pairs tell its speed.
        for method, frames, rounds in (
            ("dis", given.frames, given.rounds),
            ("farneback", given.frames, given.rounds),
            ("tvl1", min(given.frames, 6), min(given.rounds, 3)),
        ):
            cut, gray = first_frames(path, folder, frames)
            show(method, measure(method, cut, gray, rounds))


def show(method, taken):
    """Prints a line for each measurement of one method."""
    medians = {}
    for what, seconds in taken.items():
        milliseconds = 1000 * np.array(seconds)
        medians[what] = statistics.median(milliseconds)
        print(
            f"{method:<10} {what:<13} {medians[what]:8.1f} ms a pair  "
            f"({milliseconds.min():.1f} to {milliseconds.max():.1f})"
        )
    ratio = medians["prepared"] / medians["OpenCV alone"]
    print(f"{method:<10} prepared / OpenCV alone {ratio:.2f}")


if __name__ == "__main__":
    main()
