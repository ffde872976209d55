"""Writes snippet files, without TensorFlow."""

from collections.abc import Callable
from collections.abc import Iterable
import pathlib
from typing import Any

from fsn_tf import files
from fsn_tf import fingerprints
from fsn_tf.snippets import checksums
from fsn_tf.snippets import record_writing
from fsn_tf.snippets import snippet_facts


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
            SnippetFacts but path, offsets and what is computed of them.

    Raises:
        OSError: The folder cannot be written or the disk is full.
    """
    write_by(
        lambda partial: record_writing.write(partial, jpegs), path, describe
    )


def write_by(
    fill: Callable[[pathlib.Path], list[int]],
    path: pathlib.Path | str,
    describe: Callable[[], dict[str, Any]],
) -> None:
    """As `write`, of records that `fill` writes to a path; gives offsets."""
    path = pathlib.Path(path)
    with files.written_whole(path) as partial:
        offsets = fill(partial)
    # The metadata comes last: where it lies, the snippets are complete.
    try:
        metadata = {
            **describe(),
            "offsets": offsets,
            "crc32c": checksums.of_records(path, tuple(offsets)),
        }
        files.write_json(
            snippet_facts.metadata_path(path), fingerprints.sealed(metadata)
        )
    except OSError:
        path.unlink(missing_ok=True)
        raise
