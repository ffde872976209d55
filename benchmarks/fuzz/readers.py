"""Every reader of files that came from elsewhere, with a small whole file."""

from collections.abc import Callable
import dataclasses
import io
import itertools
import json
import pathlib

import cv2
import h5py
import numpy as np

from fsn_tf import annotations
from fsn_tf import archives
from fsn_tf import experiment
from fsn_tf import fingerprints
from fsn_tf import segments
from fsn_tf import workdirs
from fsn_tf.annotations import activitynet
from fsn_tf.annotations import csv_files
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import thumos14
from fsn_tf.annotations import video_labels
from fsn_tf.evaluation import detection
from fsn_tf.evaluation import settings
from fsn_tf.exports import exported_models
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import threshold_files
from fsn_tf.networks.weights import caffe_files
from fsn_tf.networks.weights import formats
from fsn_tf.networks.weights import keras_files
from fsn_tf.networks.weights import torch_files
from fsn_tf.reports import comparison
from fsn_tf.reports import result_files
from fsn_tf.snippets import feature_files
from fsn_tf.snippets import prepared_folders
from fsn_tf.snippets import snippet_writing
from fsn_tf.tuning import trials
from fsn_tf.videos import sources
from tests.kit import made_up_weights

_MOST_FRAMES = 1000
_CLASSES = ("Dive", "High Jump")
_TRUTH = segments.Annotations(
    _CLASSES,
    ("u", "v"),
    (
        segments.Instance("u", "Dive", 0.4, 1.2),
        segments.Instance("v", "High Jump", 1.0, 2.5),
        segments.Instance("v", "Dive", 3.0, 4.0),
    ),
)
_FOUND = segments.Detections.from_rows(
    [("u", "Dive", 0.4, 1.0, 0.9), ("v", "High Jump", 1.5, 2.5, 0.25)],
    classes=_CLASSES,
)


@dataclasses.dataclass(frozen=True)
class Reader:
    """One reader.

    Attributes:
        make: Writes whole files into an empty folder.
        read: Reads them from that folder; raises InputError if it must.
        share: How often it gets an input, beside others; slow ones less.
        keep: Ends of names of files that are never damaged.
    """

    make: Callable[[pathlib.Path], object]
    read: Callable[[pathlib.Path], object]
    share: int = 10
    keep: tuple[str, ...] = ()


def _scores():
    values = np.random.default_rng(0).dirichlet(np.ones(3), 30)
    return values.astype(np.float32)


def _joined(folder):
    np.savez(
        folder / "a.npz",
        length=np.array([10, 20]),
        label=np.arange(30) % 2,
        scores=_scores(),
        video=np.array(["u", "v"]),
        classes=np.array(["a", "b", "c"]),
    )


def _write_scores(folder):
    classes = [*_CLASSES, "Background"]
    frame_scores.write(folder, "u", _scores(), fps=25, classes=classes)
    path = folder / frame_scores.ORIGIN
    path.write_text(json.dumps({"network": "fsn", "stream": "rgb"}))


def _read_scores(folder):
    frame_scores.origins([folder])
    return frame_scores.read_folder(folder)


def _write_mstcn(folder):
    (folder / "labels").mkdir()
    for video in "uv":
        text = "cut\n" * 5 + "stir_well\n" * 7
        (folder / "labels" / f"{video}.txt").write_text(text)
    (folder / "mapping.txt").write_text("0 cut\n1 stir_well\n")
    (folder / "test.bundle").write_text("u.txt\nv.txt\n")


def _read_mstcn(folder):
    return frame_labels.read(
        folder / "labels",
        mapping=folder / "mapping.txt",
        videos=folder / "test.bundle",
    )


def _write_split(folder):
    (folder / "classInd.txt").write_text("1 Dive\n2 HighJump\n")
    lines = "Dive/v_Dive_g01_c01.avi 1\nHighJump/v_HighJump_g01_c01.avi 2\n"
    (folder / "trainlist01.txt").write_text(lines)


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
        result = detection.evaluate(_FOUND, _TRUTH, settings.Detection())
        result_files.write(folder / name, result)


def _compare(folder):
    return comparison.compare(folder / "one", folder / "two", num_resamples=20)


