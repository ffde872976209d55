r"""Speed of the input of training, JPEG to crops, beside OpenCV, in one run.

    python -m benchmarks.decoding [--rounds=5] [--video=FILE]

A video of a minute, drawn without --video, is prepared at 340x256. Then
batches of 12 clips of 7 crops of 224x224 are drawn as `fsn train` draws them,
by the code as it is and as it was. OpenCV decodes, cuts, resizes and mirrors
as many in a thread for each core, from one JPEG of the same video that lies in
memory: it reads no file and draws no schedule.
"""

import argparse
import functools
import pathlib
import tempfile

import cv2

from benchmarks import before
from benchmarks import contenders
from benchmarks import drawn_videos
from benchmarks import tables
from benchmarks.contenders import ROOT
from benchmarks.workers import shapes

_SECONDS = 60


def _jpeg(video, folder):
    """A frame of the video as fsn prepare stores it."""
    _, image = cv2.VideoCapture(str(video)).read()
    path = folder / "frame.jpg"
    image = cv2.resize(image, shapes.FRAME_SIZE)
    cv2.imwrite(str(path), image, [cv2.IMWRITE_JPEG_QUALITY, 95])
    return path


def _batches(folder, truth, tree):
    """A tree's batches from what its own fsn prepare writes."""
    prepared = folder / "prepared" / tree.name
    contenders.command(
        *("-m", "fsn_tf", "prepare", f"--videos={folder / 'videos'}"),
        f"--out={prepared}",
        tree=tree,
    )
    words = "training_input", prepared, truth
    return functools.partial(contenders.Worker, *words, tree=tree)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--video", help="of a minute or more")
    given = parser.parse_args()
    notes: list[str] = []
    tree = before.tree(notes)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        path = pathlib.Path(given.video or folder / "drawn.mp4").resolve()
        if not given.video:
            frames = _SECONDS * drawn_videos.FPS
            drawn_videos.write(path, frames, (320, 240))
        (folder / "videos").mkdir()
        (folder / "videos" / "v.mp4").symlink_to(path)
        truth = folder / "truth.csv"
        truth.write_text(f"video,label,start,end\nv,a,0,{_SECONDS - 1}\n")
        makers = {"fsn_tf": _batches(folder, truth, ROOT)}
        if tree:
            makers["before"] = _batches(folder, truth, tree)
        makers["OpenCV"] = functools.partial(
            contenders.Worker, "opencv_input", _jpeg(path, folder)
        )
        taken = contenders.compared(makers, given.rounds, notes)
    images = shapes.INPUT_BATCHES * shapes.INPUT_CLIPS * shapes.SNIPPETS
    tables.show(
        "JPEG of 340x256 to crops of 224x224",
        tables.times(
            taken, ["fsn_tf"], work=images, unit="images", memory=True
        ),
        notes=notes,
    )


if __name__ == "__main__":
    main()
