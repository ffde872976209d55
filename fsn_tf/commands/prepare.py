r"""Cuts videos into snippets that training and prediction read.

    fsn prepare --videos=thumos14/validation --out=prepared

    fsn prepare --videos=thumos14/validation --out=prepared --stream=flow

Writes OUT/STREAM/VIDEO.tfrecord and VIDEO.json for every video. The same
command again goes on where it was stopped and adds videos that are new.

--videos holds video files, or for each video a folder of frames
img_00001.jpg and so on (then give --source_fps), or folders of them. Folders
of flow, flow_x_00001.jpg and flow_y_00001.jpg, are taken over where
--stream=flow.

    fsn prepare --tfds=ucf101/ucf101_1 --split=train --out=prepared

takes the videos that tensorflow-datasets downloaded, and also writes
OUT/trainlist01.txt, which is what training and evaluation take as
--annotations. A video of the official list that is not there is named, and
counts as failed.

    fsn prepare --stream=features --workdir=runs/tsn_rgb --prepared=prepared \
        --out=features

    fsn prepare --stream=features --features=DIR --snippet_frames=8 --out=OUT

stores what a trained 2D CNN sees in every snippet, or arrays (N, D) that
somebody else made: VIDEO.npy or VIDEO.npz, or one .npz of all videos.

    fsn prepare --videos=/data/videos --out=/data/prepared --stream=flow \
        --runner=FlinkRunner --runner_options="--flink_master=HOST:8081"

leaves the work to a cluster, by Apache Beam.
"""

import pathlib
import re

from fsn_tf import errors
from fsn_tf import quietly
from fsn_tf.commands import numbers
from fsn_tf.commands import preparation_flags as given
from fsn_tf.datasets import ucf101
from fsn_tf.snippets import preparation

# JPEG stores no larger ones.
_LARGEST_SIDE = 65_500

FLAGS = given.FLAGS

# What each way of preparing is asked for by, and what it needs besides.
_WAYS = {
    "videos": (),
    "tfds": ("split",),
    "workdir": ("prepared",),
    "features": (),
}
# What means something in one way alone.
_OF_ONE_WAY = {
    "split": "tfds",
    "data_dir": "tfds",
    "download": "tfds",
    "prepared": "workdir",
    "features_layout": "features",
    "features_phase": "features",
}


def main() -> int:
    """Prepares the videos; returns 1 if any failed."""
    way = _way()
    numbers.check(given.FPS, given.SOURCE_FPS)
    prepare = {
        "videos": _from_videos,
        "tfds": _from_tfds,
        "workdir": _from_network,
        "features": _from_arrays,
    }[way]
    return 1 if prepare() else 0


def _way():
    """Which of _WAYS the flags ask for."""
    ways = [name for name in _WAYS if FLAGS[name].value is not None]
    on_features = given.STREAM.value == "features"
    allowed = ["workdir", "features"] if on_features else ["videos", "tfds"]
    if len(ways) != 1 or ways[0] not in allowed:
        names = " or ".join(f"--{name}" for name in allowed)
        raise errors.UsageError(
            f"--stream={given.STREAM.value} takes one of {names}"
        )
    (way,) = ways
    for name in _WAYS[way]:
        if FLAGS[name].value is None:
            raise errors.UsageError(f"--{way} needs --{name}")
    if on_features and given.ENGINE() is not None:
        raise errors.UsageError("--runner needs --videos or --tfds")
    for name, its_way in _OF_ONE_WAY.items():
        if FLAGS[name].present and its_way != way:
            raise errors.UsageError(f"--{name} needs --{its_way}")
    return way


def _from_network():
    feature_preparation = quietly.imported("fsn_tf.prediction.features")
    return feature_preparation.from_network(
        given.WORKDIR.value, given.PREPARED.value, given.OUT.value
    )


def _from_arrays():
    feature_preparation = quietly.imported("fsn_tf.prediction.features")
    return feature_preparation.from_arrays(
        given.FEATURES.value,
        given.OUT.value,
        fps=given.FPS.value,
        snippet_frames=given.SNIPPET_FRAMES.value,
        layout=given.FEATURES_LAYOUT.value,
        phase=given.FEATURES_PHASE.value,
    )


def _from_videos():
    settings, options = _settings()
    return preparation.prepare(
        given.VIDEOS.value, given.OUT.value, settings, **options
    )


def _from_tfds():
    """The videos of the data set; downloads them where that is asked for."""
    settings, options = _settings()
    name = ucf101.list_name(given.TFDS.value, given.SPLIT.value)
    folder = pathlib.Path(given.DATA_DIR.value).expanduser()
    if given.DOWNLOAD.value:
        ucf101.download(folder)
    part = ucf101.find(folder, name)
    failed = preparation.prepare_found(
        part.paths, part.missing, given.OUT.value, settings, **options
    )
    print(f"{ucf101.write_list(given.OUT.value, part)}: labels of its videos")
    return failed


def _settings():
    """(preparation.Settings, how to go about it)."""
    width, _, height = given.SIZE.value.partition("x")
    sides = [
        int(x) if re.fullmatch("[0-9]+", x) else 0 for x in (width, height)
    ]
    if not all(0 < side <= _LARGEST_SIDE for side in sides):
        raise errors.UsageError(
            f"--size={given.SIZE.value}: expected WIDTHxHEIGHT, such as 340x256"
        )
    if given.FLOW.value is not None and given.STREAM.value != "flow":
        raise errors.UsageError("--flow needs --stream=flow")
    settings = preparation.Settings(
        stream=given.STREAM.value,
        flow=given.FLOW.value or "",
        fps=given.FPS.value,
        width=sides[0],
        height=sides[1],
        quality=given.QUALITY.value,
        snippet_frames=given.SNIPPET_FRAMES.value,
    )
    engine = given.ENGINE()
    if engine is not None and FLAGS["workers"].present:
        raise errors.UsageError(
            "--workers is for this machine; --runner has --runner_options"
        )
    options = {
        "workers": given.WORKERS.value,
        "source_fps": given.SOURCE_FPS.value,
        "engine": engine,
    }
    return settings, options
