"""A folder of exported models, one for each stream of a fused network."""

from collections.abc import Sequence
import json
import os
import pathlib
from typing import Any

from fsn_tf import files
from fsn_tf import precisions
from fsn_tf.errors import InputError
from fsn_tf.exports import export as exports
from fsn_tf.exports import model_card
from fsn_tf.grouping import frame_scores

_FORMAT = "fsn_tf streams"
_MUST_AGREE = ("classes", "fps", "snippet_frames")


def export(
    workdirs: pathlib.Path | str | Sequence[pathlib.Path | str],
    out: pathlib.Path | str,
    *,
    format: str = "saved_model",
    results: pathlib.Path | str | None = None,
    weights: Sequence[float] | None = None,
    which: str = "last",
    precision: str = "float32",
) -> None:
    """Writes a model that runs without fsn_tf, of one stream or of several.

    Examples:
        >>> fsn_tf.export("run", "model")

    The model of one workdir is what export.export writes. Of several, OUT/rgb
    and OUT/flow are such models; OUT/model.json names them, and how the mean
    of their probabilities is weighted (choice C17).

    Args:
        workdirs: Folder that training made, or several of different streams.
        out: Folder of the model; must not exist.
        format: "saved_model", "tflite" or "onnx".
        results: Folder of what fsn evaluate found, of several streams by
            their fused scores, for model.json.
        weights: One number for each of several workdirs; equal if None.
        which: "last" or "best" checkpoint.
        precision: "float32" or "bfloat16", which the network computes in.

    Raises:
        InputError: A workdir holds no network that scores frames, they do not
            fit each other, `out` exists, `results` are none of theirs, or a
            package is missing.
    """
    if isinstance(workdirs, str | os.PathLike):
        workdirs = [workdirs]
    precisions.note_if_slow(precision)
    options = {"which": which, "form": format, "precision": precision}
    if len(workdirs) == 1 and weights is None:
        exports.export(workdirs[0], out, results=results, **options)
    else:
        _export_streams(workdirs, out, weights, results, options)


def _export_streams(workdirs, out, weights, results, options):
    """Writes a folder with a model for each stream."""
    weights = [1.0] * len(workdirs) if weights is None else list(weights)
    if len(weights) != len(workdirs) or not frame_scores.are_weights(weights):
        raise InputError(
            f"{len(workdirs)} workdirs need as many weights, 0 or more and "
            f"not all 0; got {weights}"
        )
    with files.folder_written_whole(out) as partial:
        cards = {}
        for workdir in workdirs:
            made = partial / "next"
            exports.export(workdir, made, **options)
            card = model_card.read(made)
            if card["stream"] in cards:
                raise InputError(
                    f"{workdir}: is another model of {card['stream']}; "
                    "expected one of each stream"
                )
            made.rename(partial / card["stream"])
            cards[card["stream"]] = card
        check(list(zip(workdirs, cards.values(), strict=True)))
        classes = [
            name for name in card["classes"] if name != frame_scores.BACKGROUND
        ]
        value = {
            "format": _FORMAT,
            "streams": list(cards),
            "weights": weights,
            "result": results and model_card.result(results, classes),
        }
        files.write_json(partial / model_card.NAME, value)


def parts(path: pathlib.Path | str) -> list[tuple[pathlib.Path, float]]:
    """The models that a folder holds: [(path, weight)].

    Args:
        path: What `export` wrote, or the folder of one model, which is its
            only part.

    Raises:
        InputError: Its model.json is not whole.
    """
    path = pathlib.Path(path)
    card = path / model_card.NAME
    try:
        value = json.loads(card.read_text(encoding="utf-8"))
        if value["format"] != _FORMAT:
            return [(path, 1.0)]
        streams, weights = value["streams"], value["weights"]
        whole = len(streams) > 0 and frame_scores.are_weights(weights)
        found = [
            (path / name, weight)
            for name, weight in zip(streams, weights, strict=True)
        ]
    except (FileNotFoundError, NotADirectoryError):
        return [(path, 1.0)]
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise InputError(f"{card}: is not whole; export the model again")
    return found


def check(
    models: Sequence[tuple[pathlib.Path | str, dict[str, Any]]],
) -> None:
    """Raises InputError where models do not score the same frames alike.

    Args:
        models: Pairs of a path and the card of a model.
    """
    (first, expected), *others = models
    for path, card in others:
        for name in _MUST_AGREE:
            if card[name] != expected[name]:
                raise InputError(
                    f"{path}: {name} {_short(card[name])}, but {first} has "
                    f"{_short(expected[name])}; expected streams that agree"
                )


def _short(value):
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return text if len(text) < 60 else f"{text[:57]}..."
