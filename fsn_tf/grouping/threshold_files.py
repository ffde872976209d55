"""Files of a threshold for each class, such as those tuned on validation."""

from collections import abc
import dataclasses
import pathlib

from fsn_tf import errors
from fsn_tf import files
from fsn_tf.grouping import tidying

# What tuning calls its file.
NAME = "thresholds.json"


@dataclasses.dataclass(frozen=True)
class Thresholds:
    """A threshold for each class, and what it was tuned with.

    Attributes:
        of_class: {class: threshold}.
        tidied: How segments were tidied when these thresholds were chosen.
    """

    of_class: abc.Mapping[str, float]
    tidied: tidying.Tidying = tidying.NOTHING


def levels(
    of_class: abc.Mapping[str, float], classes: abc.Sequence[str]
) -> list[float]:
    """The thresholds of K classes.

    Raises:
        InputError: A class has none.
    """
    missing = [name for name in classes if name not in of_class]
    if missing:
        raise errors.InputError(
            f"thresholds: expected one for {missing[0]!r}, got those of "
            f"{', '.join(list(of_class)[:3])}; tune them for these classes"
        )
    return [of_class[name] for name in classes]


def write(
    path: pathlib.Path | str,
    thresholds: Thresholds,
    facts: abc.Mapping[str, object],
) -> None:
    """Writes the file.

    Args:
        path: Of the JSON.
        thresholds: What `read` gives back.
        facts: What is told of how they were chosen.
    """
    value = {
        "version": 1,
        "thresholds": dict(thresholds.of_class),
        **dataclasses.asdict(thresholds.tidied),
        **facts,
    }
    files.write_json(path, value)


def read(path: pathlib.Path | str) -> Thresholds:
    """Reads a file that `write` wrote, or {"thresholds": {class: number}}.

    Raises:
        InputError: It is none.
    """
    try:
        value = files.read_json(path)
    except OSError as error:
        raise errors.InputError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise errors.InputError(f"{path}: expected JSON: {error}") from error
    of_class = value.get("thresholds") if isinstance(value, dict) else None
    if not isinstance(of_class, dict) or not of_class:
        raise errors.InputError(
            f'{path}: expected {{"thresholds": {{class: number}}}}'
        )
    for name, one in of_class.items():
        if not _is_number(one) or not 0 <= one <= 1:
            raise errors.InputError(
                f"{path}: threshold of {name!r}: expected a number from 0 to "
                f"1, got {one!r}"
            )
    return Thresholds(of_class, _tidied(path, value))


def _tidied(path, value):
    given = {}
    for field in dataclasses.fields(tidying.Tidying):
        given[field.name] = value.get(field.name, 0.0)
        if not _is_number(given[field.name]):
            raise errors.InputError(
                f"{path}: {field.name}: expected seconds, got "
                f"{given[field.name]!r}"
            )
    try:
        return tidying.Tidying(**given)
    except errors.InputError as error:
        raise errors.InputError(f"{path}: {error}") from error


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)
