"""A folder of videos with an ActivityNet JSON: parts, snippets, features."""

from collections.abc import Callable
import json
import math
import pathlib

import numpy as np

from fsn_tf import annotations as ground_truth
from fsn_tf import files
from fsn_tf import quietly
from fsn_tf import segments
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.paper import urfd_rows

TRAINING, TEST = "training", "test"
# What annotations.json calls a training video that a part does without.
_LEFT_OUT = "left out"

# That of UR Fall's cameras.
_FPS = 30
# Nearly the whole picture is seen, squeezed: the 2D CNN takes 224 of 256.
_SIZE = "256x256"


def annotations_path(data: pathlib.Path) -> pathlib.Path:
    """Where the annotations of a folder lie."""
    return data / "annotations.json"


def check(data: pathlib.Path) -> dict[str, segments.Annotations]:
    """{subset: its annotations}, of the training and the test videos.

    Raises:
        InputError: The folder has no videos, or no such subsets.
    """
    if not (data / "videos").is_dir():
        raise InputError(
            f"{data}: expected a folder with videos/ and annotations.json"
        )
    return {
        subset: ground_truth.read(annotations_path(data), subset=subset)
        for subset in (TRAINING, TEST)
    }


def prepare(
    data: pathlib.Path,
    weights: pathlib.Path,
    workdir: pathlib.Path,
    names: list[str],
    run: Callable[..., None],
) -> None:
    """Keeps what a 2D CNN sees in both streams of every video.

    Args:
        data: Folder with videos/.
        weights: File that import-weights wrote, or may read.
        workdir: Folder for snippets and features.
        names: Of the annotated videos.
        run: (command, **flags) -> None, runs one command of `fsn`.

    Raises:
        InputError: A video or the weights cannot be read.
    """
    for stream in urfd_rows.STREAMS:
        out = feature_folder(workdir, stream)
        kept = {path.stem for path in (out / "features").glob("[!.]*.json")}
        if set(names) <= kept:
            continue
        run(
            "prepare",
            videos=data / "videos",
            out=workdir / "prepared",
            stream=stream,
            fps=_FPS,
            size=_SIZE,
            # The quick method; the paper's takes hours on a CPU.
            **({"flow": "dis"} if stream == "flow" else {}),
        )
        _keep_features(stream, _imported(weights, workdir, run), workdir)


def _imported(weights, workdir, run):
    """The weights as a file that training starts from."""
    if weights.name.endswith(".weights.h5"):
        return weights
    imported = workdir / "rgb.weights.h5"
    if not imported.exists():
        run("import-weights", source=weights, out=imported)
    return imported


def _keep_features(stream, weights, workdir):
    features = quietly.imported("fsn_tf.prediction.features")
    experiment = Experiment(
        stream=stream, backbone="EfficientNetLite0", init_from=str(weights)
    )
    out = feature_folder(workdir, stream)
    print(f"\n{out}: what {weights} sees in {stream}", flush=True)
    if features.from_weights(experiment, workdir / "prepared", out):
        raise InputError(f"{out}: not all features could be made; see above")


def feature_folder(workdir: pathlib.Path, stream: str) -> pathlib.Path:
    """Where the features of a stream lie."""
    return workdir / "features" / stream


def write_part(
    data: pathlib.Path, out: pathlib.Path, percent: int, seed: int
) -> pathlib.Path:
    """Writes annotations that leave out some of the training videos.

    Videos with the same classes are drawn from together, each kind in
    proportion and at least one of it, so that no class gets lost. A part of
    the same seed contains every smaller one.

    Args:
        data: Folder with annotations.json.
        out: Folder to write to.
        percent: Share of the training videos that stay.
        seed: Of the draw.

    Returns:
        Path of the file.
    """
    path = out / f"{percent}-percent-seed-{seed}.json"
    source = annotations_path(data)
    content = json.loads(source.read_text(encoding="utf-8"))
    truth = ground_truth.read(source, subset=TRAINING)
    chosen = part(truth, percent, seed)
    for video in truth.videos:
        if video not in chosen:
            content["database"][video]["subset"] = _LEFT_OUT
    files.write_json(path, content)
    return path


def part(truth: segments.Annotations, percent: int, seed: int) -> set[str]:
    """Names of some of the videos, see `write_part`."""
    shown: dict[str, set[str]] = {video: set() for video in truth.videos}
    for one in truth.instances:
        shown[one.video].add(one.label)
    kinds: dict[tuple[str, ...], list[str]] = {}
    for video in sorted(shown):
        kinds.setdefault(tuple(sorted(shown[video])), []).append(video)
    rng = np.random.default_rng(seed)
    chosen: set[str] = set()
    for kind in sorted(kinds):
        order = rng.permutation(kinds[kind]).tolist()
        count = max(math.floor(len(order) * percent / 100 + 0.5), 1)
        chosen |= set(order[:count])
    return chosen
