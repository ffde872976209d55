r"""Scores every frame of prepared videos.

    fsn predict --workdir=runs/fsn_rgb --prepared=prepared --out=scores

Writes OUT/VIDEO.npz with `scores` (T, K + 1), `fps` and `classes`.
"""

from absl import flags

from fsn_tf import errors
from fsn_tf import quietly
from fsn_tf.annotations import video_lists
from fsn_tf.commands import engine_flags
from fsn_tf.commands import shared_flags

FLAGS = flags.FlagValues()

_WORKDIR = shared_flags.workdir(FLAGS)
_PREPARED = shared_flags.prepared(FLAGS)
_OUT = shared_flags.out(FLAGS)
_INFERENCE = flags.DEFINE_enum(
    "inference",
    None,
    ["windows", "whole"],
    "Clips of T frames without overlap, or the whole video with full context "
    "at every frame; by default the paper's, windows for FSN, whole for WFSN.",
    flag_values=FLAGS,
)
_VIDEOS = shared_flags.videos(
    FLAGS,
    "Names, separated by commas, or a file with one name per line.",
    required=False,
)
_CHECKPOINT = shared_flags.checkpoint(FLAGS)
_PRECISION = shared_flags.precision(FLAGS)
_ENGINE = engine_flags.define(FLAGS)


def main() -> int:
    """Predicts the chosen videos; returns 1 if any failed."""
    names, engine = _names(_VIDEOS.value), _ENGINE()
    prediction = quietly.imported("fsn_tf.prediction.prepared_videos")
    failed = prediction.predict(
        _WORKDIR.value,
        _PREPARED.value,
        _OUT.value,
        inference=_INFERENCE.value,
        videos=names,
        which=_CHECKPOINT.value,
        precision=_PRECISION.value,
        engine=engine,
    )
    return 1 if failed else 0


def _names(value):
    if value is None:
        return None
    names = video_lists.read(value)
    if not names:
        raise errors.UsageError("--videos: expected names, got none")
    return names
