"""Annotations of whatever format, and files of the same for some videos."""

import collections
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
import dataclasses
import functools
import pathlib
from typing import Any

from fsn_tf import annotations
from fsn_tf import errors
from fsn_tf import files
from fsn_tf import segments
from fsn_tf.annotations import activitynet
from fsn_tf.annotations import csv_files
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import recognition
from fsn_tf.annotations import thumos14
from fsn_tf.annotations import video_labels
from fsn_tf.datasets import splitting

# What says, beside the parts, how they were made.
SPLIT = "split.json"


@dataclasses.dataclass(frozen=True)
class Labeled:
    """Videos, and what was annotated of them.

    Attributes:
        path: Where that was read.
        classes: K names.
        counts: {video: {class: its instances}}, in name order; runs of
            frames, or 1 for a label of the whole video, are instances too.
        ending: Of the name of a file that `write` makes.
        write: (path, videos) -> writes what was annotated of these videos,
            as --annotations takes it.
    """

    path: pathlib.Path
    classes: tuple[str, ...]
    counts: dict[str, collections.Counter[str]]
    ending: str
    write: Callable[[pathlib.Path, Collection[str]], None]

    @property
    def videos(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self.counts)

    def totals(self, videos: Collection[str]) -> collections.Counter[str]:
        """{class: its instances in these videos}."""
        return sum((self.counts[x] for x in videos), collections.Counter())


def read(
    path: pathlib.Path | str,
    *,
    subset: str | None = None,
    background: str | None = None,
) -> Labeled:
    """Reads annotations of any format.

    Args:
        path: What annotations.read, video_labels.read or frame_labels.read
            takes.
        subset: Which videos of an ActivityNet JSON to take.
        background: Class that is no action, where frames are labeled; or
            several, with commas between them.

    Raises:
        InputError: The source is damaged, or of no format.
    """
    given, path = path, annotations.location(path)
    if video_labels.are_at(given):
        return _of_video_labels(path, video_labels.read(path, subset=subset))
    if path.suffix.lower() == ".npz" or _holds_frame_labels(path):
        return _of_frame_labels(path, frame_labels.read(path), background)
    if background is not None:
        raise errors.UsageError("--background needs labels of frames")
    truth = annotations.read(given, subset=subset)
    counts = {video: collections.Counter[str]() for video in truth.videos}
    for one in truth.instances:
        counts[one.video][one.label] += 1
    format_name = recognition.source(given).format_name or recognition.of(path)
    if format_name in _WRITERS:
        ending, writer = _WRITERS[format_name]
        write = functools.partial(_write, writer.write_videos, path)
    else:
        ending, write = ".csv", functools.partial(_write_csv, truth)
    return Labeled(path, truth.classes, counts, ending, write)


_WRITERS = {
    "activitynet": (".json", activitynet),
    "csv": (".csv", csv_files),
    "thumos14": ("", thumos14),
}


def _write_csv(truth, path, videos):
    csv_files.write(path, truth.of_videos(videos))


def _write(write_videos, source, path, videos):
    write_videos(path, source, set(videos))


def _holds_frame_labels(path):
    return (
        path.is_dir()
        and any(path.glob("*.txt"))
        and not recognition.is_known(path)
    )


def _of_video_labels(path, labels):
    counts = {
        video: collections.Counter(labels.labels[video])
        for video in labels.videos
    }
    write = functools.partial(_write_list, labels)
    return Labeled(path, labels.classes, counts, ".txt", write)


def _write_list(labels, path, videos):
    video_labels.write(path, labels, videos)


def _of_frame_labels(path, labels, background):
    counts, actions = {}, _actions(path, labels.classes, background)
    for video, frames in sorted(labels.labels.items()):
        # (1, F) of each class -> one run for each instance
        counts[video] = collections.Counter(
            {
                name: len(segments.runs((frames == place)[None])[0])
                for place, name in enumerate(labels.classes)
                if name in actions and (frames == place).any()
            }
        )
    ending = ".bundle" if path.is_dir() else ".npz"
    write = functools.partial(_write, frame_labels.write_videos, path)
    return Labeled(path, actions, counts, ending, write)


def _actions(path, classes, background):
    """The classes but for those of the background."""
    # A name may have a comma of its own.
    is_one = background is None or background in classes
    others = [background] if is_one else background.split(",")
    for name in others:
        if name is not None and name not in classes:
            raise errors.InputError(
                f"{path}: background: expected one of {', '.join(classes)}; "
                f"got {name!r}"
            )
    return tuple(name for name in classes if name not in others)


def groups(
    labeled: Labeled, *, pattern: str | None = None, column: str | None = None
) -> tuple[dict[str, str], list[str]]:
    """Which videos belong together.

    Args:
        labeled: The videos.
        pattern: See splitting.groups_by_pattern.
        column: Of a CSV, which names the group.

    Returns:
        ({video: its group}, notes). Where nothing says more, a video is a
        group of its own.

    Raises:
        UsageError: Both are given, or a column of what is no CSV.
        InputError: There is no such column, or no such name.
    """
    if column is not None:
        if pattern is not None or labeled.ending != ".csv":
            raise errors.UsageError(
                "--group_column needs a CSV, and no --group beside it"
            )
        values = csv_files.column(labeled.path, column)
        return {video: values[video] or video for video in labeled.videos}, []
    if pattern is None:
        return {video: video for video in labeled.videos}, []
    found, alone = splitting.groups_by_pattern(labeled.videos, pattern)
    note = (
        f"{len(alone)} videos without {pattern!r} in their names, such as "
        f"{''.join(alone[:1])}, are groups of their own"
    )
    return found, [note] if alone else []


def write(
    out: pathlib.Path | str,
    labeled: Labeled,
    parts: Mapping[str, Sequence[str]],
    facts: Mapping[str, Any],
) -> bool:
    """Writes a file, or folder, for each part, and split.json.

    Args:
        out: Folder; it appears whole or not at all.
        labeled: What was divided.
        parts: {name of a part, maybe in a folder: its videos}.
        facts: How; values that JSON gives back the same.

    Returns:
        Whether it was written; not where the same lies there already.

    Raises:
        InputError: Something else is there, or a name does not fit the
            format.
    """
    out = pathlib.Path(out)
    names = [f"{name}{labeled.ending}" for name in parts]
    content = {**facts, "parts": dict(zip(names, parts.values(), strict=True))}
    if out.is_dir() and _is_same(out, content):
        return False
    if out.is_dir() and not any(out.iterdir()):
        out.rmdir()
    with files.folder_written_whole(out) as partial:
        for name, videos in content["parts"].items():
            labeled.write(partial / name, videos)
        files.write_json(partial / SPLIT, content)
    return True


def _is_same(folder, content):
    path = folder / SPLIT
    try:
        known = files.read_json(path)
    except (OSError, ValueError):
        return False
    return known == content and all(
        (folder / name).exists() for name in content["parts"]
    )
