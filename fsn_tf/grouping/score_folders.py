"""Folders of score files: those of one stream, or of several fused."""

from collections import abc
import dataclasses
import pathlib

import numpy as np

from fsn_tf import errors
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import fusion as fusions
from fsn_tf.segments import names


def read_folder(
    folder: pathlib.Path | str,
) -> dict[str, frame_scores.FrameScores]:
    """Reads every score file of a folder: {video: FrameScores}, by name."""
    return fuse([folder])


def fuse(
    folders: abc.Sequence[pathlib.Path | str],
    weights: abc.Sequence[float] | None = None,
    *,
    fusion: str = "probabilities",
) -> dict[str, frame_scores.FrameScores]:
    """Weighted mean of the scores of several streams (choice C17).

    Args:
        folders: One folder of score files per stream, of the same videos.
        weights: One number per folder; equal weights if None.
        fusion: Of what the mean is taken, a key of fusion.FUSIONS.

    Returns:
        {video: FrameScores} in name order.

    Raises:
        InputError: A file is broken, or the folders do not fit each other.
    """
    return dict(Fused(folders, weights, fusion=fusion))


class Fused(abc.Mapping):
    """What fuse returns, with the files of a video read as it is asked for.

    Args and raises: Those of fuse; a broken file when its turn comes.
    """

    def __init__(
        self,
        folders: abc.Sequence[pathlib.Path | str],
        weights: abc.Sequence[float] | None = None,
        *,
        fusion: str = "probabilities",
    ):
        shares = np.ones(len(folders)) if weights is None else np.array(weights)
        if shares.shape != (len(folders),) or not are_weights(shares):
            raise errors.InputError(
                f"{len(folders)} score folders need as many weights, 0 or "
                f"more and not all 0; got {shares.tolist()}"
            )
        self._shares, self._fusion = shares / shares.sum(), fusion
        self._paths = _common_videos(folders)
        path = next(iter(self._paths.values()))[0]
        self._first = path, frame_scores.read(path)

    def __getitem__(self, video: str) -> frame_scores.FrameScores:
        streams = _streams(self._paths[video], self._first)
        if len(streams) == 1:
            return streams[0]
        mean = fusions.FUSIONS[self._fusion](
            [stream.scores for stream in streams], self._shares
        )
        return dataclasses.replace(streams[0], scores=mean)

    def __iter__(self) -> abc.Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, video: object) -> bool:
        return video in self._paths


def are_weights(weights: abc.Sequence[float] | np.ndarray) -> bool:
    """Whether numbers can weigh a mean: finite, 0 or more, not all 0."""
    weights = np.asarray(weights, float)
    return bool(np.isfinite(weights).all() and (weights >= 0).all()) and bool(
        weights.any()
    )


def read_folders(
    *folders: pathlib.Path | str,
    weights: abc.Sequence[float] | None = None,
    fusion: str = "probabilities",
) -> dict[str, frame_scores.FrameScores]:
    """Reads the scores of one stream, or of several and their mean.

    Examples:
        >>> scores = fsn_tf.read_scores("scores")
        >>> scores["v0"].scores.shape, scores["v0"].classes
        ((100, 3), ('a', 'b', 'Background'))

    Args:
        *folders: One folder of score files per stream, of the same videos.
        weights: One number per folder; equal weights if None.
        fusion: Of what the mean is taken, a key of fusion.FUSIONS.

    Returns:
        {video: FrameScores} in name order.

    Raises:
        InputError: A file is broken, or the folders do not fit each other.
    """
    if fusion not in fusions.FUSIONS:
        raise errors.InputError(
            f"fusion: expected one of {', '.join(fusions.FUSIONS)}, got "
            f"{fusion!r}"
        )
    if not folders:
        raise errors.InputError("expected a folder of scores, got none")
    return fuse(folders, weights, fusion=fusion)


def _common_videos(folders):
    """{video: its score file in each folder}, in name order."""
    found: list[dict[str, pathlib.Path]] = []
    for folder in map(pathlib.Path, folders):
        if not folder.is_dir():
            raise errors.InputError(f"{folder}: no such folder of score files")
        found.append({})
        for path in sorted(folder.glob("*.npz")):
            names.check_path(path)
            found[-1][names.normalized(path.stem)] = path
        if not found[-1]:
            raise errors.InputError(f"{folder}: no score file (*.npz) in it")
        odd = sorted(found[-1].keys() ^ found[0].keys())
        if odd:
            raise errors.InputError(
                f"{folder} and {folders[0]} score different videos: "
                f"{len(odd)} in one only, {', '.join(odd[:3])}"
            )
    return {x: [paths[x] for paths in found] for x in sorted(found[0])}


def _streams(paths, first):
    """The scores of one video, which must fit each other."""
    streams = [frame_scores.read(path) for path in paths]
    for path, stream in zip(paths, streams, strict=True):
        _same(path, "classes", stream.classes, first[0], first[1].classes)
        _same(path, "fps", stream.fps, paths[0], streams[0].fps)
        _same(
            path, "frames", len(stream.scores), paths[0], len(streams[0].scores)
        )
    return streams


def _same(path, what, value, other_path, other):
    if value != other:
        raise errors.InputError(
            f"{path}: {what} {_short(value)}, but {other_path} has "
            f"{_short(other)}"
        )


def _short(value):
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return text if len(text) < 60 else f"{text[:57]}..."
