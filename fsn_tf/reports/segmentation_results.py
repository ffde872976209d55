"""Frame-wise segmentation from files to results and a report."""

import csv
import dataclasses
import io
import pathlib

import numpy as np

from fsn_tf import errors
from fsn_tf import files
from fsn_tf import fingerprints
from fsn_tf.annotations import frame_labels
from fsn_tf.evaluation import segmentation
from fsn_tf.grouping import frame_scores
from fsn_tf.reports import report
from fsn_tf.reports import result_files

PROTOCOL = "segmentation"
_F1_NAMES = [f"{100 * tiou:g}" for tiou in segmentation.F1_TIOUS]


def evaluate(
    annotations,
    *,
    folders=None,
    weights=None,
    fusion="probabilities",
    predicted=None,
    background=None,
    mapping=None,
    videos=None,
):
    """Results of frame scores, or of predicted frame labels.

    Args:
        annotations: Path of the true frame labels, see frame_labels.read.
        folders: Folders of score files, one per stream.
        weights: One number per folder; equal weights if None.
        fusion: Of what their mean is taken, a key of fusion.FUSIONS.
        predicted: Path of predicted labels, where there are no `folders`.
        background: Name or index of the class that edit score and F1 leave
            out, several with commas, or None. Scores call it Background.
        mapping, videos: Lists of classes and of videos, see frame_labels.read.

    Returns:
        A dict that JSON can hold; all metrics in [0, 1].
    """
    truth = frame_labels.read(annotations, mapping=mapping, videos=videos)
    if folders:
        fused = frame_scores.fuse(folders, weights, fusion=fusion)
        found = frame_labels.of_scores(fused)
        inputs = {
            "scores": list(map(str, folders)),
            "fusion_weights": weights,
            "fusion": fusion,
        }
    else:
        found = frame_labels.read(predicted, predicted=True, mapping=mapping)
        inputs = {"predicted_labels": str(predicted)}
    results = evaluate_labels(truth, found, background=background)
    inputs |= {"annotations": str(annotations), "background": background}
    lists = {"mapping": mapping, "videos": videos}
    inputs |= {name: str(x) for name, x in lists.items() if x is not None}
    results["options"] = inputs
    results["origins"] = frame_scores.origins(folders or [])
    used = dict.fromkeys([*(folders or [predicted]), annotations])
    results.update(fingerprints.origin(used, _fingerprint(truth)))
    return results


def evaluate_labels(truth, found, *, background=None):
    """Results of frame_labels.FrameLabels; the rest as above."""
    found = _with_background(found, background, truth)
    notes = _check(truth, found)
    # The classes that only the predictions know come after the true ones.
    classes = tuple(dict.fromkeys((*truth.classes, *found.classes)))
    place = np.array([classes.index(name) for name in found.classes])
    measured = segmentation.scores(
        list(truth.labels.values()),
        [place[found.labels[video]] for video in truth.labels],
        background=_backgrounds(background, truth, classes),
    )
    per_video = [
        {"frames": len(labels), **_metrics(*row)}
        for labels, *row in zip(
            truth.labels.values(),
            measured.accuracy,
            measured.edit,
            measured.f1,
            strict=True,
        )
    ]
    return {
        "protocol": PROTOCOL,
        "videos": len(truth.labels),
        "frames": sum(map(len, truth.labels.values())),
        **_metrics(
            measured.accuracy.mean(),
            measured.edit.mean(),
            measured.f1.mean(axis=0),
        ),
        "micro_accuracy": float(measured.micro_accuracy),
        "micro_f1": _by_tiou(measured.micro_f1),
        "per_video": dict(zip(truth.labels, per_video, strict=True)),
        "notes": notes,
        "video_names": list(truth.labels),
    }


def _metrics(accuracy, edit, f1):
    return {
        "accuracy": float(accuracy),
        "edit": float(edit),
        "f1": _by_tiou(f1),
    }


def _by_tiou(values):
    return dict(zip(_F1_NAMES, map(float, values), strict=True))


