r"""Scores every frame of prepared videos.

    fsn predict --workdir=runs/fsn_rgb --prepared=prepared --out=scores

Writes OUT/VIDEO.npz with `scores` (T, K + 1), `fps` and `classes`.
"""

import pathlib

from absl import flags

from fsn_tf import quietly

FLAGS = flags.FlagValues()

_WORKDIR = flags.DEFINE_string(
    "workdir", None, "What fsn train made.", required=True, flag_values=FLAGS
)
_PREPARED = flags.DEFINE_string(
    "prepared",
    None,
    "What fsn prepare made.",
    required=True,
    flag_values=FLAGS,
)
_OUT = flags.DEFINE_string(
    "out", None, "Folder to write to.", required=True, flag_values=FLAGS
)
_INFERENCE = flags.DEFINE_enum(
    "inference",
    "windows",
    ["windows", "whole"],
    "Clips of T frames without overlap (the paper's), or the whole video "
    "with full context at every frame.",
    flag_values=FLAGS,
)
_VIDEOS = flags.DEFINE_string(
    "videos",
    None,
    "Names, separated by commas, or a file with one name per line.",
    flag_values=FLAGS,
)
_CHECKPOINT = flags.DEFINE_enum(
    "checkpoint",
    "last",
    ["last", "best"],
    "Which weights; best has the lowest training loss.",
    flag_values=FLAGS,
)


def main():
    """Predicts the chosen videos."""
    prediction = quietly.imported("fsn_tf.prediction")
    prediction.predict(
        _WORKDIR.value,
        _PREPARED.value,
        _OUT.value,
        inference=_INFERENCE.value,
        videos=_names(_VIDEOS.value),
        which=_CHECKPOINT.value,
    )


def _names(value):
    if value is None:
        return None
    path = pathlib.Path(value)
    if path.is_file():
        value = path.read_text(encoding="utf-8").replace("\n", ",")
    return [name.strip() for name in value.split(",") if name.strip()]
