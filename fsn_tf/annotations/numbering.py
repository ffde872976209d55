"""How the files of the THUMOS'14 kit number the classes."""

from collections.abc import Iterable
from collections.abc import Mapping
import pathlib

from fsn_tf import errors
from fsn_tf import files
from fsn_tf import segments
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

CLASS_LIST = "detclasslist.txt"

# THUMOS'14 detects 20 of UCF101's 101 classes and keeps their numbers.
UCF101_IDS = {
    "BaseballPitch": 7,
    "BasketballDunk": 9,
    "Billiards": 12,
    "CleanAndJerk": 21,
    "CliffDiving": 22,
    "CricketBowling": 23,
    "CricketShot": 24,
    "Diving": 26,
    "FrisbeeCatch": 31,
    "GolfSwing": 33,
    "HammerThrow": 36,
    "HighJump": 40,
    "JavelinThrow": 45,
    "LongJump": 51,
    "PoleVault": 68,
    "Shotput": 79,
    "SoccerPenalty": 85,
    "TennisSwing": 92,
    "ThrowDiscus": 93,
    "VolleyballSpiking": 97,
}


def class_list(folder: pathlib.Path | str) -> dict[str, int]:
    """{class: id} of a kit folder in the order of the ids.

    The class list lies in the folder itself or else in the folder around it;
    without one the result is empty.
    """
    path = class_list_path(folder)
    return {} if path is None else _listed(path)


def class_list_path(folder: pathlib.Path | str) -> pathlib.Path | None:
    """Where that class list is, or None."""
    folder = pathlib.Path(folder)
    paths = folder / CLASS_LIST, folder.resolve().parent / CLASS_LIST
    return next((path for path in paths if path.exists()), None)


def write_class_list(
    folder: pathlib.Path | str, classes: Iterable[str]
) -> None:
    """Writes the class list of a kit folder, numbered from 1."""
    numbered = enumerate(classes, start=1)
    content = "".join(f"{number} {name}\n" for number, name in numbered)
    files.write_text(pathlib.Path(folder, CLASS_LIST), content)


def _listed(path):
    ids: dict[str, int] = {}
    for where, line in text_files.lines(path):
        if not line.strip():
            continue
        number, *rest = line.split(maxsplit=1)
        name = rows.name(where, "class", "".join(rest))
        number = _whole(where, number)
        if name in ids or number in ids.values():
            raise text_files.mistake(
                where, "an id and class once", line.strip()
            )
        ids[name] = number
    ids.pop(segments.AMBIGUOUS, None)
    if not ids:
        raise errors.InputError(f"{path}: expected rows `ID CLASS`, got none")
    return dict(sorted(ids.items(), key=lambda item: item[1]))


def _whole(where, field):
    """A class id; MATLAB writes some as 7.0."""
    number = rows.finite(where, "class id", field)
    if number != int(number):
        raise text_files.mistake(where, "class id to be a whole number", field)
    return int(number)


def candidates(
    classes: Iterable[str], ids: Mapping[str, int] | None
) -> list[dict[int, str]]:
    """The ways to number the classes, [{id: class}], the preferred first.

    Args:
        classes: K names.
        ids: {class: id} of the kit's class list, or nothing.
    """
    in_order = dict(enumerate(classes, start=1))
    kit, ucf101 = (
        {each[name]: name for name in classes if name in each}
        for each in (ids or {}, UCF101_IDS)
    )
    # A class list that counts 1..K says itself what 1..K means.
    ways = [kit if kit.keys() == in_order.keys() else in_order]
    for other in (kit, ucf101):
        if other and other not in ways:
            ways.append(other)
    return ways


def labels(
    path: pathlib.Path | str,
    first: Mapping[str, str],
    ways: list[dict[int, str]],
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Finds the numbering that a file uses: one that knows all of its ids.

    Args:
        path: The file.
        first: {id as the file writes it: where it first occurs}.
        ways: [{id: class}], the preferred first.

    Returns:
        ({id as the file writes it: class}, notes).
    """
    numbers = {}
    for field, where in first.items():
        numbers[field] = number = _whole(where, field)
        fitting = [each for each in ways if number in each]
        if not fitting:
            ids = " or ".join(
                ", ".join(map(str, sorted(each))) for each in ways
            )
            raise text_files.mistake(where, f"a class id of {ids}", field)
        ways = fitting
    taken, *others = (
        {field: each[number] for field, number in numbers.items()}
        for each in ways
    )
    notes: tuple[str, ...] = ()
    if any(other != taken for other in others):
        names = ", ".join(f"{field} {name}" for field, name in taken.items())
        notes = (f"{path}: class ids have two meanings, taken as {names}",)
    return taken, notes
