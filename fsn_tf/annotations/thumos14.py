"""THUMOS'14 kit folders, and the kit's text format of detections."""

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
import pathlib
import re

from fsn_tf import errors
from fsn_tf import files
from fsn_tf import segments
from fsn_tf.annotations import class_lists
from fsn_tf.annotations import numbering
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files
from fsn_tf.segments import names

_CLASS_FILE = re.compile(r"([^./][^/]*)_(val|test)\.txt")

# Its file has no times, but names the videos without an action.
_BACKGROUND = "Background"


def is_one(folder: pathlib.Path | str) -> bool:
    """Whether a folder holds files of the kit."""
    found = (path.name for path in pathlib.Path(folder).iterdir())
    return any(map(_CLASS_FILE.fullmatch, found))


def read(
    folder: pathlib.Path | str, *, classes: Sequence[str] | None = None
) -> segments.Annotations:
    """Reads the files CLASS_val.txt or CLASS_test.txt of a kit folder.

    Background_val.txt or Background_test.txt, a name a line, says which
    videos are annotated and show no action. The kit itself has none.

    Args:
        folder: Path. Files with other names are left alone.
        classes: K names; None takes those of the class list in the order of
            their ids, or else those of the files in name order.

    Returns:
        segments.Annotations, instances ordered by class and then by line.
    """
    paths, _ = _class_files(folder)
    quiet = _names(paths.pop(_BACKGROUND, None))
    if classes is None:
        listed = list(numbering.class_list(folder))
        classes = listed or sorted(paths.keys() - {segments.AMBIGUOUS})
    notes = [
        f"{folder}: no file for class {name}"
        for name in classes
        if name not in paths
    ]
    ordered = {name: paths[name] for name in classes if name in paths}
    placed = []
    for name, path in {**ordered, **paths}.items():
        found = _instances(path, name)
        placed += found
        if not found:
            notes.append(f"{path}: no instance")
    acting = {
        each.video for _, each in placed if each.label != segments.AMBIGUOUS
    }
    notes += [
        f"{folder}: {video} is listed without an action and has one"
        for video in quiet
        if video in acting
    ]
    return rows.annotations(
        folder, placed, classes, videos=quiet, notes=tuple(notes)
    )


def _names(path):
    """The videos that a file lists, a name a line; none without a file."""
    if path is None:
        return []
    return [
        rows.video_name(where, video)
        for where, (video,) in _fields(path, "video")
    ]


def _class_files(folder):
    """({class: path}, subset) of the one subset in a folder."""
    try:
        found = sorted(path.name for path in pathlib.Path(folder).iterdir())
    except OSError as error:
        raise errors.InputError(f"{folder}: {error.strerror}") from error
    matches = [m for m in map(_CLASS_FILE.fullmatch, found) if m]
    expected = f"{folder}: expected CLASS_val.txt or CLASS_test.txt files"
    if not matches:
        raise errors.InputError(f"{expected}, got none")
    if len({match[2] for match in matches}) > 1:
        raise errors.InputError(
            f"{expected}, got both; keep each subset in its own folder"
        )
    paths = {
        names.normalized(match[1]): pathlib.Path(folder, match[0])
        for match in matches
    }
    return paths, matches[0][2]


def _instances(path, label):
    """(where, Instance) of every row of one class file."""
    return [
        (where, rows.instance(where, video, label, start, end))
        for where, (video, start, end) in _fields(path, "video start end")
    ]


def _fields(path, columns):
    """Yields (where, fields) of every line that is not blank."""
    count = len(columns.split())
    many = "columns" if count > 1 else "column"
    for where, line in text_files.lines(path):
        fields = line.split()
        if len(fields) == count:
            yield where, fields
        elif fields:
            raise text_files.mistake(
                where, f"{count} {many} `{columns}`", fields
            )


def write(
    folder: pathlib.Path | str,
    annotations: segments.Annotations,
    *,
    subset: str = "test",
) -> None:
    """Writes a kit folder: a file for each class, and the class list.

    Videos without any instance have a file of their own, see read. Durations
    have no place in this format.

    Args:
        folder: Path; it may exist, but not hold other class files.
        annotations: segments.Annotations.
        subset: "val" or "test", the end of the file names.
    """
    folder = pathlib.Path(folder)
    texts = _texts(folder, annotations)
    texts = {f"{name}_{subset}.txt": rest for name, rest in texts.items()}
    for name in texts:
        if not _CLASS_FILE.fullmatch(name):
            raise text_files.mistake(
                folder, "CLASS_val.txt or CLASS_test.txt", name
            )
    for path in (*folder.glob("*_val.txt"), *folder.glob("*_test.txt")):
        if path.name not in texts:
            raise text_files.mistake(folder, "no other class files", path.name)
    for name, content in texts.items():
        files.write_text(folder / name, content)
    numbering.write_class_list(folder, annotations.classes)


def _texts(folder, annotations):
    """{class: what its file holds}."""
    if _BACKGROUND in annotations.classes:
        expected = (
            f"no class {_BACKGROUND}, whose file lists videos without any"
        )
        raise errors.InputError(f"{folder}: expected {expected}")
    for video in annotations.videos:
        if video.split() != [video]:
            raise text_files.mistake(folder, "a video without blanks", video)
    texts = dict.fromkeys(annotations.classes, "")
    shown = set()
    for each in (*annotations.instances, *annotations.ambiguous):
        times = f"{each.start_seconds} {each.end_seconds}"
        row = f"{names.written(each.video)}  {times}\n"
        texts[each.label] = texts.get(each.label, "") + row
        shown.add(each.video)
    quiet = [video for video in annotations.videos if video not in shown]
    if quiet:
        texts[_BACKGROUND] = "".join(
            f"{names.written(video)}\n" for video in quiet
        )
    return texts


def write_videos(
    folder: pathlib.Path | str,
    source: pathlib.Path | str,
    videos: Collection[str],
) -> None:
    """Writes a kit folder of these videos of another; class ids stay."""
    _, subset = _class_files(source)
    write(folder, read(source).of_videos(videos), subset=subset)
    class_list = numbering.class_list_path(source)
    if class_list is not None:
        content = class_list.read_text(encoding="utf-8")
        files.write_text(pathlib.Path(folder, class_list.name), content)


def read_detections(
    path: pathlib.Path | str,
    *,
    classes: Sequence[str],
    class_ids: Mapping[str, int] | None = None,
    numbered: class_lists.Numbering | None = None,
) -> segments.Detections:
    """Reads rows `video start end class_id score`.

    The file does not say how it numbers the classes. Unless `numbered` does,
    it is 1..K in class order if all ids in the file are, or else `class_ids`,
    or else UCF101's.

    Args:
        path: Text file.
        classes: K names.
        class_ids: {class: id} of the kit's class list, if there is one.
        numbered: What the ids mean, where that is known.

    Returns:
        segments.Detections in the order of the file; its videos are in order
        of first appearance.
    """
    table = list(_fields(path, "video start end class_id score"))
    if not table:
        raise errors.InputError(f"{path}: expected a detection, got none")
    first: dict[str, str] = {}
    for where, fields in table:
        first.setdefault(fields[3], where)
    ways = numbering.candidates(classes, class_ids)
    if numbered is not None:
        ways = [numbered.names]
    labels, notes = numbering.labels(path, first, ways)
    placed = (
        (where, video, labels[number], start, end, score)
        for where, (video, start, end, number, score) in table
    )
    return rows.detections(placed, classes, notes=notes)
