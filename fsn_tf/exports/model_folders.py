"""A folder of exported models, one for each stream of a fused network."""

from collections.abc import Sequence
import os
import pathlib

from fsn_tf import files
from fsn_tf.errors import InputError
from fsn_tf.exports import export as exports
from fsn_tf.exports import exported_models
from fsn_tf.exports import finished_exports
from fsn_tf.exports import model_card
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import score_folders
from fsn_tf.prediction import precisions


def export(
    workdirs: pathlib.Path | str | Sequence[pathlib.Path | str],
    out: pathlib.Path | str,
    *,
    format: str = "saved_model",
    results: pathlib.Path | str | None = None,
    weights: Sequence[float] | None = None,
    which: str = "last",
    precision: str = "float32",
) -> bool:
    """Writes a model that runs without fsn_tf, of one stream or of several.

    Examples:
        >>> fsn_tf.export("run", "model")
        True

    The model of one workdir is what export.export writes. Of several, OUT/rgb
    and OUT/flow are such models; OUT/model.json names them, and how the mean
    of their probabilities is weighted (choice C17).

    Args:
        workdirs: Folder that training made, or several of different streams.
        out: Folder of the model, new or holding the same export.
        format: "saved_model", "tflite" or "onnx".
        results: Folder of what fsn evaluate found, of several streams by
            their fused scores, for model.json.
        weights: One number for each of several workdirs; equal if None.
        which: "last" or "best" checkpoint.
        precision: "float32" or "bfloat16", which the network computes in.

    Returns:
        Whether it was written; not where the same lies there already.

    Raises:
        InputError: A workdir holds no network that scores frames, they do not
            fit each other, something else lies in `out`, `results` are none
            of theirs, or a package is missing.
        OSError: It cannot be written.
    """
    if isinstance(workdirs, str | os.PathLike):
        workdirs = [workdirs]
    options = {"which": which, "form": format, "precision": precision}
    made_of = finished_exports.made_of(
        workdirs, results=results, weights=weights, **options
    )
    if finished_exports.is_done(out, made_of):
        return False
    files.check_writable(out)
    precisions.note_if_slow(precision)
    if len(workdirs) == 1 and weights is None:
        exports.export(workdirs[0], out, results=results, **options)
    else:
        _export_streams(workdirs, out, weights, results, options, made_of)
    return True


def _export_streams(workdirs, out, weights, results, options, made_of):
    """Writes a folder with a model for each stream."""
    weights = [1.0] * len(workdirs) if weights is None else list(weights)
    if len(weights) != len(workdirs) or not score_folders.are_weights(weights):
        raise InputError(
            f"{len(workdirs)} workdirs need as many weights, 0 or more and "
            f"not all 0; got {weights}"
        )
    with files.folder_written_whole(out) as partial:
        cards = {}
        for workdir in workdirs:
            made = partial / "next"
            made.mkdir()
            exports.fill(made, workdir, **options)
            card = exported_models.read(made)
            if card["stream"] in cards:
                raise InputError(
                    f"{workdir}: is another model of {card['stream']}; "
                    "expected one of each stream"
                )
            made.rename(partial / card["stream"])
            cards[card["stream"]] = card
        exported_models.check(list(zip(workdirs, cards.values(), strict=True)))
        classes = [
            name for name in card["classes"] if name != frame_scores.BACKGROUND
        ]
        value = {
            "format": exported_models.STREAMS,
            "streams": list(cards),
            "weights": weights,
            "result": results and model_card.result(results, classes),
            finished_exports.MADE_OF: made_of,
        }
        files.write_json(partial / exported_models.CARD, value)
