r"""Exports a trained network as a SavedModel, TFLite or ONNX file.

    fsn export --workdir=runs/fsn_rgb --out=fsn_rgb --results=results
    fsn export --workdir=runs/fsn_rgb,runs/fsn_flow --out=fsn

The model takes uint8 RGB frames of one clip, (T, H, W, 3), and gives
(T, K + 1) class probabilities; model.json beside it names the classes, the
frame rate, the training data and the results. It runs without fsn_tf. Of two
workdirs, OUT/rgb and OUT/flow are such models, which fsn localize fuses. The
same command again finds it done.
"""

from absl import flags

from fsn_tf import errors
from fsn_tf import quietly
from fsn_tf.commands import shared_flags

FLAGS = flags.FlagValues()

_WORKDIR = flags.DEFINE_list(
    "workdir",
    None,
    "What fsn train made; or an RGB and a flow workdir, separated by a comma.",
    required=True,
    flag_values=FLAGS,
)
_FUSION_WEIGHTS = shared_flags.fusion_weights(FLAGS, "of several workdirs")
_OUT = shared_flags.out(FLAGS, "Folder of the model.")
_FORMAT = flags.DEFINE_enum(
    "format",
    "saved_model",
    ["saved_model", "tflite", "onnx"],
    "Format; TFLite and ONNX take frames of the trained size only.",
    flag_values=FLAGS,
)
_CHECKPOINT = shared_flags.checkpoint(FLAGS)
_PRECISION = shared_flags.precision(FLAGS)
_RESULTS = flags.DEFINE_string(
    "results",
    None,
    "Folder that fsn evaluate made; its figures go into model.json.",
    flag_values=FLAGS,
)


def main() -> None:
    """Exports the network, or those of several streams."""
    workdirs, weights = _WORKDIR.value, _FUSION_WEIGHTS.value
    if not workdirs:
        raise errors.UsageError("--workdir: expected a folder, got none")
    if len(workdirs) == 1 and weights is not None:
        raise errors.UsageError("--fusion_weights: one workdir has none")
    exports = quietly.imported("fsn_tf.exports.model_folders")
    is_new = exports.export(
        workdirs,
        _OUT.value,
        format=_FORMAT.value,
        results=_RESULTS.value,
        weights=_numbers(weights),
        which=_CHECKPOINT.value,
        precision=_PRECISION.value,
    )
    print(f"{_OUT.value}: {'exported' if is_new else 'holds it already'}")


def _numbers(texts):
    try:
        return texts and [float(text) for text in texts]
    except ValueError as error:
        raise errors.UsageError(
            f"--fusion_weights={','.join(texts)}: expected numbers with "
            "commas between them"
        ) from error
