"""Rows of any format: checked, then put together."""

from collections.abc import Iterable
from collections.abc import Sequence
import dataclasses
import math
import pathlib
from typing import Any

import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.annotations import text_files
from fsn_tf.segments import names

# In any case: the name that frame scores give to what is no action.
_BACKGROUND = "background"

_SHOWN_NAMES = 10


def finite(where: pathlib.Path | str, what: str, value: object) -> float:
    """A finite float; `where` and `what` are for the message."""
    try:
        # Python reads 1_5 as fifteen; in a table it is a slip of the pen.
        grouped = isinstance(value, str) and "_" in value
        result = math.nan if grouped else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        result = math.nan
    if not math.isfinite(result):
        raise text_files.mistake(where, f"{what} to be a finite number", value)
    return result


def seconds(where: pathlib.Path | str, what: str, value: object) -> float:
    """A time in seconds, finite and not negative."""
    result = finite(where, what, value)
    if result < 0:
        raise text_files.mistake(
            where, f"{what} to be 0 seconds or later", value
        )
    return result


def name(where: pathlib.Path | str, what: str, value: object) -> str:
    """A video or a label: one line of text in NFC, without outer blanks."""
    result = names.normalized(value) if isinstance(value, str) else ""
    if not names.is_name(result):
        raise text_files.mistake(where, f"{what} to be a name", value)
    return result


def video_name(where: pathlib.Path | str, value: object) -> str:
    """A video's name, without the extension of its file."""
    return names.of_video(name(where, "video", value))


def instance(
    where: pathlib.Path | str,
    video: object,
    label: object,
    start: object,
    end: object,
) -> segments.Instance:
    """One row of ground truth. An end at its start is legal."""
    start = seconds(where, "start", start)
    end = seconds(where, "end", end)
    if end < start:
        raise text_files.mistake(
            where, f"end to be {start} seconds or later", end
        )
    label = name(where, "label", label)
    return segments.Instance(video_name(where, video), label, start, end)


def unknown(
    where: pathlib.Path | str, classes: Sequence[str], label: str
) -> errors.InputError:
    """The InputError for a label that is not among the classes."""
    listed = ", ".join(classes[:3]) + (", ..." if len(classes) > 3 else "")
    expected = f"one of {len(classes)} classes ({listed})"
    return text_files.mistake(where, expected, label)


def labels(
    placed: Iterable[tuple[str, segments.Instance]],
) -> tuple[str, ...]:
    """The action names that occur in (where, Instance) pairs, in order."""
    found = {each.label for _, each in placed}
    return tuple(sorted(found - {segments.AMBIGUOUS}))


def annotations(
    path: pathlib.Path | str,
    placed: Sequence[tuple[str, segments.Instance]],
    classes: Sequence[str] | None = None,
    *,
    videos: Iterable[str] = (),
    notes: Iterable[str] = (),
    **attributes: Any,
) -> segments.Annotations:
    """Puts the instances of a source together.

    Args:
        path: The source, for messages.
        placed: (where, Instance) pairs, in the order of the source.
        classes: K names; None takes those that occur, in name order.
        videos: Names that the source lists beside those of the instances.
        notes: Lines on what is odd.
        **attributes: Further attributes of segments.Annotations.

    Raises:
        InputError: A label is of no class; or there is no instance, and no
            class or no video that is known without one.
    """
    classes = labels(placed) if classes is None else tuple(classes)
    everything = _spelled(placed, (*classes, segments.AMBIGUOUS), classes)
    actions = [x for x in everything if x.label != segments.AMBIGUOUS]
    listed = {*videos, *(each.video for each in everything)}
    if not actions and not (classes and listed):
        raise errors.InputError(f"{path}: expected an instance, got none")
    return segments.Annotations(
        classes=classes,
        videos=tuple(sorted(listed)),
        instances=tuple(actions),
        ambiguous=tuple(
            each for each in everything if each.label == segments.AMBIGUOUS
        ),
        notes=(*notes, *background_notes(path, classes)),
        **attributes,
    )


def _spelled(placed, known, classes):
    """The instances, their labels as these classes spell them.

    Networks of before may have been trained on labels that are not in NFC.
    """
    spelling = {names.normalized(label): label for label in known}
    found = []
    for where, each in placed:
        label = spelling.get(names.normalized(each.label))
        if label is None:
            raise unknown(where, classes, each.label)
        is_other = label != each.label
        found.append(
            dataclasses.replace(each, label=label) if is_other else each
        )
    return found


def background_notes(
    path: pathlib.Path | str, classes: Iterable[str]
) -> tuple[str, ...]:
    """Lines on labels that are called as what shows no action is."""
    return tuple(
        f"{path}: the label {label!r} stands for no action, as all time does "
        "that is not annotated; leave its rows out"
        for label in classes
        if label.casefold() == _BACKGROUND
    )


def detections(
    placed: Iterable[tuple],
    classes: Iterable[str] | None,
    *,
    videos: Iterable[str] = (),
    notes: tuple[str, ...] = (),
) -> segments.Detections:
    """Puts the rows of a detections file together, in their order.

    Args:
        placed: Iterable of (where, video, label, start, end, score). Unlike
            ground truth, a detection may start before the video does and end
            before it starts: published files hold both.
        classes: K names. Rows of others are left out, with a note. None
            takes those that occur, in name order.
        videos: Names that come first; others follow as they appear.
        notes: Lines on what is odd.

    Raises:
        InputError: A number is none, or no row is of one of the classes.
    """
    if classes is None:
        placed = [*placed]
        classes = sorted({name(row[0], "label", row[2]) for row in placed})
    classes = tuple(classes)
    columns = segments.index_of([names.normalized(x) for x in classes])
    indices = segments.index_of(tuple(dict.fromkeys(videos)))
    table, others = [], []
    for where, video, label, start, end, score in placed:
        place = columns.get(names.normalized(label))
        if place is None:
            others.append((where, label))
        video = indices.setdefault(video_name(where, video), len(indices))
        start = finite(where, "start", start)
        end = finite(where, "end", end)
        score = finite(where, "score", score)
        if place is not None:
            table.append((video, place, start, end, score))
    if others and not table:
        raise unknown(others[0][0], classes, others[0][1])
    notes += _left_out(others)
    video, label, start, end, score = np.array(table).reshape(-1, 5).T
    return segments.Detections(
        classes=classes,
        videos=tuple(indices),
        video=video.astype(int),
        label=label.astype(int),
        start_seconds=start,
        end_seconds=end,
        score=score,
        notes=notes,
    )


def _left_out(others):
    """Notes on the (where, label) of rows whose class nothing names."""
    if not others:
        return ()
    names = [text_files.shown(x) for x in sorted({x for _, x in others})]
    more = ", ..." if len(names) > _SHOWN_NAMES else ""
    return (
        f"{others[0][0]}: {len(others)} detections left out, of {len(names)} "
        "classes that the annotations do not name: "
        f"{', '.join(names[:_SHOWN_NAMES])}{more}",
    )
