"""The flags of `fsn prepare`."""

import os

from absl import flags

from fsn_tf.commands import engine_flags
from fsn_tf.commands import shared_flags
from fsn_tf.videos import flow

FLAGS = flags.FlagValues()

VIDEOS = shared_flags.videos(FLAGS, required=False)
TFDS = flags.DEFINE_string(
    "tfds",
    None,
    "Instead of --videos, a data set of tensorflow-datasets: ucf101/ucf101_1, "
    "_2 or _3, by the number of the split.",
    flag_values=FLAGS,
)
DATA_DIR = flags.DEFINE_string(
    "data_dir",
    os.environ.get("TFDS_DATA_DIR", "~/tensorflow_datasets"),
    "For --tfds, the data folder of tensorflow-datasets; or any that holds "
    "the videos and the official lists, packed out.",
    flag_values=FLAGS,
)
SPLIT = flags.DEFINE_enum(
    "split",
    None,
    ["train", "test"],
    "For --tfds, which videos.",
    flag_values=FLAGS,
)
DOWNLOAD = flags.DEFINE_boolean(
    "download",
    False,
    "For --tfds, download what is not there yet to --data_dir (7 GB).",
    flag_values=FLAGS,
)
OUT = shared_flags.out(FLAGS)
STREAM = flags.DEFINE_enum(
    "stream",
    "rgb",
    ["rgb", "flow", "features"],
    "What to store.",
    flag_values=FLAGS,
)
WORKDIR = shared_flags.workdir(
    FLAGS, "What fsn train made; its 2D CNN gives the features.", required=False
)
PREPARED = shared_flags.prepared(
    FLAGS, "Snippets that the 2D CNN sees.", required=False
)
FEATURES = flags.DEFINE_string(
    "features",
    None,
    "Folder of VIDEO.npy or VIDEO.npz, or an .npz of joined videos with the "
    "arrays features (or scores) and length.",
    flag_values=FLAGS,
)
FEATURES_LAYOUT = flags.DEFINE_enum(
    "features_layout",
    "ND",
    ["ND", "DT"],
    "What the arrays of --features hold in a row: ND the features of a "
    "snippet, DT a feature of all snippets, as MS-TCN's.",
    flag_values=FLAGS,
)
FEATURES_PHASE = flags.DEFINE_integer(
    "features_phase",
    None,
    "Frame in a snippet, from 0, that a row of --features speaks of; the "
    "middle if not given.",
    0,
    flag_values=FLAGS,
)
FLOW = flags.DEFINE_enum(
    "flow",
    None,
    [*flow.METHODS, flow.IMPORTED],
    "Where flow comes from; by default imported if DIR holds flow, else tvl1, "
    "the paper's. tvl1_tensorflow is the same, five times as fast; dis is near "
    "200 times as fast.",
    flag_values=FLAGS,
)
FPS = flags.DEFINE_float(
    "fps", 25, "Frames per second to cut at.", 1, 1000, flag_values=FLAGS
)
SOURCE_FPS = shared_flags.source_fps(FLAGS)
SNIPPET_FRAMES = flags.DEFINE_integer(
    "snippet_frames", 5, "Frames per snippet.", 1, flag_values=FLAGS
)
SIZE = flags.DEFINE_string(
    "size", "340x256", "WIDTHxHEIGHT of stored frames.", flag_values=FLAGS
)
QUALITY = flags.DEFINE_integer(
    "quality", 95, "JPEG quality.", 1, 100, flag_values=FLAGS
)
WORKERS = flags.DEFINE_integer(
    "workers",
    os.cpu_count(),
    "Cores to use, by as many processes or threads.",
    1,
    flag_values=FLAGS,
)
ENGINE = engine_flags.define(FLAGS)
