"""What class ids mean in detections that name no class.

Toolboxes number the classes of a data set each in its own way, so that the
numbers mean nothing without a list. Where it was taken from becomes a note.
"""

from collections.abc import Sequence
import dataclasses
import pathlib
from typing import Any

from fsn_tf import errors
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files


@dataclasses.dataclass(frozen=True)
class Numbering:
    """What each id means, and who says so.

    Attributes:
        names: {id: class}.
        origin: Where that stands, for messages.
    """

    names: dict[int, str]
    origin: str

    def name(self, where: pathlib.Path | str, number: int) -> str:
        """The class of this id.

        Raises:
            InputError: There is none.
        """
        if number not in self.names:
            ids = sorted(self.names)
            raise text_files.mistake(
                where,
                f"a class id from {ids[0]} to {ids[-1]}, of {self.origin}",
                number,
            )
        return self.names[number]

    def note(self, path: pathlib.Path | str) -> str:
        """A line that says by which list a file was read."""
        first = min(self.names)
        return (
            f"{path}: its class ids are those of {self.origin}, where {first} "
            f"is {self.names[first]}"
        )


@dataclasses.dataclass(frozen=True)
class Sources:
    """Where a list of the class ids may stand; it is read when it is asked for.

    Attributes:
        class_list: A file of rows `CLASS`, counted from 0, or `ID CLASS`.
        annotations: Ground truth; an ActivityNet JSON may give each
            annotation a `label_id`, as ActionFormer's and OpenTAD's do.
    """

    class_list: pathlib.Path | str | None = None
    annotations: pathlib.Path | str | None = None

    def numbering(self, classes: Sequence[str]) -> Numbering:
        """Of the first that there is: class list, label ids, or the order.

        Args:
            classes: K names, which are counted from 0 if nothing else is
                known.

        Raises:
            InputError: A list is broken, or has none of the classes.
        """
        given = self.given(classes)
        if given is not None:
            return given
        path = self.annotations
        is_json = path is not None and pathlib.Path(path).is_file()
        if is_json and pathlib.Path(str(path)).suffix.lower() == ".json":
            names = _label_ids(path)
            if names:
                return Numbering(
                    _known(path, names, classes), f"label_id in {path}"
                )
        return Numbering(
            dict(enumerate(classes)), "the annotated classes in their order"
        )

    def given(self, classes: Sequence[str]) -> Numbering | None:
        """That of the class list, if there is one."""
        if self.class_list is None:
            return None
        names = _known(self.class_list, listed(self.class_list), classes)
        return Numbering(names, str(self.class_list))


class Labels:
    """What the detections of a JSON file call their classes.

    Args:
        path: The file.
        classes: K names; without any, labels must be names.
        sources: What labels mean that are ids.

    Attributes:
        notes: Lines on what is odd about the labels so far.
    """

    def __init__(
        self,
        path: pathlib.Path | str,
        classes: Sequence[str] | None,
        sources: Sources,
    ):
        self.notes: tuple[str, ...] = ()
        self._path, self._sources = path, sources
        self._classes = classes or ()
        self._numbering: Numbering | None = None

    def of(self, where: str, entry: Any) -> str:
        """The label of one detection.

        Raises:
            InputError: It has none, and there are several classes.
        """
        label = entry.get("label") if isinstance(entry, dict) else None
        if type(label) is int and self._classes:
            return self._named(where, label)
        if label is None and len(self._classes) == 1:
            (label,) = self._classes
            if not self.notes:
                self.notes += (
                    f"{self._path}: without labels, taken as {label}, the "
                    "only class",
                )
        if not isinstance(label, str):
            raise text_files.mistake(
                where,
                "'label' to be a string or a class id (of one class alone it "
                "may be missing, as in MMAction2's proposals)",
                entry if label is None else label,
            )
        return label

    def _named(self, where, number):
        if self._numbering is None:
            self._numbering = self._sources.numbering(self._classes)
            self.notes += (self._numbering.note(self._path),)
        return self._numbering.name(where, number)


# Without a list: the classes count from 0, in their order.
ORDER = Sources()


def listed(path: pathlib.Path | str) -> dict[int, str]:
    """{id: class} of a file of rows `CLASS`, from 0, or `ID CLASS`."""
    lines = [
        (where, line.strip())
        for where, line in text_files.lines(path)
        if line.strip()
    ]
    parted = [(where, *line.partition(" ")[::2]) for where, line in lines]
    if all(number.isdecimal() and name for _, number, name in parted):
        pairs = [(where, int(number), name) for where, number, name in parted]
    else:
        pairs = [(where, row, x) for row, (where, x) in enumerate(lines)]
    names: dict[int, str] = {}
    for where, number, name in pairs:
        label = rows.name(where, "class", name)
        if number in names or label in names.values():
            raise text_files.mistake(where, "an id and class once", name)
        names[number] = label
    if not names:
        raise errors.InputError(
            f"{path}: expected rows `CLASS` or `ID CLASS`, got none"
        )
    return names


def _label_ids(path):
    """{id: class} of the annotations in an ActivityNet JSON; may be empty."""
    content = text_files.json_value(path)
    names: dict[int, str] = {}
    for video, entry in content.get("database", {}).items():
        for one in entry.get("annotations") or ():
            number = one.get("label_id")
            if type(number) is int:
                label = rows.name(f"{path}: {video}", "label", one["label"])
                if names.setdefault(number, label) != label:
                    expected = f"label_id {number} to be {names[number]}"
                    raise text_files.mistake(
                        f"{path}: {text_files.shown(video)}", expected, label
                    )
    return names


def _known(path, names, classes):
    """Raises InputError where a list is of other classes altogether."""
    if not set(names.values()) & set(classes):
        expected = f"classes such as {text_files.shown(classes[0])}"
        raise text_files.mistake(path, expected, next(iter(names.values())))
    return names
