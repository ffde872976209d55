"""Classification of whole videos from files to results and a report."""

import csv
import io
import pathlib

import numpy as np

from fsn_tf import errors
from fsn_tf import files
from fsn_tf import fingerprints
from fsn_tf.annotations import video_labels
from fsn_tf.evaluation import classification
from fsn_tf.grouping import frame_scores
from fsn_tf.reports import report
from fsn_tf.reports import result_files

PROTOCOL = "classification"

# The authors' page, yjxiong.me/others/tsn: BN-Inception, three segments.
_PUBLISHED = {"RGB": 85.5, "flow": 87.6, "RGB and flow, 1:1.5": 93.5}


def evaluate(
    annotations, *, folders, weights=None, fusion="probabilities", subset=None
):
    """Results of the scores of whole videos.

    Args:
        annotations: Path of the labels, see video_labels.read.
        folders: Folders of score files of one row, one per stream.
        weights: One number per folder; equal weights if None.
        fusion: Of what their mean is taken, a key of fusion.FUSIONS.
        subset: Which videos of an ActivityNet JSON count.

    Returns:
        (results, confusion): a dict that JSON can hold, accuracies in
        [0, 1], and the (K, K) array of classification.Accuracy.
    """
    truth = video_labels.read(annotations, subset=subset)
    found = frame_scores.fuse(folders, weights, fusion=fusion)
    results, confusion = evaluate_scores(truth, found)
    results["options"] = {
        "scores": list(map(str, folders)),
        "fusion_weights": weights,
        "fusion": fusion,
        "annotations": str(annotations),
        "subset": subset,
    }
    results["origins"] = frame_scores.origins(folders)
    rows = {video: truth.labels[video] for video in truth.videos}
    used = dict.fromkeys([*folders, annotations])
    sha256 = fingerprints.of_value([truth.classes, rows])
    results.update(fingerprints.origin(used, sha256))
    return results, confusion


def evaluate_scores(truth, found):
    """Results of {video: frame_scores.FrameScores}; the rest as above.

    Args:
        truth: video_labels.VideoLabels.
        found: One row of scores per video.

    Raises:
        InputError: A labeled video has no scores, scores are of frames, or
            of other classes than the labels.
    """
    notes = [*truth.notes, *_check(truth, found)]
    classes = found[truth.videos[0]].classes
    labels = np.zeros((len(truth.videos), len(classes)), bool)
    for row, video in zip(labels, truth.videos, strict=True):
        row[[classes.index(name) for name in truth.labels[video]]] = True
    several = int((labels.sum(axis=1) > 1).sum())
    if several:
        notes.append(
            f"{several} videos have several labels; one is right where its "
            "most probable class is among them, and counts for each of them"
        )
    scores = np.concatenate([found[video].scores for video in truth.videos])
    best = scores.argmax(axis=1)
    measured = classification.accuracy(scores, labels)
    results = {
        "protocol": PROTOCOL,
        "videos": len(truth.videos),
        "classes": len(classes),
        "top1": measured.top1,
        "top5": measured.topk,
        "mean_class_accuracy": measured.mean_per_class,
        "per_class": _of_classes(classes, labels, measured),
        "per_video": _of_videos(truth, [classes[x] for x in best]),
        "notes": notes,
        "video_names": list(truth.videos),
    }
    return results, measured.confusion


def _of_classes(classes, labels, measured):
    return {
        name: {
            "videos": int(videos),
            "accuracy": float(share) if videos else None,
        }
        for name, videos, share in zip(
            classes, labels.sum(axis=0), measured.per_class, strict=True
        )
    }


def _of_videos(truth, found):
    return {
        video: {"found": name, "right": name in truth.labels[video]}
        for video, name in zip(truth.videos, found, strict=True)
    }


def _check(truth, found):
    """Notes; InputError where the scores do not fit the labels."""
    missing = [video for video in truth.videos if video not in found]
    if missing:
        raise errors.InputError(
            f"{len(missing)} of {len(truth.videos)} labeled videos have no "
            f"scores, such as {missing[0]}; score them with fsn predict, or "
            "take them out of the annotations"
        )
    for video in truth.videos:
        rows = len(found[video].scores)
        if rows > 1 or frame_scores.BACKGROUND in found[video].classes:
            raise errors.InputError(
                f"{video}: {rows} rows of scores; expected one row for the "
                "whole video, without a background, as fsn predict writes it "
                "for a TSN"
            )
    classes = found[truth.videos[0]].classes
    unknown = sorted(
        {name for names in truth.labels.values() for name in names}
        - set(classes)
    )
    if unknown:
        raise errors.InputError(
            f"{len(unknown)} classes of the annotations have no scores, such "
            f"as {unknown[0]}; the scores are of {', '.join(classes[:3])}, ..."
        )
    extra = sorted(found.keys() - set(truth.videos))
    note = f"{len(extra)} scored videos left out, as they are not labeled"
    return [f"{note}: such as {extra[0]}"] if extra else []


def summary(results):
    """Our accuracy above the published one, as rows of cells."""
    ours = [results[x] for x in ("top1", "top5", "mean_class_accuracy")]
    return [
        ["in %", "top-1", "top-5", "mean of classes"],
        ["here", *map(report.percent, ours)],
        *(
            [f"TSN (UCF101 split 1), {name}", report.figure(value), "-", "-"]
            for name, value in _PUBLISHED.items()
        ),
    ]


def per_class(results):
    """Accuracy of every class, as rows of cells, the head first."""
    return [
        ["accuracy in %", "videos", "top-1"],
        *(
            [name, str(one["videos"]), report.percent(one["accuracy"])]
            for name, one in results["per_class"].items()
        ),
    ]


def setting(results):
    """One line: what was evaluated, and by which rules."""
    # Of UCF101's three lists, say which one it was.
    source = pathlib.Path(results["options"]["annotations"]).name
    return (
        f"protocol {PROTOCOL}, {results['videos']} videos of {source}, "
        f"{results['classes']} classes"
    )


def write(folder, results, confusion):
    """Writes the result files; returns their names, results.json last."""
    folder = pathlib.Path(folder)
    result_files.remove(folder)
    parts = [
        "# Evaluation",
        f"{setting(results)[:1].upper()}{setting(results)[1:]}.",
        *report.origins_list(results),
        report.markdown_table(summary(results)),
        "TSN's rows are its authors' (Wang et al. 2016, BN-Inception; "
        "figures from yjxiong.me/others/tsn), of split 1 of UCF101; they "
        "compare with results on that split only. A dash is a figure that "
        "does not exist.",
        "## Every class",
        report.markdown_table(per_class(results)),
        "`confusion.csv` counts the videos of each class (row) by what was "
        "found (column).",
        *report.appendix(results),
    ]
    names = list(results["per_class"])
    rows = [
        [name, one["videos"], one["accuracy"]]
        for name, one in results["per_class"].items()
    ]
    counts = [
        [name, *row]
        for name, row in zip(names, confusion.tolist(), strict=True)
    ]
    tables = {
        "per_class.csv": [["class", "videos", "accuracy"], *rows],
        "confusion.csv": [["class", *names], *counts],
    }
    files.write_text(folder / "report.md", "\n\n".join(parts) + "\n")
    for name, table in tables.items():
        files.write_text(folder / name, _csv(table))
    files.write_json(folder / "results.json", results)
    return "report.md", *tables, "results.json"


def _csv(rows):
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()
