r"""Time of `fsn localize`, beside its network and decoding alone, in one run.

    python -m benchmarks.localize [--rounds=5] [--seconds=210] [--video=FILE]

One video of 320x240, drawn without --video, is localized by a BN-Inception FSN
with random weights, start included, without the page: by the SavedModel of the
code as it is, of bfloat16 and in ONNX form where it takes them, and by that of
the code as it was. `start-up` is the time of the same command on a video of a
second. Network and decoding are the features of as many snippets, and the
reading of the frames, each alone in a process that is warm; their sum, and the
larger of them, are the limit of the time after start-up without and with
overlap.
"""

import argparse
import functools
import pathlib
import statistics
import tempfile

from benchmarks import before
from benchmarks import contenders
from benchmarks import drawn_videos
from benchmarks import inference
from benchmarks import tables
from benchmarks.contenders import ROOT
from benchmarks.workers import shapes

_NETWORK, _DECODING = "network alone", "decoding alone"


def localized(
    model: pathlib.Path, video: pathlib.Path, tree: pathlib.Path
) -> dict:
    """One fsn localize into a folder that is new."""
    with tempfile.TemporaryDirectory(dir=model.parent) as out:
        return contenders.command(
            *("-m", "fsn_tf", "localize", "--nopage"),
            *(f"--model={model}", f"--video={video}", f"--out={out}"),
            tree=tree,
        )


def turns(
    folder: pathlib.Path, videos: dict, tree, notes: list[str]
) -> dict[str, contenders.Turn]:
    """{name: a turn}: each model on each video."""
    found: dict[str, contenders.Turn] = {}
    for model, name, code in (
        ("float32", "fsn_tf", ROOT),
        ("bfloat16", "fsn_tf, bfloat16", ROOT),
        ("onnx", "fsn_tf, ONNX", ROOT),
        ("before", "before", tree),
    ):
        if not (folder / model).is_dir():
            continue
        try:
            localized(folder / model, videos["a second"], code)
        except RuntimeError as error:
            notes.append(f"{name}: left out, {error}.")
            continue
        for length, video in videos.items():
            found[f"{name}, {length}"] = functools.partial(
                localized, folder / model, video, code
            )
    return found


def limits(taken: dict, whole: str) -> list[str]:
    """Lines that compare the time after start-up with the limits."""
    medians = {
        name: statistics.median(runs.seconds) for name, runs in taken.items()
    }
    bounds = medians[_NETWORK], medians[_DECODING]
    lines = []
    for name in ("fsn_tf", "before"):
        if f"{name}, {whole}" not in medians:
            continue
        after = medians[f"{name}, {whole}"] - medians[f"{name}, a second"]
        lines.append(
            f"{name}: {after:.2f} s after start-up; the sum of the float32 "
            f"network's and decoding's limit is {sum(bounds) / after:.2f} of "
            f"it, the larger {max(bounds) / after:.2f}"
        )
    lines += [
        f"{name}: first word after {runs.facts['first_seconds']:.2f} s"
        for name, runs in taken.items()
        if name.endswith(whole)
    ]
    return lines


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=210)
    parser.add_argument("--video", help="of that many seconds")
    given = parser.parse_args()
    notes: list[str] = []
    tree = before.tree(notes)
    whole = f"{given.seconds} s"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        inference.exports(folder, tree, notes)
        videos = {"a second": folder / "short.mp4", whole: folder / "long.mp4"}
        drawn_videos.write(videos["a second"], drawn_videos.FPS, (320, 240))
        if given.video:
            videos[whole] = pathlib.Path(given.video).resolve()
        else:
            frames = given.seconds * drawn_videos.FPS
            drawn_videos.write(videos[whole], frames, (320, 240))
        snippets = given.seconds * drawn_videos.FPS // shapes.SNIPPET_FRAMES
        commands = turns(folder, videos, tree, notes)
        network = functools.partial(
            contenders.Worker,
            *("features_of_images", folder / "float32", snippets),
        )
        decoding = functools.partial(
            contenders.Worker,
            *("decode", videos[whole], *shapes.FRAME_SIZE),
            shapes.SNIPPET_FRAMES,
        )
        makers = {name: lambda it=it: it for name, it in commands.items()}
        makers |= {_NETWORK: network, _DECODING: decoding}
        taken = contenders.compared(makers, given.rounds, notes)
    tables.show(
        "One video, RGB",
        tables.times(taken, [f"fsn_tf, {whole}"], memory=True),
        notes=notes + limits(taken, whole),
    )


if __name__ == "__main__":
    main()
