"""Snippet files: one TFRecord example per snippet, in order."""

import pathlib

import numpy as np

from fsn_tf.snippets import snippet_facts
from fsn_tf.snippets.stored_snippets import SnippetFile


def read_metadata(path: pathlib.Path | str) -> SnippetFile:
    """Reads what is known about one snippet file.

    Raises:
        InputError: The metadata or the snippet file is missing or damaged.
    """
    facts = vars(snippet_facts.read(path))
    # A fifth of the memory that numbers of Python's take.
    offsets = np.array(facts["offsets"], np.int64)
    return SnippetFile(**{**facts, "offsets": offsets})
