"""Networks on features that come in folds, such as 50 Salads'."""

from collections.abc import Callable
from collections.abc import Iterable
import dataclasses
import pathlib

import keras
import numpy as np

from fsn_tf import archives
from fsn_tf import files
from fsn_tf.annotations import frame_labels
from fsn_tf.errors import InputError
from fsn_tf.evaluation import segmentation
from fsn_tf.evaluation import settings
from fsn_tf.experiment import Experiment
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import score_folders
from fsn_tf.prediction import features
from fsn_tf.prediction import prepared_videos
from fsn_tf.training import loop
from fsn_tf.training import training_sets


@dataclasses.dataclass(frozen=True)
class Fold:
    """What one network learns from, and which videos it is tested on.

    Attributes:
        prepared: Folder of the features of both.
        learned: Names of the videos to learn from.
        tested: Names of the other ones.
    """

    prepared: pathlib.Path
    learned: tuple[str, ...]
    tested: tuple[str, ...]


def evaluate(
    experiment: Experiment,
    folds: dict[str, Fold],
    labels: frame_labels.FrameLabels,
    workdir: pathlib.Path | str,
    *,
    seed: int,
    background: str | None,
    before: Callable[[str], None] = lambda fold: None,
) -> segmentation.Result:
    """Scores every video by a network that was trained on the other folds.

    What is done already is kept; the same call goes on where it was stopped.

    Args:
        experiment: Experiment whose stream is features, one frame a snippet.
        folds: {name: Fold}.
        labels: Of the videos of all folds.
        workdir: Folder for the networks, their scores and the results.
        seed: Of the training runs.
        background: Name of the class that is no action, or None.
        before: Called with the name of every fold, before it is trained.

    Returns:
        segmentation.Result.
    """
    experiment = dataclasses.replace(experiment, seed=seed)
    out = pathlib.Path(workdir) / f"seed-{seed}"
    scores: dict[str, frame_scores.FrameScores] = {}
    for name, fold in folds.items():
        before(name)
        data = training_sets.load_frames(
            fold.prepared,
            of_videos(labels, fold.learned),
            experiment,
            background=background,
        )
        run, scored = out / f"fold-{name}", out / f"scores-{name}"
        loop.train(experiment, data, run)
        prepared_videos.predict(
            run, fold.prepared, scored, inference="whole", videos=fold.tested
        )
        scores |= score_folders.read_folder(scored)
        keras.backend.clear_session()
    found = frame_labels.of_scores(scores)
    tested = [video for fold in folds.values() for video in fold.tested]
    result = segmentation.evaluate(
        found, of_videos(labels, tested), settings.Segmentation(background)
    )
    files.write_json(out / "results.json", result.as_json())
    return result


def of_videos(
    labels: frame_labels.FrameLabels, videos: Iterable[str]
) -> frame_labels.FrameLabels:
    """The labels of these videos alone, in their own order."""
    chosen = set(videos)
    kept = {v: x for v, x in labels.labels.items() if v in chosen}
    return dataclasses.replace(labels, labels=kept)


def folds_of_scores(
    source: pathlib.Path | str, prepared: pathlib.Path | str
) -> tuple[dict[str, Fold], frame_labels.FrameLabels]:
    """Prepares frame scores that come in folds.

    Args:
        source: An .npz of joined videos: `scores` (F, D), what the network
            sees; `label` (F,); `length` and `fold` (V,).
        prepared: Folder for the scores, as features.

    Returns:
        ({name: Fold}, labels of all videos).

    Raises:
        InputError: The source is not of that form.
    """
    # One row is one frame; how long it lasts plays no part in this protocol.
    features.from_arrays(source, prepared, fps=1, snippet_frames=1)
    labels = frame_labels.read(source)
    with archives.opened(source, "file of frame scores", ["fold"]) as archive:
        numbers = archive["fold"]
    archives.check_whole_numbers(source, "fold", numbers)
    names = np.array(list(labels.labels))
    different = np.unique(numbers)
    if len(numbers) != len(names) or len(different) < 2:
        raise InputError(
            f"{source}: `fold` names {len(different)} folds of "
            f"{len(numbers)} videos; expected 2 or more, of {len(names)} videos"
        )
    folds = {
        str(number): Fold(
            pathlib.Path(prepared),
            learned=tuple(names[numbers != number].tolist()),
            tested=tuple(names[numbers == number].tolist()),
        )
        for number in different
    }
    return folds, labels


def as_given(
    source: pathlib.Path | str, *, background: str | None
) -> segmentation.Result:
    """The result of the given scores themselves, the largest of a frame."""
    return segmentation.evaluate(
        frame_labels.read_largest(source),
        frame_labels.read(source),
        settings.Segmentation(background),
    )
