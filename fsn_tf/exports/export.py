"""Trained networks for use elsewhere: SavedModel, TFLite, ONNX."""

import pathlib

import tensorflow as tf

from fsn_tf import files
from fsn_tf import quietly
from fsn_tf.errors import UsageError
from fsn_tf.exports import conversion
from fsn_tf.exports import exported_models
from fsn_tf.exports import finished_exports
from fsn_tf.exports import model_card
from fsn_tf.exports import signatures
from fsn_tf.training import checkpoints


def export(
    workdir: pathlib.Path | str,
    out: pathlib.Path | str,
    *,
    which: str = "last",
    form: str = "saved_model",
    precision: str = "float32",
    results: pathlib.Path | str | None = None,
) -> None:
    """Writes a model that runs without fsn_tf, and its card, to a new folder.

    A SavedModel has the functions of `signatures.signatures` and takes frames
    of any size. A TFLite file has the same, of ONNX each has a file; both
    take frames of the card's frame size.

    Args:
        workdir: Folder that training made.
        out: Folder of the model; must not exist.
        which: "last" or "best" checkpoint.
        form: "saved_model", "tflite" or "onnx".
        precision: "float32" or "bfloat16", which the network computes in;
            what it takes and gives stays the same.
        results: Folder of what fsn evaluate found, for the card.

    Raises:
        UsageError: A TFLite or ONNX file cannot have that precision.
        InputError: The workdir holds no network that scores frames, `out`
            exists, `results` are none of its, or a package is missing.
        OSError: It cannot be written.
    """
    with files.folder_written_whole(out) as partial:
        fill(
            partial,
            workdir,
            which=which,
            form=form,
            precision=precision,
            results=results,
        )


def fill(
    folder: pathlib.Path,
    workdir: pathlib.Path | str,
    *,
    which: str,
    form: str,
    precision: str,
    results: pathlib.Path | str | None = None,
) -> None:
    """Writes the model and its card into an empty folder; see `export`."""
    if form != "saved_model" and precision != "float32":
        raise UsageError(
            f"--precision={precision}: expected --format=saved_model, got "
            f"{form}; what runs {form} files has no convolutions in it"
        )
    network, experiment, facts = checkpoints.load_frame_network(
        workdir, which=which, precision=precision
    )
    offered = signatures.signatures(
        network, experiment, facts, any_size=form == "saved_model"
    )
    card = {
        "format": form,
        **model_card.card(workdir, experiment, facts),
        "checkpoint": which,
        "precision": precision,
        "signatures": {
            name: model_card.signature(takes)
            for name, (_, takes) in offered.items()
        },
        "result": results and model_card.result(results, facts["classes"]),
        finished_exports.MADE_OF: finished_exports.made_of(
            [workdir],
            which=which,
            form=form,
            precision=precision,
            results=results,
        ),
    }
    try:
        _WRITERS[form](folder, offered)
    except tf.errors.OpError as error:
        # Whoever made the folder says where.
        raise OSError(quietly.reason(error)) from error
    if written := exported_models.sizes(folder):
        card["bytes"] = written
    files.write_json(folder / exported_models.CARD, card)


def _write_saved_model(folder, offered):
    model = tf.Module()
    functions = {name: function for name, (function, _) in offered.items()}
    for name, function in functions.items():
        setattr(model, name, function)
    # Where weights are no constants.
    model.kept = [
        function.get_concrete_function().variables
        for function in functions.values()
    ]
    tf.saved_model.save(model, str(folder), signatures=functions)


_WRITERS = {
    "saved_model": _write_saved_model,
    "tflite": conversion.write_tflite,
    "onnx": conversion.write_onnx,
}
