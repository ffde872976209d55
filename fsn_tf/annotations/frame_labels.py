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
from fsn_tf.annotations import mstcn
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

_PREDICTED = "pred"

# Of classes without names; more would be a mistake, and a name is made of each.
_MOST_NUMBERS = 2**16


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


def read(
    path: pathlib.Path | str,
    *,
    predicted: bool = False,
    mapping: pathlib.Path | str | None = None,
    videos: pathlib.Path | str | None = None,
) -> FrameLabels:
    """Reads frame labels.

    Args:
        path: A folder of VIDEO.txt, one class a line and a line a frame; or
            an .npz of joined videos with the arrays `length` (V,) and `label`
            (F,), and maybe `video` (V,) and `classes` (K,).
        predicted: Whether an .npz is read for its predictions, `pred` (F,) or
            else the largest of `scores` (F, K). A folder may then hold
            MS-TCN's predictions as well.
        mapping: For a folder, MS-TCN's list of its classes, `INDEX CLASS` a
            line; None takes the classes that occur, in name order.
        videos: For a folder, MS-TCN's list of the videos to read, `VIDEO.txt`
            a line; None reads all.

    Returns:
        FrameLabels.
    """
    path = pathlib.Path(path)
    if path.is_dir():
        return _from_texts(path, predicted, mapping, videos)
    if mapping is not None or videos is not None:
        raise errors.UsageError(
            f"{path}: expected a folder of VIDEO.txt files to go with a list "
            "of classes or of videos"
        )
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


def background_names(
    background: str | None, classes: Collection[str]
) -> list[str]:
    """The classes that are no action.

    Args:
        background: None, a class, or several with commas between them.
        classes: K names.

    Returns:
        Names, not all of which need be among the classes.
    """
    if background is None:
        return []
    # A name may have a comma of its own.
    return [background] if background in classes else background.split(",")


def only_background(
    background: str | None, classes: Collection[str]
) -> str | None:
    """The class that a network learns as background.

    Args:
        background, classes: As for background_names.

    Returns:
        A name; None where there is no background, or there are several: then
        each is learned as a class like any other.

    Raises:
        InputError: One is not among the classes.
    """
    names = background_names(background, classes)
    for name in names:
        if name not in classes:
            raise errors.InputError(
                f"background: expected one of {', '.join(classes)}; got "
                f"{name!r}"
            )
    return names[0] if len(names) == 1 else None


def _from_texts(folder, predicted, mapping, videos):
    listed = None if videos is None else mstcn.videos(videos)
    named = {
        video: mstcn.frames(path)
        for video, path in mstcn.files(
            folder, listed, predicted=predicted
        ).items()
    }
    if mapping is not None:
        classes = mstcn.classes(mapping)
    else:
        names = {name for placed in named.values() for _, name in placed}
        classes = tuple(sorted(names))
    index = segments.index_of(classes)
    for placed in named.values():
        for where, name in placed:
            if name not in index:
                raise rows.unknown(where, classes, name)
    labels = {
        video: np.array([index[name] for _, name in placed])
        for video, placed in named.items()
    }
    return FrameLabels(classes, labels)


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
            classes = archives.names(path, "classes", archive["classes"])
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
    limit = _MOST_NUMBERS if classes is None else len(classes)
    bad = (labels < 0) | (labels >= limit)
    if bad.any():
        raise errors.InputError(
            f"{path}: frame {bad.argmax()}: expected a class from 0 to "
            f"{limit - 1}, got {labels[bad.argmax()]}"
        )
