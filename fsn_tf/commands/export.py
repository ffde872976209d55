r"""Exports a trained network as a SavedModel, TFLite or ONNX file.

    fsn export --workdir=runs/fsn_rgb --out=fsn_rgb --results=results

The model takes uint8 RGB frames of one clip, (T, H, W, 3), and gives
(T, K + 1) class probabilities; model.json beside it names the classes, the
frame rate, the training data and the results. It runs without fsn_tf.
"""

from absl import flags

from fsn_tf import quietly

FLAGS = flags.FlagValues()

_WORKDIR = flags.DEFINE_string(
    "workdir", None, "What fsn train made.", required=True, flag_values=FLAGS
)
_OUT = flags.DEFINE_string(
    "out", None, "Folder of the model.", required=True, flag_values=FLAGS
)
_FORMAT = flags.DEFINE_enum(
    "format",
    "saved_model",
    ["saved_model", "tflite", "onnx"],
    "Format; TFLite and ONNX take frames of the trained size only.",
    flag_values=FLAGS,
)
_CHECKPOINT = flags.DEFINE_enum(
    "checkpoint",
    "last",
    ["last", "best"],
    "Which weights; best has the lowest training loss.",
    flag_values=FLAGS,
)
_RESULTS = flags.DEFINE_string(
    "results",
    None,
    "Folder that fsn evaluate made; its figures go into model.json.",
    flag_values=FLAGS,
)


def main():
    """Exports the network."""
    export = quietly.imported("fsn_tf.export")
    export.export(
        _WORKDIR.value,
        _OUT.value,
        which=_CHECKPOINT.value,
        form=_FORMAT.value,
        results=_RESULTS.value,
    )
    print(f"{_OUT.value}: exported")
