"""Frame score files: class probabilities of every frame of a video."""

from collections import abc
import dataclasses
import pathlib

import numpy as np

from fsn_tf import archives
from fsn_tf import errors
from fsn_tf import files
from fsn_tf.grouping import fusion as fusions
from fsn_tf.segments import names

BACKGROUND = "Background"

# Beside the score files: which network they come from.
ORIGIN = "origin.json"


def classes_of(network: str, actions: abc.Iterable[str]) -> list[str]:
    """Names of the scores that a network gives: FSN knows a background.

    Raises:
        InputError: An action has the name of the background, as networks
            have that were trained before such a name was refused.
    """
    actions = list(actions)
    if network != "fsn":
        return actions
    if BACKGROUND in actions:
        raise errors.InputError(
            f"the network learned an action {BACKGROUND!r}, which is the name "
            "of what shows no action; take its rows out of the annotations "
            "and train again"
        )
    return [*actions, BACKGROUND]


def actions_of(classes: abc.Iterable[str]) -> tuple[str, ...]:
    """The classes of scores that are actions."""
    return tuple(name for name in classes if name != BACKGROUND)


@dataclasses.dataclass(frozen=True)
class FrameScores:
    """Probabilities of every frame of one video.

    Attributes:
        scores: (T, C) float16 or float32 in [0, 1].
        fps: Frames per second at which the video was scored.
        classes: C names. FSN's last one is "Background"; WFSN has none.
    """

    scores: np.ndarray
    fps: float
    classes: tuple[str, ...]

    @property
    def action_classes(self) -> tuple[str, ...]:
        """The K classes that are actions."""
        return actions_of(self.classes)

    @property
    def actions(self) -> np.ndarray:
        """(T, K) probabilities of the actions, without the background."""
        # A slice shares the memory of the scores; a list of columns does not.
        if self.classes[-1] == BACKGROUND:
            return self.scores[:, :-1]
        return self.scores


def write(
    folder: pathlib.Path | str,
    video: str,
    scores: np.ndarray | abc.Sequence[abc.Sequence[float]],
    *,
    fps: float,
    classes: abc.Iterable[str],
) -> pathlib.Path:
    """Writes (T, C) scores as FOLDER/VIDEO.npz; returns its path."""
    path = pathlib.Path(folder) / f"{video}.npz"
    scores = np.asarray(scores)
    if scores.dtype != np.float16:
        scores = scores.astype(np.float32, copy=False)
    value = FrameScores(scores, float(fps), tuple(classes))
    _check(value, path)
    with files.written_whole(path) as partial, open(partial, "wb") as file:
        np.savez(
            file,
            scores=value.scores,
            fps=np.float64(value.fps),
            classes=np.array(value.classes),
        )
    return path


def read(path: pathlib.Path | str) -> FrameScores:
    """Reads one score file.

    Raises:
        InputError: The file is no score file; the message names the file,
            and the frame where one is to blame.
    """
    value = _load(pathlib.Path(path))
    _check(value, path)
    return value


def _load(path):
    names = "scores", "fps", "classes"
    with archives.opened(path, "score file", names) as archive:
        classes = archives.names(path, "classes", archive["classes"])
        fps = float(archive["fps"])
        return FrameScores(archive["scores"], fps, classes)


def _check(value, path):
    scores, classes = value.scores, value.classes
    if scores.ndim != 2 or scores.dtype not in (np.float16, np.float32):
        raise errors.InputError(
            f"{path}: scores must be float16 or float32 of shape (frames, "
            f"classes), not {scores.dtype} of shape {scores.shape}"
        )
    if not scores.size or scores.shape[1] != len(classes):
        raise errors.InputError(
            f"{path}: scores of shape {scores.shape} for {len(classes)} "
            "classes; one or more frames and a column per class expected"
        )
    if BACKGROUND in classes[:-1]:
        raise errors.InputError(
            f"{path}: {BACKGROUND!r} must be the last class"
        )
    if len(set(classes)) != len(classes):
        raise errors.InputError(f"{path}: a class is named twice: {classes}")
    if not (np.isfinite(value.fps) and value.fps > 0):
        raise errors.InputError(f"{path}: fps must be over 0, not {value.fps}")
    # Written so that NaN fails too; softmax may pass 1 by a rounding.
    if not (scores.min() >= 0 and scores.max() <= 1.001):
        wrong = ~((scores >= 0) & (scores <= 1.001))
        frame, column = np.argwhere(wrong)[0]
        raise errors.InputError(
            f"{path}: frame {frame}: {classes[column]} scores "
            f"{scores[frame, column]}; probabilities from 0 to 1 expected"
        )


def origins(folders: abc.Iterable[pathlib.Path | str]) -> dict[str, dict]:
    """{folder: what `fsn predict` noted there}; others are left out.

    Raises:
        InputError: A note is damaged.
    """
    found = {}
    for folder in folders:
        path = pathlib.Path(folder) / ORIGIN
        if path.exists():
            found[str(folder)] = _origin(path)
    return found


def _origin(path):
    try:
        value = files.read_json(path)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise errors.InputError(
            f"{path}: is not a JSON object; delete it, or predict again"
        )
    return value


def read_folder(folder: pathlib.Path | str) -> dict[str, FrameScores]:
    """Reads every score file of a folder: {video: FrameScores}, by name."""
    return fuse([folder])


def fuse(
    folders: abc.Sequence[pathlib.Path | str],
    weights: abc.Sequence[float] | None = None,
    *,
    fusion: str = "probabilities",
) -> dict[str, FrameScores]:
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
        self._first = path, read(path)

    def __getitem__(self, video: str) -> FrameScores:
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
) -> dict[str, FrameScores]:
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
    streams = [read(path) for path in paths]
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
