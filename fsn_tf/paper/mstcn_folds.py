"""Folds of a data set in MS-TCN's folder layout, each with own features.

DATA/groundTruth/VIDEO.txt, DATA/mapping.txt
DATA/splits/train.NAME.bundle, DATA/splits/test.NAME.bundle
DATA/features/NAME/VIDEO.npy, or DATA/features/VIDEO.npy for all folds
"""

import pathlib

from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import mstcn
from fsn_tf.errors import InputError
from fsn_tf.paper import cross_validation
from fsn_tf.prediction import features

_LAYOUT = "DT"


def prepare(
    data: pathlib.Path | str, prepared: pathlib.Path | str
) -> tuple[
    dict[str, cross_validation.Fold], frame_labels.FrameLabels, str | None
]:
    """Prepares the features of every fold, apart from the other folds'.

    Args:
        data: Folder of the data set.
        prepared: Folder to write to; each fold has a folder of its own.

    Returns:
        ({name: Fold}, labels of all videos, "background" where that is a
        class or else None).

    Raises:
        InputError: The folder is not of that layout, a video is learned from
            and tested in one fold, or tested in two, or features fail.
    """
    data, folds = pathlib.Path(data), {}
    labels = frame_labels.read(
        data / "groundTruth", mapping=data / "mapping.txt"
    )
    lists = _lists(data / "splits", labels)
    of_folds = [data / "features" / name for name in lists]
    # One network never sees what another fold's CNN made of a video.
    own = any(folder.is_dir() for folder in of_folds)
    for (name, (learned, tested)), folder in zip(
        lists.items(), of_folds, strict=True
    ):
        out = pathlib.Path(prepared) / name
        _store(folder if own else data / "features", out)
        folds[name] = cross_validation.Fold(out, learned, tested)
    background = "background" if "background" in labels.classes else None
    return folds, labels, background


def _store(source, out):
    if not source.is_dir():
        raise InputError(f"{source}: no such folder of features")
    # One column is one frame; how long it lasts plays no part here.
    failed = features.from_arrays(
        source, out, fps=1, snippet_frames=1, layout=_LAYOUT
    )
    if failed:
        raise InputError(f"{source}: {failed} videos failed; see above")


def _lists(folder, labels):
    """{name of a fold: (videos to learn from, videos to test)}."""
    names = [
        path.name.removeprefix("train.").removesuffix(".bundle")
        for path in folder.glob("train.*.bundle")
    ]
    if not names:
        raise InputError(f"{folder}: expected train.NAME.bundle, got none")
    lists, tested_before = {}, {}
    # split10 comes after split9.
    for name in sorted(names, key=lambda name: (len(name), name)):
        learned, tested = (
            mstcn.videos(folder / f"{part}.{name}.bundle")
            for part in ("train", "test")
        )
        for video, where in [*learned.items(), *tested.items()]:
            if video not in labels.labels:
                raise InputError(f"{where}: {video} has no labels")
        for video, where in tested.items():
            other = learned.get(video) or tested_before.get(video)
            if other:
                raise InputError(f"{where}: {video} is in {other} as well")
        tested_before |= tested
        lists[name] = tuple(learned), tuple(tested)
    return lists
