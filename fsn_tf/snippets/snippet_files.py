"""Snippet files: one TFRecord example per snippet, in order."""

from collections.abc import Callable
from collections.abc import Iterable
import json
import pathlib
from typing import Any

import tensorflow as tf

from fsn_tf import files
from fsn_tf import quietly
from fsn_tf.errors import InputError
from fsn_tf.snippets import snippet_records
from fsn_tf.snippets.stored_snippets import VERSION
from fsn_tf.snippets.stored_snippets import SnippetFile


def write(
    path: pathlib.Path | str,
    jpegs: Iterable[list[bytes]],
    describe: Callable[[], dict[str, Any]],
) -> None:
    """Writes one video's snippet file and its metadata, whole or not at all.

    Args:
        path: Of the TFRecord file; the metadata lies beside it as JSON.
        jpegs: Iterable over snippets; each a list of JPEG bytes.
        describe: Called after the last snippet; gives the fields of
            SnippetFile but path and offsets.

    Raises:
        OSError: The folder cannot be written or the disk is full.
    """
    path = pathlib.Path(path)
    with files.written_whole(path) as partial:
        try:
            offsets = snippet_records.write(partial, jpegs)
        except tf.errors.OpError as error:
            raise OSError(
                f"{path}: cannot be written: {quietly.reason(error)}"
            ) from error
        if partial.stat().st_size != offsets[-1]:
            raise OSError(f"{path}: cannot be written; is the disk full?")
    # The metadata comes last: where it lies, the snippets are complete.
    try:
        metadata = {**describe(), "offsets": offsets}
        files.write_json(metadata_path(path), metadata)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def metadata_path(path: pathlib.Path | str) -> pathlib.Path:
    """Where the metadata of a snippet file lies."""
    return pathlib.Path(path).with_suffix(".json")


def read_metadata(path: pathlib.Path | str) -> SnippetFile:
    """Reads what is known about one snippet file.

    Raises:
        InputError: The metadata or the snippet file is missing or damaged.
    """
    path = pathlib.Path(path)
    again = "delete it and run fsn prepare again"
    try:
        text = metadata_path(path).read_text(encoding="utf-8")
        fields = json.loads(text)
        fields["offsets"] = tuple(fields["offsets"])
        snippets = SnippetFile(path=str(path), **fields)
        _check(snippets, path)
    except FileNotFoundError:
        message = f"{metadata_path(path)}: no such file; run fsn prepare"
        raise InputError(message) from None
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        message = f"{metadata_path(path)}: is not whole; {again}"
        raise InputError(message) from None
    size = path.stat().st_size if path.is_file() else 0
    if size != snippets.offsets[-1]:
        raise InputError(
            f"{path}: has {size} bytes where {snippets.offsets[-1]} were "
            f"written; {again}"
        )
    return snippets


def _check(snippets, path):
    """Raises ValueError on metadata that `write` would not have written."""
    numbers = (snippets.snippet_frames, snippets.num_frames, *snippets.offsets)
    numbers += (snippets.width, snippets.height, snippets.source["bytes"])
    steps = zip(snippets.offsets[:-1], snippets.offsets[1:], strict=True)
    whole = (
        all(type(number) is int for number in numbers)
        and snippets.video == path.stem
        and snippets.stream == path.parent.name
        and snippets.version == VERSION
        and 0 < snippets.fps < float("inf")
        and snippets.offsets[0] == 0
        and all(first < second for first, second in steps)
        and min(snippets.width, snippets.height, snippets.num_frames) > 0
        and snippets.num_snippets
        == -(-snippets.num_frames // snippets.snippet_frames)
    )
    if not whole:
        raise ValueError("not as written")


def scan(
    prepared: pathlib.Path | str, stream: str
) -> tuple[dict[str, SnippetFile], dict[str, InputError]]:
    """Every video of a stream, and what is wrong with the damaged ones.

    Returns:
        ({name: SnippetFile}, {name: InputError}), in name order.

    Raises:
        InputError: There is none.
    """
    folder = pathlib.Path(prepared) / stream
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; run fsn prepare")
    found, damaged = {}, {}
    for path in sorted(folder.glob("[!.]*.json")):
        name = path.name.removesuffix(".json")
        try:
            found[name] = read_metadata(path.with_name(f"{name}.tfrecord"))
        except InputError as error:
            damaged[name] = error
    if not found and not damaged:
        raise InputError(f"{folder}: holds no snippet file; run fsn prepare")
    return found, damaged
