"""Frame score files: class probabilities of every frame of a video."""

from collections import abc
import dataclasses
import pathlib

import numpy as np

from fsn_tf import archives
from fsn_tf import errors
from fsn_tf import files

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
