r"""Cuts videos into snippets that training and prediction read.

    fsn prepare --videos=thumos14/validation --out=prepared

    fsn prepare --videos=thumos14/validation --out=prepared --stream=flow

    fsn prepare --tfds=ucf101/ucf101_1 --split=train --out=prepared

Writes OUT/STREAM/VIDEO.tfrecord and VIDEO.json for every video. The same
command again goes on where it was stopped and adds videos that are new.

    fsn prepare --stream=features --workdir=runs/tsn_rgb --prepared=prepared \
        --out=features

    fsn prepare --stream=features --features=DIR --snippet_frames=8 --out=OUT

stores what a trained 2D CNN sees in every snippet, or arrays (N, D) that
somebody else made: VIDEO.npy or VIDEO.npz, or one .npz of all videos.

--videos holds video files, or for each video a folder of frames
img_00001.jpg and so on (then give --source_fps), or folders of them. Folders
of flow, flow_x_00001.jpg and flow_y_00001.jpg, are taken over where
--stream=flow.

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
    "stream",
    "rgb",
    ["rgb", "flow", "features"],
    "What to store.",
    flag_values=FLAGS,
)
_WORKDIR = flags.DEFINE_string(
    "workdir",
    None,
    "What fsn train made; its 2D CNN gives the features.",
    flag_values=FLAGS,
)
_PREPARED = flags.DEFINE_string(
    "prepared", None, "Snippets that the 2D CNN sees.", flag_values=FLAGS
)
_FEATURES = flags.DEFINE_string(
    "features",
    None,
    "Folder of VIDEO.npy or VIDEO.npz, or an .npz of joined videos with the "
    "arrays features (or scores) and length.",
    flag_values=FLAGS,
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


# What each way of preparing is asked for by, and what it needs besides.
_WAYS = {
    "videos": (),
    "tfds": ("split",),
    "workdir": ("prepared",),
    "features": (),
}


def main():
    """Prepares the videos; returns 1 if any failed."""
    way = _way()
    if math.isnan(_FPS.value):
        raise errors.UsageError("--fps=nan: expected a number")
    prepare = {
        "videos": _from_videos,
        "tfds": _from_videos,
        "workdir": _from_network,
        "features": _from_arrays,
    }[way]
    return 1 if prepare() else 0


def _way():
    """Which of _WAYS the flags ask for."""
    ways = [name for name in _WAYS if FLAGS[name].value is not None]
    allowed = ["videos", "tfds"]
    if _STREAM.value == "features":
        allowed = ["workdir", "features"]
    if len(ways) != 1 or ways[0] not in allowed:
        names = " or ".join(f"--{name}" for name in allowed)
        raise errors.UsageError(
            f"--stream={_STREAM.value} needs {names}, and none of the others"
        )
    for name in _WAYS[ways[0]]:
        if FLAGS[name].value is None:
            raise errors.UsageError(f"--{ways[0]} needs --{name}")
    for name in ("split", "data_dir", "download"):
        if FLAGS[name].present and ways[0] != "tfds":
            raise errors.UsageError(f"--{name} needs --tfds")
    return ways[0]


def _from_network():
    feature_preparation = quietly.imported("fsn_tf.feature_preparation")
    return feature_preparation.from_network(
        _WORKDIR.value, _PREPARED.value, _OUT.value
    )


def _from_arrays():
    feature_preparation = quietly.imported("fsn_tf.feature_preparation")
    return feature_preparation.from_arrays(
        _FEATURES.value,
        _OUT.value,
        fps=_FPS.value,
        snippet_frames=_SNIPPET_FRAMES.value,
    )


def _from_videos():
    preparation = quietly.imported("fsn_tf.preparation")
    width, _, height = _SIZE.value.partition("x")
    sides = [
        int(x) if re.fullmatch("[0-9]+", x) else 0 for x in (width, height)
    ]
    if not all(0 < side <= _LARGEST_SIDE for side in sides):
        raise errors.UsageError(
            f"--size={_SIZE.value}: expected WIDTHxHEIGHT, such as 340x256"
        )
    source_fps = _SOURCE_FPS.value
    if source_fps is not None and math.isnan(source_fps):
        raise errors.UsageError("--source_fps=nan: expected a number")
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
    options = {"workers": _WORKERS.value, "source_fps": source_fps}
    if _TFDS.value is None:
        return preparation.prepare(
            _VIDEOS.value, _OUT.value, settings, **options
        )
    part = _part()
    failed = preparation.prepare_found(
        part.paths, part.missing, _OUT.value, settings, **options
    )
    print(f"{ucf101.write_list(_OUT.value, part)}: labels of its videos")
    return failed


def _part():
    """The videos of the data set; downloads them where that is asked for."""
    name = ucf101.list_name(_TFDS.value, _SPLIT.value)
    folder = pathlib.Path(_DATA_DIR.value).expanduser()
    if _DOWNLOAD.value:
        ucf101.download(folder)
    return ucf101.find(folder, name)
