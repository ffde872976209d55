"""Annotations and detections of data sets, and lists."""

import numpy as np

from benchmarks.fuzz.readers import made_up_labels
from benchmarks.fuzz.readers.reader import Reader
from fsn_tf import annotations
from fsn_tf.annotations import activitynet
from fsn_tf.annotations import csv_files
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import thumos14
from fsn_tf.annotations import video_labels
from fsn_tf.annotations import video_lists

_TRUTH, _FOUND = made_up_labels.TRUTH, made_up_labels.FOUND
_CLOCK = (
    "video,start,end,label\nu,00:00:01.2,0:02.64,Dive\nv,61:00,1:02:03,a b\n"
)
_FRAMES = (
    "video,start_frame,end_frame,fps,label\nu,30,66,25,Dive\nv,1,9,29.97,Jump\n"
)
_LIST = 'u.mp4, v\n"a, b.mkv"\nw\n'


def _joined(folder):
    np.savez(
        folder / "a.npz",
        length=np.array([10, 20]),
        label=np.arange(30) % 2,
        scores=made_up_labels.scores(),
        video=np.array(["u", "v"]),
        classes=np.array(["a", "b", "c"]),
    )


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


def _text(name, text):
    return lambda folder: (folder / name).write_text(text)


def _truth(name):
    def read(folder):
        return annotations.check(annotations.read(folder / name))

    return read


def _found(name):
    return lambda folder: annotations.read_detections(
        folder / name,
        classes=made_up_labels.CLASSES,
        class_ids={"Dive": 1, "HighJump": 2},
    )


READERS = {
    "annotations, CSV": Reader(
        lambda folder: csv_files.write(folder / "a.csv", _TRUTH),
        _truth("a.csv"),
        60,
    ),
    "annotations, CSV by the clock": Reader(
        _text("a.csv", _CLOCK), _truth("a.csv"), 40
    ),
    "annotations, CSV by frames": Reader(
        _text("a.csv", _FRAMES), _truth("a.csv"), 40
    ),
    "annotations, ActivityNet": Reader(
        lambda folder: activitynet.write(folder / "a.json", _TRUTH),
        _truth("a.json"),
        60,
    ),
    "annotations, THUMOS'14": Reader(
        lambda folder: thumos14.write(folder, _TRUTH), _truth("."), 40
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
        _text("a.txt", "u 0.4 1.2 1 0.9\n" * 3), _found("a.txt"), 60
    ),
    "lists of videos": Reader(
        _text("a.txt", _LIST),
        lambda folder: video_lists.read(str(folder / "a.txt")),
        40,
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
}
