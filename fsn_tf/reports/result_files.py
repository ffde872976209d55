"""The folder that an evaluation leaves behind, of whatever kind it was."""

from collections import abc
import dataclasses
import pathlib

import numpy as np

from fsn_tf import archives
from fsn_tf import errors
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
from fsn_tf.reports import ethogram
from fsn_tf.reports import meaning_report
from fsn_tf.reports import measures_report
from fsn_tf.reports import report
from fsn_tf.reports import segmentation_report
from fsn_tf.reports import time_budget
from fsn_tf.reports.evaluation_page import page as evaluation_page

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
            time_budget.NAME,
            ethogram.NAME,
        ),
    ),
    segmentation.Result: (
        segmentation_report.of,
        ("report.md", "per_video.csv", "results.json"),
    ),
    classification.Result: (
        classification_report.of,
        (
            "report.md",
            "per_class.csv",
            "confusion.csv",
            "results.json",
        ),
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
    folder: pathlib.Path | str,
    result: from_files.Result,
    *,
    page: bool = False,
) -> tuple[str, ...]:
    """Writes the files of a result; returns their names.

    results.json comes last: where it is, the others are of the same result.

    Args:
        folder: Where to.
        result: Of any kind.
        page: Whether to write report.html as well.

    Raises:
        InputError: The page of something else lies where this one goes.
    """
    folder = pathlib.Path(folder)
    parts = shown(result)
    if page:
        evaluation_page.check(folder)
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
    _, names = _KINDS[type(result)]
    if page:
        evaluation_page.write(folder, result, parts)
        names = (evaluation_page.NAME, *names)
    files.write_json(folder / "results.json", result.as_json())
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
    evaluation_page.remove(folder)


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
        counts, sizes = archive["instance_counts"], archive["sizes"]
        columns = {name: archive[name] for name in names}
    archives.check_whole_numbers(path, "sizes", sizes)
    if not _fit(sizes, counts, columns):
        raise errors.InputError(
            f"{path}: not a whole file of matches (arrays that do not fit each "
            "other); make it again"
        )
    ends = np.cumsum(sizes)[:-1]
    parts = [np.split(columns[name], ends) for name in names]
    return [ranking.Ranking(*one) for one in zip(*parts, strict=True)], counts


def _fit(sizes, counts, columns):
    """Whether arrays are of the form that write_matches gives them."""
    rows = columns["row"].size
    if counts.ndim != 2 or counts.dtype.kind not in "iu" or not counts.size:
        return False
    for name, values in columns.items():
        kinds = "f" if name == "score" else "iu"
        if values.shape != (rows,) or values.dtype.kind not in kinds:
            return False
    # Sizes beyond the rows might add up to a small number again.
    if sizes.min() < 0 or sizes.max() > rows or sizes.sum() != rows:
        return False
    places = zip(
        (columns["label"], columns["video"]), counts.shape, strict=True
    )
    return counts.min() >= 0 and all(
        ((place >= 0) & (place < limit)).all() for place, limit in places
    )