def _check(truth, found):
    """Notes; InputError where the predictions do not fit the truth."""
    missing = [video for video in truth.labels if video not in found.labels]
    if missing:
        raise errors.InputError(
            f"{len(missing)} of {len(truth.labels)} annotated videos have no "
            f"prediction, such as {missing[0]}"
        )
    for video, labels in truth.labels.items():
        if len(labels) != len(found.labels[video]):
            raise errors.InputError(
                f"{video}: {len(labels)} frames are annotated, "
                f"{len(found.labels[video])} predicted"
            )
    if not set(truth.classes) & set(found.classes):
        raise errors.InputError(
            f"annotations and predictions share no class: {truth.classes[0]}, "
            f"... against {found.classes[0]}, ..."
        )
    extra = sorted(found.labels.keys() - truth.labels.keys())
    note = f"{len(extra)} predicted videos left out, as they are not annotated"
    return [f"{note}: such as {extra[0]}"] if extra else []


def _with_background(found, background, truth):
    """Calls the background of scores as the true labels do, if it is one."""
    if background is None or frame_scores.BACKGROUND in truth.classes:
        return found
    places = _backgrounds(background, truth, truth.classes)
    if len(places) > 1:
        return found
    name = truth.classes[places[0]]
    classes = [
        name if one == frame_scores.BACKGROUND else one for one in found.classes
    ]
    if len(set(classes)) < len(classes):
        return found
    return dataclasses.replace(found, classes=tuple(classes))


def _backgrounds(background, truth, classes):
    """Places of the classes that are left out, or None."""
    if background is None:
        return None
    names = frame_labels.background_names(background, classes)
    places = [_background(name, truth, classes) for name in names]
    if len(names) > 1 and frame_scores.BACKGROUND in classes:
        # Of scores: what their network calls none of the classes.
        places.append(classes.index(frame_scores.BACKGROUND))
    return places


def _background(background, truth, classes):
    if background in classes:
        return classes.index(background)
    if background.isdigit() and int(background) < len(truth.classes):
        return int(background)
    raise errors.InputError(
        f"background {background!r}: expected one of {len(classes)} classes "
        f"({', '.join(classes[:3])}, ...) or an index"
    )


def _fingerprint(truth):
    names = np.array(truth.classes)
    return fingerprints.of_value(
        {
            video: names[labels].tolist()
            for video, labels in truth.labels.items()
        }
    )


def summary(results):
    """The metrics as rows of cells, the head first."""
    head = ["in %", "accuracy", "edit", *(f"F1@{x}" for x in _F1_NAMES)]
    f1, micro_f1 = results["f1"].values(), results["micro_f1"].values()
    cells = [results["accuracy"], results["edit"], *f1]
    micro = [results["micro_accuracy"], None, *micro_f1]
    return [
        head,
        ["mean over videos", *map(report.percent, cells)],
        ["all together", *map(report.percent, micro)],
    ]


def setting(results):
    """One line: what was evaluated, and by which rules."""
    background = results["options"]["background"]
    return (
        f"protocol {PROTOCOL}, {results['videos']} videos, "
        f"{results['frames']} frames, "
        + (
            "no background"
            if background is None
            else f"background {background}"
        )
    )


def write(folder, results):
    """Writes the result files; returns their names, results.json last."""
    folder = pathlib.Path(folder)
    result_files.remove(folder)
    parts = [
        "# Evaluation",
        f"{setting(results)[:1].upper()}{setting(results)[1:]}.",
        *report.origins_list(results),
        report.markdown_table(summary(results)),
        "ED-TCN's authors (Lea et al.) publish means over videos; MS-TCN's "
        "code and its heirs count frames and segments all together.",
        *report.appendix(results),
    ]
    files.write_text(folder / "report.md", "\n\n".join(parts) + "\n")
    files.write_text(folder / "per_video.csv", _per_video_csv(results))
    files.write_json(folder / "results.json", results)
    return "report.md", "per_video.csv", "results.json"


def _per_video_csv(results):
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    f1 = [f"f1@{name}" for name in _F1_NAMES]
    writer.writerow(["video", "frames", "accuracy", "edit", *f1])
    for video, one in results["per_video"].items():
        cells = [one["frames"], one["accuracy"], one["edit"]]
        writer.writerow([video, *cells, *one["f1"].values()])
    return stream.getvalue()
