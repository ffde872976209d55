"""What this program wrote itself, and features of others."""

import json

import cv2
import numpy as np

from benchmarks.fuzz.readers import made_up_labels
from benchmarks.fuzz.readers.reader import Reader
from fsn_tf import archives
from fsn_tf import experiment
from fsn_tf import fingerprints
from fsn_tf import workdirs
from fsn_tf.evaluation import detection
from fsn_tf.evaluation import settings
from fsn_tf.exports import exported_models
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import score_folders
from fsn_tf.grouping import threshold_files
from fsn_tf.reports import comparison
from fsn_tf.reports import result_files
from fsn_tf.snippets import feature_files
from fsn_tf.snippets import prepared_folders
from fsn_tf.snippets import snippet_writing
from fsn_tf.tuning import trials


def _write_scores(folder):
    classes = [*made_up_labels.CLASSES, "Background"]
    frame_scores.write(
        folder, "u", made_up_labels.scores(), fps=25, classes=classes
    )
    path = folder / frame_scores.ORIGIN
    path.write_text(json.dumps({"network": "fsn", "stream": "rgb"}))


def _read_scores(folder):
    frame_scores.origins([folder])
    return score_folders.read_folder(folder)


def _write_features(folder):
    feature_files.write(
        folder,
        "u",
        np.random.default_rng(0).normal(size=(12, 5)),
        fps=25.0,
        snippet_frames=5,
        num_frames=58,
        features_from={"file": "x"},
    )


def _read_features(folder):
    for video in prepared_folders.index(folder, "features").values():
        return list(video.features(lambda images: images))


def _jpeg():
    image = np.random.default_rng(0).integers(0, 255, (24, 32, 3), np.uint8)
    return cv2.imencode(".jpg", image)[1].tobytes()


def _write_snippets(folder):
    (folder / "rgb").mkdir()

    def describe():
        return {
            "video": "u",
            "stream": "rgb",
            "fps": 25.0,
            "snippet_frames": 5,
            "num_frames": 8,
            "width": 32,
            "height": 24,
            "quality": 90,
            "flow": "",
            "version": 1,
            "source": {"name": "u.mp4", "bytes": 7, "fps": 25.0, "frames": 8},
        }

    path = folder / "rgb" / "u.tfrecord"
    snippet_writing.write(path, [[_jpeg()], [_jpeg()]], describe)


def _unsealed(make):
    """Files of an earlier version, whose numbers nothing vouches for."""

    def made(folder):
        make(folder)
        for path in folder.rglob("*.json"):
            facts = json.loads(path.read_text())
            facts.pop(fingerprints.SEAL, None)
            path.write_text(json.dumps(facts))

    return made


def _scan_snippets(folder):
    return prepared_folders.index(folder, "rgb")


def _read_snippets(folder):
    for video in _scan_snippets(folder).values():
        video.check_whole()
        return list(video.features(lambda images: images))


def _write_results(folder):
    for name in ("one", "two"):
        result = detection.evaluate(
            made_up_labels.FOUND, made_up_labels.TRUTH, settings.Detection()
        )
        result_files.write(folder / name, result)


def _compare(folder):
    return comparison.compare(folder / "one", folder / "two", num_resamples=20)


def _write_workdir(folder):
    workdirs.write_experiment(
        folder,
        experiment.Experiment(),
        classes=list(made_up_labels.CLASSES),
        fps=25.0,
        frame_size=[340, 256],
        flow="",
    )


_CARD = {
    "network": "fsn",
    "stream": "rgb",
    "format": "SavedModel",
    "classes": ["a", "b"],
    "fps": 25.0,
    "snippet_frames": 5,
    "clip_snippets": 7,
    "context_snippets": 7,
    "frame_size": [340, 256],
    "feature_size": None,
}


def _write_card(folder):
    (folder / exported_models.CARD).write_text(json.dumps(_CARD))


def _read_card(folder):
    exported_models.parts(folder)
    return exported_models.read(folder)


READERS = {
    "score files": Reader(_write_scores, _read_scores, 60),
    "somebody's features": Reader(
        lambda folder: np.save(folder / "a.npy", made_up_labels.scores()),
        lambda folder: archives.load(folder / "a.npy", "file of features"),
        80,
    ),
    "prepared features": Reader(_write_features, _read_features, 60),
    "prepared features, unsealed": Reader(
        _unsealed(_write_features), _read_features, 60
    ),
    "snippet metadata, unsealed": Reader(
        _unsealed(_write_snippets), _scan_snippets, 80, keep=(".tfrecord",)
    ),
    "snippet files": Reader(_write_snippets, _read_snippets, 2),
    "results and matches": Reader(
        _write_results, _compare, 10, keep=(".md", ".csv", ".svg")
    ),
    "experiment.json": Reader(_write_workdir, workdirs.read_experiment, 80),
    "model.json": Reader(_write_card, _read_card, 60),
    "trials.json": Reader(
        lambda folder: trials.write(folder / "trials.json", [], 3.0),
        lambda folder: trials.read(folder / "trials.json"),
        10,
    ),
    "thresholds": Reader(
        lambda folder: threshold_files.write(
            folder / "thresholds.json",
            threshold_files.Thresholds({"Dive": 0.4, "High Jump": 0.75}),
            {"goal": "f1"},
        ),
        lambda folder: threshold_files.read(folder / "thresholds.json"),
    ),
}
