"""Files of labeling tools, and their conversion to those of others."""

import contextlib
import json
import pathlib
import tempfile

from benchmarks.fuzz.readers import made_up_labels
from benchmarks.fuzz.readers.reader import Reader
from fsn_tf import annotations
from fsn_tf import errors
from fsn_tf.annotations import labelings
from fsn_tf.annotations import tool_files
from fsn_tf.datasets import conversion
from tests.kit import numbered_videos

_RATES = labelings.Rates(25.0)
_CVAT = (
    "<annotations><meta><task><name>n</name><size>100</size>"
    "<start_frame>10</start_frame><frame_filter>step=2</frame_filter>"
    '<source>u.mp4</source></task></meta><track id="0" label="Dive">'
    '<box frame="30" outside="0"/><box frame="66" outside="1"/></track>'
    "</annotations>"
)
_VIA = {
    "metadata": {
        "0": {
            "vid": "1",
            "flg": 0,
            "z": [1.2, 2.64],
            "xy": [],
            "av": {"1": "0"},
        }
    },
    "view": {"1": {"fid_list": ["1"]}},
    "file": {"1": {"fname": "u.mp4"}},
    "attribute": {
        "1": {
            "anchor_id": "FILE1_Z2_XY0",
            "options": {"0": "Dive", "1": "Jump"},
        }
    },
}
_BORIS = (
    "Observation id\to1\n\nMedia file(s)\nPlayer #1\tu.mp4\n\n"
    "Time\tMedia file path\tFPS\tSubject\tBehavior\tStatus\n"
    "1.2\tu.mp4\t25\t\tDive\tSTART\n2\tu.mp4\t25\t\tJump\tPOINT\n"
    "2.64\tu.mp4\t25\t\tDive\tSTOP\n"
)
_AUDACITY = "1.2\t2.64\tDive\n\\\t100.0\t900.5\n3\t4\tHigh Jump\n"
# What is not written by this program: (name of the file, text).
_BY_HAND = {
    "audacity": ("u.txt", _AUDACITY),
    "boris, table": ("a.data", _BORIS),
    "cvat": ("a.xml", _CVAT),
    "via": ("a.json", json.dumps(_VIA)),
}
_ENDINGS = {
    "boris": "a.boris",
    "csv": "a.csv",
    "elan": "",
    "srt": "",
    "webvtt": "",
    "mstcn": "",
    "fiftyone": "",
    "thumos14": "",
}


def _name(kind):
    """The name of what lies in the folder of a reader."""
    file_name = _BY_HAND.get(kind, (None, ""))[0]
    return file_name or _ENDINGS.get(kind, "a.json") or "labels"


def _make(kind):
    def make(folder):
        path = folder / _name(kind)
        if kind in _BY_HAND:
            path.write_text(_BY_HAND[kind][1])
            return
        truth = made_up_labels.TRUTH
        labeling = labelings.of_annotations("truth", truth)
        tool_files.write(path, kind, labeling, rates=_RATES, media={})

    return make


def _read(kind):
    format_name = kind.partition(",")[0]

    def read(folder):
        path = folder / _name(kind)
        with contextlib.suppress(errors.InputError):
            # Another may be known in what is damaged.
            annotations.check(annotations.read(path))
            annotations.stated(path)
        source = f"{format_name}@25:{path}"
        annotations.stated(source)
        return annotations.check(annotations.read(source))

    return read


def _convert(kind, to_format):
    def read(folder):
        with tempfile.TemporaryDirectory(dir=folder.parent) as out:
            name = "a" if to_format in _FOLDERS else _name(to_format)
            return conversion.convert(
                folder / _name(kind),
                pathlib.Path(out) / name,
                to_format=to_format,
                from_format=kind.partition(",")[0],
                rate=25.0,
            )

    return read


_FOLDERS = ("elan", "srt", "webvtt", "mstcn", "fiftyone", "thumos14")
_PAIRS = {
    "activitynet": "boris",
    "audacity": "fiftyone",
    "boris": "elan",
    "csv": "mstcn",
    "cvat": "labelstudio",
    "elan": "csv",
    "fiftyone": "webvtt",
    "labelstudio": "srt",
    "thumos14": "activitynet",
    "via": "thumos14",
}


def _make_retimed(folder):
    (folder / "a.csv").write_text("video,start,end,label\nu,0.4,0.9,Dive\n")
    (folder / "videos").mkdir()
    stamps = [frame / 10 for frame in range(12)]
    numbered_videos.write(folder / "videos" / "u.mp4", stamps, fps=10)


def _retime(folder):
    with tempfile.TemporaryDirectory(dir=folder.parent) as out:
        notes = ()
        for retime in (False, True):
            notes += conversion.convert(
                folder / "a.csv",
                pathlib.Path(out) / "a.csv",
                to_format="csv",
                videos=folder / "videos",
                retime=retime,
            )
        return notes


_KINDS = (
    "audacity,boris,cvat,elan,fiftyone,labelstudio,mstcn,srt,via,webvtt"
).split(",")
READERS = {
    **{
        f"annotations, {kind}": Reader(_make(kind), _read(kind), 20)
        for kind in (*_KINDS, "boris, table")
    },
    **{
        f"fsn convert, {kind} to {other}": Reader(
            _make(kind), _convert(kind, other), 10
        )
        for kind, other in _PAIRS.items()
    },
    "fsn convert, with videos": Reader(
        _make_retimed, _retime, 2, keep=(".csv",)
    ),
}
