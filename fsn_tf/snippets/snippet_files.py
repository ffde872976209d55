"""Snippet files: one TFRecord example per snippet, in order."""

import pathlib

from fsn_tf.errors import InputError
from fsn_tf.segments import names
from fsn_tf.snippets import snippet_facts
from fsn_tf.snippets.stored_snippets import SnippetFile


def read_metadata(path: pathlib.Path | str) -> SnippetFile:
    """Reads what is known about one snippet file.

    Raises:
        InputError: The metadata or the snippet file is missing or damaged.
    """
    return SnippetFile(**vars(snippet_facts.read(path)))


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
        stem = path.name.removesuffix(".json")
        name = names.normalized(stem)
        try:
            found[name] = read_metadata(path.with_name(f"{stem}.tfrecord"))
        except InputError as error:
            damaged[name] = error
    if not found and not damaged:
        raise InputError(f"{folder}: holds no snippet file; run fsn prepare")
    return found, damaged
