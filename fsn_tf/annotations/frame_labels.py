"""Files that give every frame of a video one class, such as 50 Salads'."""

from collections.abc import Collection
from collections.abc import Mapping
import dataclasses
import pathlib
import typing

import numpy as np

from fsn_tf import archives
from fsn_tf import errors
from fsn_tf import files
from fsn_tf import segments
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

_PREDICTED = "pred"


@dataclasses.dataclass(frozen=True)
class FrameLabels:
    """One class for every frame of a set of videos.

    Attributes:
        classes: K names; numbers where the source has no names.
        labels: {video: (F,) int, index into classes}.
    """

    classes: tuple[str, ...]
    labels: dict[str, np.ndarray]


class Scores(typing.Protocol):
    """What this module asks of the scores of a video."""

    @property
    def scores(self) -> np.ndarray:
        """(F, K) of every frame and class."""

    @property
    def classes(self) -> tuple[str, ...]:
        """K names."""


def read(path: pathlib.Path | str, *, predicted: bool = False) -> FrameLabels:
    """Reads frame labels.

    Args:
        path: A folder of VIDEO.txt, one class a line and a line a frame; or
            an .npz of joined videos with the arrays `length` (V,) and `label`
            (F,), and maybe `video` (V,) and `classes` (K,).
        predicted: Whether an .npz is read for its predictions, `pred` (F,) or
            else the largest of `scores` (F, K).

    Returns:
        FrameLabels.
    """
    path = pathlib.Path(path)
    if path.is_dir():
        return _from_texts(path)
    if path.suffix.lower() != ".npz":
        raise errors.InputError(
            f"{path}: expected a folder of VIDEO.txt files or an .npz file"
        )
    return _from_archive(path, _PREDICTED if predicted else "label")


def write_videos(
    path: pathlib.Path | str,
    source: pathlib.Path | str,
    videos: Collection[str],
) -> None:
    """Writes which of the videos of a source are meant.

    Of a folder of VIDEO.txt this is a list of these names, a line each, as
    MS-TCN's bundles are; of an .npz it is an .npz, whose arrays have what
    belongs to these videos, and names of all videos and classes.
    """
    if pathlib.Path(source).is_dir():
        lines = (f"{video}.txt\n" for video in sorted(videos))
        files.write_text(path, "".join(lines))
        return
    labels = read(source)
    names = list(labels.labels)
    is_kept = np.isin(names, list(videos))  # (V,)
    with archives.opened(source, "file of frame labels") as archive:
        arrays = {name: archive[name] for name in archive.files}
    arrays |= {"video": np.array(names), "classes": np.array(labels.classes)}
    of_frames = np.repeat(is_kept, arrays["length"])  # (F,)
    masks = {len(is_kept): is_kept, len(of_frames): of_frames}
    for name, values in arrays.items():
        if name != "classes" and values.ndim and len(values) in masks:
            arrays[name] = values[masks[len(values)]]
    with files.written_whole(path) as partial:
        np.savez(partial, **arrays)  # type: ignore[arg-type]


def read_largest(path: pathlib.Path | str) -> FrameLabels:
    """The class of the largest of the `scores` of every frame of an .npz."""
    return _from_archive(pathlib.Path(path), "scores")


def of_scores(scores: Mapping[str, Scores]) -> FrameLabels:
    """The most probable class of every frame.

    Args:
        scores: {video: its scores}, all of the same classes.
    """
    classes = next(iter(scores.values())).classes
    return FrameLabels(
        classes,
        {video: one.scores.argmax(axis=1) for video, one in scores.items()},
    )


def _from_texts(folder):
    named = {
        path.stem: [rows.name(*line) for line in _lines(path)]
        for path in sorted(folder.glob("*.txt"))
    }
    if not named:
        raise errors.InputError(f"{folder}: expected VIDEO.txt files, got none")
    for video, names in named.items():
        if not names:
            raise errors.InputError(f"{folder / video}.txt: no frame in it")
    classes = tuple(sorted({x for names in named.values() for x in names}))
    index = segments.index_of(classes)
    labels = {
        video: np.array([index[name] for name in names])
        for video, names in named.items()
    }
    return FrameLabels(classes, labels)


def _lines(path):
    """Yields (where, what, line); blank lines may only end a file."""
    blank: list[tuple[str, str, str]] = []
    for where, line in text_files.lines(path):
        if line.strip():
            yield from blank
            blank = []
            yield where, "a frame's class", line
        else:
            blank.append((where, "a frame's class", line))


def _from_archive(path, name):
    with archives.opened(path, "file of frame labels", ["length"]) as archive:
        if name == _PREDICTED and name not in archive.files:
            name = "scores"
        if name not in archive.files:
            raise errors.InputError(
                f"{path}: no {name!r} among its arrays {sorted(archive.files)}"
            )
        labels, classes = archive[name], None
        if name == "scores":
            labels = _largest(path, labels)
        if "classes" in archive.files:
            classes = tuple(map(str, archive["classes"]))
        _check(path, name, labels, classes)
        parts = archives.videos(archive, path, labels.astype(int), name)
    if classes is None:
        classes = tuple(map(str, range(int(labels.max()) + 1)))
    return FrameLabels(classes, parts)


def _largest(path, scores):
    if scores.ndim != 2 or scores.dtype.kind != "f" or not scores.size:
        raise errors.InputError(
            f"{path}: scores must be numbers of shape (frames, classes), not "
            f"{scores.dtype} of shape {scores.shape}"
        )
    bad = ~np.isfinite(scores).all(axis=1)
    if bad.any():
        raise errors.InputError(
            f"{path}: frame {bad.argmax()}: expected finite scores, got "
            f"{text_files.shown(scores[bad.argmax()].tolist())}"
        )
    return scores.argmax(axis=1)


def _check(path, name, labels, classes):
    archives.check_whole_numbers(path, name, labels)
    limit = np.inf if classes is None else len(classes)
    bad = (labels < 0) | (labels >= limit)
    if bad.any():
        raise errors.InputError(
            f"{path}: frame {bad.argmax()}: expected a class from 0"
            f"{'' if classes is None else f' to {limit - 1}'}, got "
            f"{labels[bad.argmax()]}"
        )
