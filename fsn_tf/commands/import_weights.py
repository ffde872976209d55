r"""Turns released weights into a file that training starts from.

    fsn import-weights --source=tsn_rgb.caffemodel.v5 \
        --out=tsn_rgb.weights.h5
    fsn train --backbone=BNInception --init_from=tsn_rgb.weights.h5 ...

Takes TSN's Caffe models; PyTorch's BN-Inception, tsn-pytorch's checkpoints,
torchvision's and mmaction2's ResNet-50, EfficientNet-Lite 0 to 2, as .pth of
either format; and files of Keras. Neither Caffe nor PyTorch is needed, and
nothing in a file is run.

The classifier is left out. Any other name or shape that does not fit is an
error. Of Caffe models from before cuDNN 5 take the converted ones, .v5: the
others hold inverse deviations where these hold variances.
"""

from absl import flags

from fsn_tf import errors
from fsn_tf import quietly
from fsn_tf.commands import shared_flags

FLAGS = flags.FlagValues()

_SOURCE = flags.DEFINE_string(
    "source", None, "Weights file.", required=True, flag_values=FLAGS
)
_OUT = shared_flags.out(FLAGS, "File to write; its name ends with .weights.h5.")
_BACKBONE = flags.DEFINE_string(
    "backbone",
    "",
    "2D CNN that the weights are for; the file tells BNInception, "
    "TorchBNInception, TorchResNet50 and EfficientNetLite0 to 2.",
    flag_values=FLAGS,
)
_ALLOW_MISSING = flags.DEFINE_list(
    "allow_missing",
    [],
    "Layers that may be in the file alone (left out) or in the 2D CNN alone "
    "(random), such as a classifier of another name.",
    flag_values=FLAGS,
)


def main() -> None:
    """Imports one file; prints what was done with it."""
    if not _OUT.value.endswith(".weights.h5"):
        raise errors.UsageError(
            f"--out: expected a name that ends with .weights.h5, got "
            f"{_OUT.value!r}"
        )
    weights = quietly.imported("fsn_tf.networks.weights")
    report = weights.import_file(
        _SOURCE.value,
        _OUT.value,
        backbone=_BACKBONE.value,
        allow_missing=_ALLOW_MISSING.value,
    )
    print("\n".join(report))
