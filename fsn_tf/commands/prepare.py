r"""Cuts videos into snippets that training and prediction read.

    fsn prepare --videos=thumos14/validation --out=prepared

    fsn prepare --videos=thumos14/validation --out=prepared --stream=flow

    fsn prepare --tfds=ucf101/ucf101_1 --split=train --out=prepared

Writes OUT/STREAM/VIDEO.tfrecord and VIDEO.json for every video. The same
command again goes on where it was stopped and adds videos that are new.

DIR holds video files, or for each video a folder of frames img_00001.jpg and
so on (then give --source_fps), or folders of them. Folders of flow,
flow_x_00001.jpg and flow_y_00001.jpg, are taken over where --stream=flow.

--tfds takes the videos that tensorflow-datasets downloaded, and also writes
OUT/trainlist01.txt, which is what training and evaluation take as
--annotations. A video of the official list that is not there is named, and
counts as failed.
"""

import math
import os
import pathlib
import re

from absl import flags

from fsn_tf import errors
from fsn_tf import flow
from fsn_tf import quietly
from fsn_tf.datasets import ucf101

# JPEG stores no larger ones.
_LARGEST_SIDE = 65_500

FLAGS = flags.FlagValues()

_VIDEOS = flags.DEFINE_string(
    "videos", None, "Folder of videos.", flag_values=FLAGS
)
_TFDS = flags.DEFINE_string(
    "tfds",
    None,
    "Instead of --videos, a data set of tensorflow-datasets: ucf101/ucf101_1, "
    "_2 or _3, by the number of the split.",
    flag_values=FLAGS,
)
_DATA_DIR = flags.DEFINE_string(
    "data_dir",
    os.environ.get("TFDS_DATA_DIR", "~/tensorflow_datasets"),
    "For --tfds, the data folder of tensorflow-datasets; or any that holds "
    "the videos and the official lists, packed out.",
    flag_values=FLAGS,
)
_SPLIT = flags.DEFINE_enum(
    "split",
    None,
    ["train", "test"],
    "For --tfds, which videos.",
    flag_values=FLAGS,
)
_DOWNLOAD = flags.DEFINE_boolean(
    "download",
    False,
    "For --tfds, download what is not there yet to --data_dir (7 GB).",
    flag_values=FLAGS,
)
_OUT = flags.DEFINE_string(
    "out", None, "Folder to write to.", required=True, flag_values=FLAGS
)
_STREAM = flags.DEFINE_enum(
    "stream", "rgb", ["rgb", "flow"], "What to store.", flag_values=FLAGS
)
_FLOW = flags.DEFINE_enum(
    "flow",
    None,
    [*flow.METHODS, flow.IMPORTED],
    "Where flow comes from; by default imported if DIR holds flow, else tvl1, "
    "the paper's. dis is near 200 times as fast.",
    flag_values=FLAGS,
)
_FPS = flags.DEFINE_float(
    "fps", 25, "Frames per second to cut at.", 1, 1000, flag_values=FLAGS
)
_SOURCE_FPS = flags.DEFINE_float(
    "source_fps",
    None,
    "Frames per second of folders of JPEGs.",
    1,
    1000,
    flag_values=FLAGS,
)
_SNIPPET_FRAMES = flags.DEFINE_integer(
    "snippet_frames", 5, "Frames per snippet.", 1, flag_values=FLAGS
)
_SIZE = flags.DEFINE_string(
    "size", "340x256", "WIDTHxHEIGHT of stored frames.", flag_values=FLAGS
)
_QUALITY = flags.DEFINE_integer(
    "quality", 95, "JPEG quality.", 1, 100, flag_values=FLAGS
)
_WORKERS = flags.DEFINE_integer(
    "workers", os.cpu_count(), "Processes.", 1, flag_values=FLAGS
)


def main():
    """Prepares the videos; returns 1 if any failed."""
    _check_source()
    preparation = quietly.imported("fsn_tf.preparation")
    width, _, height = _SIZE.value.partition("x")
    sides = [
        int(x) if re.fullmatch("[0-9]+", x) else 0 for x in (width, height)
    ]
    if not all(0 < side <= _LARGEST_SIDE for side in sides):
        raise errors.UsageError(
            f"--size={_SIZE.value}: expected WIDTHxHEIGHT, such as 340x256"
        )
    for flag in (_FPS, _SOURCE_FPS):
        if flag.value is not None and math.isnan(flag.value):
            raise errors.UsageError(f"--{flag.name}=nan: expected a number")
    if _FLOW.value is not None and _STREAM.value != "flow":
        raise errors.UsageError("--flow needs --stream=flow")
    settings = preparation.Settings(
        stream=_STREAM.value,
        flow=_FLOW.value or "",
        fps=_FPS.value,
        width=sides[0],
        height=sides[1],
        quality=_QUALITY.value,
        snippet_frames=_SNIPPET_FRAMES.value,
    )
    options = {"workers": _WORKERS.value, "source_fps": _SOURCE_FPS.value}
    if _TFDS.value is not None:
        part = _part()
        failed = preparation.prepare_found(
            part.paths, part.missing, _OUT.value, settings, **options
        )
        print(f"{ucf101.write_list(_OUT.value, part)}: labels of its videos")
    else:
        failed = preparation.prepare(
            _VIDEOS.value, _OUT.value, settings, **options
        )
    return 1 if failed else 0


def _check_source():
    if (_VIDEOS.value is None) == (_TFDS.value is None):
        raise errors.UsageError("give one of --videos and --tfds")
    if (_TFDS.value is None) != (_SPLIT.value is None):
        raise errors.UsageError("--tfds and --split need each other")
    for flag in (_DATA_DIR, _DOWNLOAD):
        if FLAGS[flag.name].present and _TFDS.value is None:
            raise errors.UsageError(f"--{flag.name} needs --tfds")


def _part():
    """The videos of the data set; downloads them where that is asked for."""
    name = ucf101.list_name(_TFDS.value, _SPLIT.value)
    folder = pathlib.Path(_DATA_DIR.value).expanduser()
    if _DOWNLOAD.value:
        ucf101.download(folder)
    return ucf101.find(folder, name)
