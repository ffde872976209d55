"""Which actions a video shows, whenever that is (Section 3.4)."""

from collections.abc import Collection
import dataclasses
import pathlib

import numpy as np

from fsn_tf import annotations
from fsn_tf import errors
from fsn_tf import files
from fsn_tf import segments
from fsn_tf.annotations import recognition
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files
from fsn_tf.segments import names

CLASS_LIST = "classInd.txt"


@dataclasses.dataclass(frozen=True)
class VideoLabels:
    """Labels of whole videos.

    Attributes:
        classes: K action names.
        videos: V names, in name order.
        labels: {video: its classes, each once}.
        notes: Lines on what is odd.
    """

    classes: tuple[str, ...]
    videos: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()

    def named_as(self, known: Collection[str]) -> "VideoLabels":
        """As segments.Annotations.named_as."""
        called = names.known_as(self.videos, known)
        if len(set(called.values())) < len(called):
            return self
        return dataclasses.replace(
            self,
            videos=tuple(sorted(called.values())),
            labels={called[x]: found for x, found in self.labels.items()},
        )

    def targets(self) -> np.ndarray:
        """(V, K) float32 share of each class in a video's label (C24)."""
        column = segments.index_of(self.classes)
        shares = np.zeros((len(self.videos), len(self.classes)), np.float32)
        for row, video in zip(shares, self.videos, strict=True):
            for name in self.labels[video]:
                row[column[name]] = 1 / len(self.labels[video])
        return shares


def are_at(path: pathlib.Path | str) -> bool:
    """Whether a path labels whole videos: a split list, or class folders."""
    path = pathlib.Path(path)
    if path.is_dir():
        return bool(_class_folders(path)) and not recognition.is_known(path)
    return path.suffix.lower() == ".txt" and not recognition.is_known(path)


def read(path: pathlib.Path | str, *, subset: str | None = None) -> VideoLabels:
    """Reads labels of videos; of instances in time, the label alone.

    Args:
        path: A folder of class folders, CLASS/VIDEO.avi; a UCF101 split list
            of such paths, .txt, with classInd.txt beside it or not; or what
            annotations.read takes.
        subset: Which videos of an ActivityNet JSON to keep.

    Returns:
        VideoLabels. Videos without an action are left out, with a note.

    Raises:
        InputError: There is no label, or the source is damaged.
    """
    path = pathlib.Path(path)
    if are_at(path) and path.is_file():
        return _from_list(path)
    if path.is_dir() and are_at(path):
        paths = _class_folders(path)
        return _of_folders(path, paths)
    return _from_instances(path, annotations.read(path, subset=subset))


def write(
    path: pathlib.Path | str, labels: VideoLabels, videos: Collection[str]
) -> None:
    """Writes some videos as a split list, with classInd.txt beside it.

    Raises:
        InputError: A name has blanks, which a list has no place for, or a
            video has several labels.
    """
    path = pathlib.Path(path)
    lines = []
    for video in sorted(videos):
        row = f"{'/'.join(labels.labels[video])}/{video}.avi"
        if len(row.split()) > 1 or row.count("/") != 1:
            raise text_files.mistake(path, "CLASS/VIDEO without blanks", row)
        lines.append(row)
    classes = [f"{x} {name}" for x, name in enumerate(labels.classes, start=1)]
    files.write_text(path.with_name(CLASS_LIST), "\n".join(classes) + "\n")
    files.write_text(path, "\n".join(lines) + "\n")


def _from_instances(path, truth):
    labels: dict[str, list[str]] = {video: [] for video in truth.videos}
    for instance in truth.instances:
        if instance.label not in labels[instance.video]:
            labels[instance.video].append(instance.label)
    kept = {video: tuple(sorted(x)) for video, x in labels.items() if x}
    if not kept:
        raise errors.InputError(f"{path}: expected an instance, got none")
    notes = tuple(truth.notes)
    if len(kept) < len(labels):
        number = len(labels) - len(kept)
        notes += (f"{number} videos without an action left out",)
    return VideoLabels(truth.classes, tuple(sorted(kept)), kept, notes)


def _class_folders(folder):
    """[(class, video)] of CLASS/VIDEO.avi, CLASS/VIDEO/img_00001.jpg."""
    return [
        (path.parent.name, path.name if path.is_dir() else path.stem)
        for path in sorted(folder.glob("[!.]*/[!.]*"))
        if path.is_dir() or path.suffix.lower() in files.VIDEO_ENDINGS
    ]


def _of_folders(path, pairs):
    """VideoLabels of the (class, video) whose names are names."""
    kept = [
        (names.normalized(label), video)
        for label, video in pairs
        if names.is_name(label) and names.is_name(video)
    ]
    found = _of_pairs(path, kept, sorted({label for label, _ in kept}))
    if len(kept) == len(pairs):
        return found
    note = (
        f"{path}: {len(pairs) - len(kept)} videos left out, whose names are "
        "not in UTF-8 or hold control characters"
    )
    return dataclasses.replace(found, notes=(*found.notes, note))


def _from_list(path):
    pairs = []
    for where, line in text_files.lines(path):
        words = line.split()
        if not words:
            continue
        name = pathlib.PurePosixPath(words[0])
        if len(name.parts) != 2 or len(words) > 2:
            raise errors.InputError(
                f"{where}: expected CLASS/VIDEO.avi and maybe a number, got "
                f"{text_files.shown(line)}"
            )
        pairs.append((rows.name(where, "class", name.parts[0]), name.stem))
    classes = sorted({label for label, _ in pairs})
    class_list = path.with_name(CLASS_LIST)
    if class_list.exists():
        classes = _class_names(class_list)
    return _of_pairs(path, pairs, classes)


def _class_names(path):
    """Names in the order of their numbers, from rows "1 ApplyEyeMakeup"."""
    table = [line.split() for _, line in text_files.lines(path) if line.strip()]
    numbers = [row[0] for row in table]
    if numbers != [str(x) for x in range(1, len(table) + 1)] or not all(
        len(row) == 2 for row in table
    ):
        raise errors.InputError(
            f"{path}: expected rows of a number, from 1 on, and a class"
        )
    return [rows.name(path, "class", name) for _, name in table]


def _of_pairs(path, pairs, classes):
    labels: dict[str, tuple[str, ...]] = {}
    for label, video in pairs:
        if label not in classes:
            raise errors.InputError(
                f"{path}: {video} is of class {label!r}, which is not in "
                f"{CLASS_LIST}"
            )
        video = names.normalized(video)
        if video in labels:
            raise errors.InputError(f"{path}: {video} is named twice")
        labels[video] = (label,)
    if not labels:
        raise errors.InputError(f"{path}: names no video")
    notes = rows.background_notes(path, classes)
    return VideoLabels(tuple(classes), tuple(sorted(labels)), labels, notes)
