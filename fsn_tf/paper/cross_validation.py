"""Networks on frame scores that come in folds, such as 50 Salads'."""

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
from fsn_tf.prediction import features
from fsn_tf.prediction import prepared_videos
from fsn_tf.training import loop
from fsn_tf.training import training_sets


def evaluate(
    experiment: Experiment,
    source: pathlib.Path | str,
    workdir: pathlib.Path | str,
    *,
    seed: int,
    background: str | None,
) -> segmentation.Result:
    """Scores every video by a network that was trained on the other folds.

    What is done already is kept; the same call goes on where it was stopped.

    Args:
        experiment: Experiment whose stream is features, one frame a snippet.
        source: An .npz of joined videos: `scores` (F, D), what the network
            sees; `label` (F,); `length` and `fold` (V,).
        workdir: Folder for the networks, their scores and the results.
        seed: Of the training runs.
        background: Name of the class that is no action, or None.

    Returns:
        segmentation.Result.

    Raises:
        InputError: The source is not of that form.
    """
    experiment = dataclasses.replace(experiment, seed=seed)
    workdir = pathlib.Path(workdir)
    prepared, out = workdir / "prepared", workdir / f"seed-{seed}"
    # One row is one frame; how long it lasts plays no part in this protocol.
    features.from_arrays(source, prepared, fps=1, snippet_frames=1)
    labels = frame_labels.read(source)
    scores: dict[str, frame_scores.FrameScores] = {}
    for fold, tested in _folds(source, labels).items():
        others = {v: x for v, x in labels.labels.items() if v not in tested}
        data = training_sets.load_frames(
            prepared,
            dataclasses.replace(labels, labels=others),
            experiment,
            background=background,
        )
        run, scored = out / f"fold-{fold}", out / f"scores-{fold}"
        loop.train(experiment, data, run)
        prepared_videos.predict(
            run, prepared, scored, inference="whole", videos=tested
        )
        scores |= frame_scores.read_folder(scored)
        keras.backend.clear_session()
    found = frame_labels.of_scores(scores)
    result = segmentation.evaluate(
        found, labels, settings.Segmentation(background)
    )
    files.write_json(out / "results.json", result.as_json())
    return result


def as_given(
    source: pathlib.Path | str, *, background: str | None
) -> segmentation.Result:
    """The result of the given scores themselves, the largest of a frame."""
    return segmentation.evaluate(
        frame_labels.read_largest(source),
        frame_labels.read(source),
        settings.Segmentation(background),
    )


def _folds(source, labels):
    """{fold: names of its videos}."""
    with archives.opened(source, "file of frame scores", ["fold"]) as archive:
        folds = archive["fold"]
    archives.check_whole_numbers(source, "fold", folds)
    names = np.array(list(labels.labels))
    if len(folds) != len(names) or len(np.unique(folds)) < 2:
        raise InputError(
            f"{source}: `fold` names {len(np.unique(folds))} folds of "
            f"{len(folds)} videos; expected 2 or more, of {len(names)} videos"
        )
    return {int(x): names[folds == x].tolist() for x in np.unique(folds)}
