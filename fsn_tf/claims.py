"""What a folder was made for; nothing else is mixed into it."""

from collections.abc import Callable
from collections.abc import Mapping
import pathlib
from typing import Any

from fsn_tf import files
from fsn_tf.errors import InputError


def check_same(
    known: Mapping[str, Any],
    asked: Mapping[str, Any],
    refusal: Callable[[str], str],
) -> None:
    """Refuses what differs from what is there.

    Args:
        known: Facts on what is there; one that is missing is None.
        asked: The facts that it must have; it may have more.
        refusal: From the name of the first fact that differs to a line.

    Raises:
        InputError: A fact differs.
    """
    for name, value in asked.items():
        if known.get(name) != value:
            raise InputError(refusal(name))


def claim(
    path: pathlib.Path,
    facts: dict[str, Any],
    refusal: Callable[[str, Any], str],
) -> None:
    """Notes what a folder is for; refuses to mix it with something else.

    Args:
        path: JSON file of the note, in the folder.
        facts: What the folder is for; values that JSON gives back the same.
        refusal: From the name of the first fact that differs, and what the
            note says, to a line.

    Raises:
        InputError: The folder belongs to something else.
        OSError: The note cannot be written.
    """
    if not path.exists():
        files.write_json(path, facts)
        return
    try:
        known = files.read_json(path)
    except ValueError:
        known = "something that is not JSON"
    stored = known if isinstance(known, dict) else {}
    check_same(stored, facts, lambda name: refusal(name, known))
