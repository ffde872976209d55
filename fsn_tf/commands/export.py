r"""Exports a trained network as a SavedModel.

    fsn export --workdir=runs/fsn_rgb --out=fsn_rgb
    fsn export --workdir=runs/fsn_rgb,runs/fsn_flow --out=fsn

The SavedModel takes uint8 RGB frames of one clip, (T, H, W, 3), and gives
(T, K + 1) class probabilities; model.json in it names the classes and the
frame rate. It runs without fsn_tf. Of two workdirs, OUT/rgb and
OUT/flow are such models, which fsn localize fuses.
"""

from absl import flags

from fsn_tf import errors
from fsn_tf import quietly

FLAGS = flags.FlagValues()

_WORKDIR = flags.DEFINE_list(
    "workdir",
    None,
    "What fsn train made; or an RGB and a flow workdir, separated by a comma.",
    required=True,
    flag_values=FLAGS,
)
_FUSION_WEIGHTS = flags.DEFINE_list(
    "fusion_weights",
    None,
    "A weight for each of several workdirs; equal if not given.",
    flag_values=FLAGS,
)
_OUT = flags.DEFINE_string(
    "out", None, "Folder of the model.", required=True, flag_values=FLAGS
)
_FORMAT = flags.DEFINE_enum(
    "format", "saved_model", ["saved_model"], "Format.", flag_values=FLAGS
)
_CHECKPOINT = flags.DEFINE_enum(
    "checkpoint",
    "last",
    ["last", "best"],
    "Which weights; best has the lowest training loss.",
    flag_values=FLAGS,
)


def main():
    """Exports the network, or those of several streams."""
    workdirs, weights = _WORKDIR.value, _FUSION_WEIGHTS.value
    if not workdirs:
        raise errors.UsageError("--workdir: expected a folder, got none")
    if len(workdirs) == 1:
        if weights is not None:
            raise errors.UsageError("--fusion_weights: one workdir has none")
        export = quietly.imported("fsn_tf.export")
        export.export(workdirs[0], _OUT.value, which=_CHECKPOINT.value)
    else:
        try:
            weights = weights and [float(weight) for weight in weights]
        except ValueError as error:
            raise errors.UsageError(
                "--fusion_weights: expected numbers, got " + ",".join(weights)
            ) from error
        folders = quietly.imported("fsn_tf.model_folders")
        folders.export(
            workdirs, _OUT.value, weights=weights, which=_CHECKPOINT.value
        )
    print(f"{_OUT.value}: exported")
