"""The folder that an evaluation leaves behind."""

import dataclasses
import pathlib

import numpy as np

from fsn_tf import archives
from fsn_tf import files
from fsn_tf.annotations import activitynet
from fsn_tf.evaluation import ranking
from fsn_tf.reports import diagnosis_report
from fsn_tf.reports import report

# In the order in which a reader wants them.
_NAMES = (
    "report.md results.json per_class.csv detections.json matches.npz "
    "diagnosis.json diagnosis.svg"
).split()


def remove(folder):
    """Deletes what an earlier evaluation left, results.json first.

    So where that is, the others are of the same evaluation. Detections stay
    until others take their place: they may be what is evaluated.
    """
    for name in ("results.json", *_NAMES, "per_video.csv", "confusion.csv"):
        if name != "detections.json":
            pathlib.Path(folder, name).unlink(missing_ok=True)


def write(folder, done):
    """Writes an detection.Evaluation; returns the names of the files."""
    folder = pathlib.Path(folder)
    remove(folder)
    sections = ()
    activitynet.write_detections(folder / "detections.json", done.detections)
    write_matches(folder / "matches.npz", done.rankings, done.instance_counts)
    if done.diagnosis is not None:
        sections = diagnosis_report.markdown(done.diagnosis)
        files.write_json(folder / "diagnosis.json", done.diagnosis)
        picture = diagnosis_report.svg(done.diagnosis)
        files.write_text(folder / "diagnosis.svg", picture)
    table = report.per_class_csv(done.results)
    files.write_text(folder / "per_class.csv", table)
    text = report.markdown(done.results, sections)
    files.write_text(folder / "report.md", text)
    files.write_json(folder / "results.json", done.results)
    return [name for name in _NAMES if (folder / name).exists()]


def write_matches(path, rankings, instance_counts):
    """Writes what was found at every tIoU, one after another."""
    columns = {
        field.name: np.concatenate([getattr(x, field.name) for x in rankings])
        for field in dataclasses.fields(ranking.Ranking)
    }
    sizes = np.array([len(one.row) for one in rankings])
    with files.written_whole(path) as partial, open(partial, "wb") as file:
        np.savez(file, sizes=sizes, instance_counts=instance_counts, **columns)


def read_matches(path):
    """([ranking.Ranking], instance counts) that write_matches wrote."""
    names = [field.name for field in dataclasses.fields(ranking.Ranking)]
    with archives.opened(path, "file of matches", names) as archive:
        ends = np.cumsum(archive["sizes"])[:-1]
        columns = [np.split(archive[name], ends) for name in names]
        counts = archive["instance_counts"]
    return [ranking.Ranking(*one) for one in zip(*columns, strict=True)], counts
