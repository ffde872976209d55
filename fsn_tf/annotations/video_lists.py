"""Lists of the names of videos."""

import csv
import os

from fsn_tf import errors
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files


def read(value: str) -> list[str]:
    """The names in a text or, where it is the path of a file, in the file.

    Args:
        value: Names, or a path; see parsed.

    Raises:
        InputError: The file is no text, or a name is none.
    """
    if _is_file(value):
        return parsed(text_files.lines(value))
    return parsed([("--videos", line) for line in value.splitlines()])


def parsed(lines) -> list[str]:
    """The names in lines of text, each with the ending of its file or not.

    Args:
        lines: (where, line) pairs. In a line are names with commas between
            them, in quotes where a name has a comma of its own.
    """
    found = []
    for where, line in lines:
        try:
            reader = csv.reader([line], strict=True, skipinitialspace=True)
            fields = [field for row in reader for field in row]
        except csv.Error as error:
            raise errors.InputError(
                f"{where}: expected names, got a mistake: {error}"
            ) from error
        found += [rows.video_name(where, x) for x in fields if x.strip()]
    return found


def _is_file(value):
    try:
        return os.path.isfile(value)
    except ValueError:
        return False