def _write_workdir(folder):
    workdirs.write_experiment(
        folder,
        experiment.Experiment(),
        classes=list(_CLASSES),
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


def _arrays():
    rng = np.random.default_rng(0)
    names = "conv1.weight conv1.bias fc.weight".split()
    shapes = (4, 3, 3, 3), (4,), (2, 4)
    return {
        name: rng.normal(size=shape).astype("f4")
        for name, shape in zip(names, shapes, strict=True)
    }


def _write_torch(folder):
    state, storages = made_up_weights.torch_state(_arrays())
    made_up_weights.write_torch_zip(folder / "a.pth", state, storages)


def _write_legacy(folder):
    state, storages = made_up_weights.torch_state(_arrays())
    made_up_weights.write_torch_legacy(folder / "a.pth", state, storages)


def _write_caffe(folder):
    weight, bias = (
        made_up_weights.blob(_arrays()[name])
        for name in ("conv1.weight", "conv1.bias")
    )
    parts = made_up_weights.layer("conv1", "Convolution", [weight, bias])
    (folder / "a.caffemodel").write_bytes(parts)


def _write_keras(folder):
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for name, array in _arrays().items():
            layer, kind = name.split(".")
            file[f"layers/{layer}/vars/{int(kind == 'bias')}"] = array
    (folder / "a.h5").write_bytes(content.getvalue())


def _read_weights(folder):
    path = next(path for path in folder.iterdir())
    kind = formats.kind(path)
    if kind in (formats.KERAS, formats.KERAS_ARCHIVE):
        found, _ = keras_files.read(path)
    elif kind == formats.CAFFE:
        found = caffe_files.read(path)
    elif kind == formats.TORCH_ZIP:
        found = torch_files.read_zip(path)
    else:
        found = torch_files.read_legacy(path)
    return [len(one.shape) for one in found.values()]


def _video(ending, codec):
    def make(folder):
        path = str(folder / f"u.{ending}")
        fourcc = cv2.VideoWriter_fourcc(*codec)
        writer = cv2.VideoWriter(path, fourcc, 25, (32, 24))
        for value in range(0, 240, 20):
            writer.write(np.full((24, 32, 3), value, np.uint8))
        writer.release()

    return make


def _read_video(folder):
    path = next(path for path in folder.iterdir())
    frames = sources.opened(path, None).frames(25.0)
    # One that says it lasts for years is read for as long.
    return sum(1 for _ in itertools.islice(frames, _MOST_FRAMES))


def _write_frames(folder):
    (folder / "u").mkdir()
    for number in range(1, 4):
        (folder / "u" / f"img_{number:05}.jpg").write_bytes(_jpeg())


def _read_frames(folder):
    return sum(1 for _ in sources.opened(folder / "u", 25.0).frames(25.0))


def _found(name):
    return lambda folder: annotations.read_detections(
        folder / name, classes=_CLASSES, class_ids={"Dive": 1, "High Jump": 2}
    )


# What slow readers get is little; a million inputs are to take minutes.
READERS = {
    "thresholds": Reader(
        lambda folder: threshold_files.write(
            folder / "thresholds.json",
            threshold_files.Thresholds({"Dive": 0.4, "High Jump": 0.75}),
            {"goal": "f1"},
        ),
        lambda folder: threshold_files.read(folder / "thresholds.json"),
    ),
    "annotations, CSV": Reader(
        lambda folder: csv_files.write(folder / "a.csv", _TRUTH),
        lambda folder: annotations.read(folder / "a.csv"),
        60,
    ),
    "annotations, ActivityNet": Reader(
        lambda folder: activitynet.write(folder / "a.json", _TRUTH),
        lambda folder: annotations.read(folder / "a.json"),
        60,
    ),
    "annotations, THUMOS'14": Reader(
        lambda folder: thumos14.write(folder, _TRUTH), annotations.read, 40
    ),
    "detections, CSV": Reader(
        lambda folder: csv_files.write_detections(folder / "a.csv", _FOUND),
        _found("a.csv"),
        60,
    ),
    "detections, JSON": Reader(
        lambda folder: activitynet.write_detections(folder / "a.json", _FOUND),
        _found("a.json"),
        60,
    ),
    "detections, THUMOS'14": Reader(
        lambda folder: (folder / "a.txt").write_text("u 0.4 1.2 1 0.9\n" * 3),
        _found("a.txt"),
        60,
    ),
    "labels of videos": Reader(
        _write_split,
        lambda folder: video_labels.read(folder / "trainlist01.txt"),
        40,
    ),
    "labels of frames, MS-TCN": Reader(_write_mstcn, _read_mstcn, 40),
    "labels of frames, .npz": Reader(
        _joined, lambda folder: frame_labels.read(folder / "a.npz"), 60
    ),
    "scores of joined videos": Reader(
        _joined, lambda folder: frame_labels.read_largest(folder / "a.npz"), 40
    ),
    "score files": Reader(_write_scores, _read_scores, 60),
    "somebody's features": Reader(
        lambda folder: np.save(folder / "a.npy", _scores()),
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
        _write_results, _compare, 20, keep=(".md", ".csv", ".svg")
    ),
    "experiment.json": Reader(_write_workdir, workdirs.read_experiment, 80),
    "model.json": Reader(_write_card, _read_card, 60),
    "trials.json": Reader(
        lambda folder: trials.write(folder / "trials.json", [], 3.0),
        lambda folder: trials.read(folder / "trials.json"),
        10,
    ),
    "weights, PyTorch": Reader(_write_torch, _read_weights, 40),
    "weights, PyTorch before 1.6": Reader(_write_legacy, _read_weights, 40),
    "weights, Caffe": Reader(_write_caffe, _read_weights, 40),
    "weights, Keras": Reader(_write_keras, _read_weights, 20),
    "videos, MP4": Reader(_video("mp4", "mp4v"), _read_video, 3),
    "videos, AVI": Reader(_video("avi", "MJPG"), _read_video, 3),
    "folders of frames": Reader(_write_frames, _read_frames, 20),
}
