"""The folder that an evaluation leaves behind, of whatever kind it was."""

from collections import abc
import dataclasses
import pathlib

import numpy as np

from fsn_tf import archives
from fsn_tf import files
from fsn_tf.annotations import activitynet
from fsn_tf.evaluation import classification
from fsn_tf.evaluation import detection
from fsn_tf.evaluation import from_files
from fsn_tf.evaluation import measures
from fsn_tf.evaluation import ranking
from fsn_tf.evaluation import results
from fsn_tf.evaluation import segmentation
from fsn_tf.reports import classification_report
from fsn_tf.reports import detection_report
from fsn_tf.reports import meaning_report
from fsn_tf.reports import measures_report
from fsn_tf.reports import report
from fsn_tf.reports import segmentation_report

# What shows each kind of result, and its files in the order in which a reader
# wants them.
_KINDS: dict[type, tuple[abc.Callable, tuple[str, ...]]] = {
    detection.Result: (
        detection_report.of,
        (
            "report.md",
            "results.json",
            "per_class.csv",
            "detections.json",
            "matches.npz",
            "diagnosis.json",
            "diagnosis.svg",
        ),
    ),
    segmentation.Result: (
        segmentation_report.of,
        ("report.md", "per_video.csv", "results.json"),
    ),
    classification.Result: (
        classification_report.of,
        ("report.md", "per_class.csv", "confusion.csv", "results.json"),
    ),
    measures.Result: (
        measures_report.of,
        (
            "report.md",
            "per_class.csv",
            "per_video.csv",
            "matches.npz",
            "results.json",
        ),
    ),
}
# What there is of every kind where the meaning of figures was asked for.
_OF_MEANING = ("resampled.npz", "reliability.svg")


def shown(result: from_files.Result) -> report.Report:
    """What there is to show of a result."""
    of, _ = _KINDS[type(result)]
    return meaning_report.added(of(result), result)


def write(
    folder: pathlib.Path | str, result: from_files.Result
) -> tuple[str, ...]:
    """Writes the files of a result; returns their names.

    results.json comes last: where it is, the others are of the same result.
    """
    folder = pathlib.Path(folder)
    parts = shown(result)
    _remove_earlier(folder)
    if isinstance(result, detection.Result):
        _write_segments(folder, result)
    if isinstance(result, measures.Result) and result.spotted is not None:
        write_matches(folder / "matches.npz", *result.spotted)
    for name, text in parts.texts.items():
        files.write_text(folder / name, text)
    if result.meaning is not None:
        write_resampled(folder / "resampled.npz", result.meaning)
    files.write_text(folder / "report.md", report.markdown(result, parts))
    files.write_json(folder / "results.json", result.as_json())
    _, names = _KINDS[type(result)]
    names = *names, *_OF_MEANING
    return tuple(name for name in names if (folder / name).exists())


def _remove_earlier(folder):
    """Deletes what an earlier evaluation left, results.json first.

    Detections stay until others take their place: they may be what is
    evaluated.
    """
    names = ["results.json", *_OF_MEANING]
    for _, others in _KINDS.values():
        names += others
    for name in names:
        if name != "detections.json":
            (folder / name).unlink(missing_ok=True)


def _write_segments(folder, result):
    """Writes what is no text: segments, and what they found."""
    path = folder / "detections.json"
    activitynet.write_detections(path, result.detections)
    write_matches(
        folder / "matches.npz", result.rankings, result.instance_counts
    )
    if result.diagnosis is not None:
        files.write_json(folder / "diagnosis.json", result.diagnosis)


def write_matches(
    path: pathlib.Path | str,
    rankings: abc.Sequence[ranking.Ranking],
    instance_counts: np.ndarray,
) -> None:
    """Writes what was found at every tIoU, one after another.

    Args:
        path: Of an .npz.
        rankings: One for each tIoU.
        instance_counts: (K, V) int, instances by class and video.
    """
    columns: dict = {
        field.name: np.concatenate([getattr(x, field.name) for x in rankings])
        for field in dataclasses.fields(ranking.Ranking)
    }
    sizes = np.array([len(one.row) for one in rankings])
    with files.written_whole(path) as partial, open(partial, "wb") as file:
        np.savez(file, sizes=sizes, instance_counts=instance_counts, **columns)


def write_resampled(path: pathlib.Path | str, found: results.Meaning) -> None:
    """Writes the figures of test sets drawn again, and how they were drawn.

    Args:
        path: Of an .npz.
        found: Their figures.
    """
    values = np.array(list(found.resampled.values()))
    with files.written_whole(path) as partial, open(partial, "wb") as file:
        np.savez(
            file,
            figures=np.array(list(found.resampled)),
            values=values,
            seed=found.seed,
        )


def read_resampled(
    path: pathlib.Path | str,
) -> tuple[dict[str, np.ndarray], int]:
    """({figure: (B,)}, seed of the draws) that write_resampled wrote.

    Raises:
        InputError: The file is not whole.
    """
    names = ("figures", "values", "seed")
    with archives.opened(path, "file of drawn figures", names) as archive:
        figures, values, seed = (archive[name] for name in names)
    found = dict(zip(figures.tolist(), values, strict=True))
    return found, int(seed)


def read_matches(
    path: pathlib.Path | str,
) -> tuple[list[ranking.Ranking], np.ndarray]:
    """The rankings and the instance counts that write_matches wrote.

    Raises:
        InputError: The file is not whole.
    """
    names = [field.name for field in dataclasses.fields(ranking.Ranking)]
    with archives.opened(path, "file of matches", names) as archive:
        ends = np.cumsum(archive["sizes"])[:-1]
        columns = [np.split(archive[name], ends) for name in names]
        counts = archive["instance_counts"]
    return [ranking.Ranking(*one) for one in zip(*columns, strict=True)], counts
