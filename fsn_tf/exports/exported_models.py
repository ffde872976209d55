"""Folders of exported models, read without TensorFlow."""

from collections.abc import Sequence
import pathlib
from typing import Any

from fsn_tf import files
from fsn_tf.errors import InputError
from fsn_tf.grouping import score_folders

# What a model, or a folder of several, says of itself.
CARD = "model.json"
# The card's `format` of a folder of several.
STREAMS = "fsn_tf streams"
_MUST_AGREE = ("classes", "fps", "snippet_frames")
_NUMBERS = ("fps", "snippet_frames", "clip_snippets", "context_snippets")


def read(folder: pathlib.Path | str) -> dict[str, Any]:
    """Reads and checks the card of an exported model.

    Raises:
        InputError: It is not whole, or a file of the model was not fetched.
    """
    path = pathlib.Path(folder) / CARD
    for each in sorted(path.parent.rglob("*")):
        if each.is_file():
            files.check_not_pointer(each)
    try:
        value = files.read_json(path)
        sizes = value["frame_size"] or [value["feature_size"]] * 2
        numbers = [value[name] for name in _NUMBERS] + sizes
        classes, stream = value["classes"], value["stream"]
        whole = isinstance(stream, str) and len(sizes) == 2 and len(classes) > 1
        whole &= isinstance(classes, list)
        whole &= all(isinstance(name, str) for name in classes)
        whole &= all(0 < number < float("inf") for number in numbers)
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise InputError(f"{path}: is not whole; export the model again")
    return value


def weights_files(
    folder: pathlib.Path | str, card: dict[str, Any]
) -> list[pathlib.Path]:
    """What tells the weights of an exported model from others.

    Args:
        folder: Of the model.
        card: What `read` gives of it.

    Returns:
        Files that are run; of a model from before it had a precision the
        index of its variables alone, which holds a checksum of each.
    """
    folder = pathlib.Path(folder)
    index = folder / "variables" / "variables.index"
    if "precision" not in card and index.is_file():
        return [index]
    others = "saved_model.pb model.tflite features.onnx probabilities.onnx"
    known = [index, *(folder / name for name in others.split())]
    return [path for path in known if path.exists()]


def sizes(folder: pathlib.Path) -> dict[str, int]:
    """Bytes of each TFLite and ONNX file of a folder, for its card."""
    return {
        path.name: path.stat().st_size
        for path in sorted(folder.iterdir())
        if path.suffix in (".tflite", ".onnx")
    }


def check_sizes(folder: pathlib.Path | str, card: dict[str, Any]) -> None:
    """Raises InputError where a file that is there was cut short.

    TensorFlow Lite crashes on one. Older cards do not say sizes.

    Args:
        folder: Of the model.
        card: What `read` gives of it.
    """
    expected = card.get("bytes", {})
    for name, size in sizes(pathlib.Path(folder)).items():
        if size != expected.get(name, size):
            raise InputError(
                f"{folder}/{name}: has {size} bytes, expected "
                f"{expected[name]}; copy or export the model again"
            )


def parts(path: pathlib.Path | str) -> list[tuple[pathlib.Path, float]]:
    """The models that a folder holds: [(path, weight)].

    Args:
        path: What model_folders.export wrote, or the folder of one model,
            which is its only part.

    Raises:
        InputError: Its model.json is not whole.
    """
    path = pathlib.Path(path)
    card = path / CARD
    try:
        files.check_not_pointer(card)
    except (FileNotFoundError, NotADirectoryError):
        return [(path, 1.0)]
    try:
        value = files.read_json(card)
        if value["format"] != STREAMS:
            return [(path, 1.0)]
        streams, weights = value["streams"], value["weights"]
        whole = len(streams) > 0 and score_folders.are_weights(weights)
        found = [
            (path / name, weight)
            for name, weight in zip(streams, weights, strict=True)
        ]
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
