"""Annotations and detections from the files of one tool to those of another."""

import pathlib

from fsn_tf import errors
from fsn_tf.annotations import labelings
from fsn_tf.annotations import recognition
from fsn_tf.annotations import tool_files
from fsn_tf.datasets import retiming
from fsn_tf.videos import sources


def convert(
    annotations: pathlib.Path | str,
    out: pathlib.Path | str,
    *,
    to_format: str,
    from_format: str | None = None,
    rate: float | None = None,
    videos: pathlib.Path | str | None = None,
    retime: bool = False,
) -> tuple[str, ...]:
    """Reads a file or folder, and writes it in another format.

    Args:
        annotations: Of annotations, see annotations.read; or of detections
            in ActivityNet's form, a CSV with scores, or of a tool that has
            them.
        out: File or folder; it appears whole or not at all.
        to_format: One of tool_files.WRITTEN.
        from_format: One of recognition.FORMATS; None knows it by its content.
        rate: Frames per second, where frames are counted; None takes those
            that the videos declare.
        videos: Folder of the videos; gives rates, lengths and the names of
            their files.
        retime: Put the labels right by the videos' time stamps, see retiming.

    Returns:
        A line on each loss, and on what is odd.

    Raises:
        InputError: The source is damaged, or has no place in the format.
    """
    if retime and videos is None:
        raise errors.UsageError("--retime needs --videos")
    source = recognition.source(annotations)
    format_name = from_format or source.format_name
    format_name = format_name or recognition.of(source.path)
    out = pathlib.Path(out)
    if out.exists() and out.samefile(source.path):
        raise errors.InputError(f"{out}: is what is read; choose another --out")
    media, notes = _media(videos)
    opened = _opened(media, notes)
    every = rate or source.rate
    rates = labelings.Rates(every, {x: one.fps for x, one in opened.items()})
    labeling = tool_files.read(source.path, format_name, rates)
    # What is lost in writing is that file's.
    notes += labeling.all_notes()
    labeling.notes, labeling.losses = [], labelings.Labeling(out).losses
    labeling.path = out
    if videos is not None:
        notes += _fitted(labeling, media, opened, retime)
    kept = {x: path for x, path in media.items() if x in labeling.videos}
    tool_files.write(out, to_format, labeling, rates=rates, media=kept)
    return (*notes, *labeling.all_notes())


def _media(videos):
    """({name: path} of the videos, lines on what is none)."""
    if videos is None:
        return {}, []
    paths, lines = sources.find(videos)
    return {sources.name(path): path for path in paths}, lines


def _opened(media, notes):
    """{name: source} of the files; one that cannot be read is noted."""
    opened = {}
    failures = errors.Failures(notes.append)
    for name, path in media.items():
        # A folder of frames does not say its rate.
        if path.is_file():
            with failures.caught():
                opened[name] = sources.opened(path, None)
    return opened


def _fitted(labeling, media, opened, retime):
    """Lengths from the videos, and labels by their clocks; gives notes."""
    missing = [name for name in labeling.videos if name not in media]
    notes = [f"{name}: is not among the videos" for name in missing]
    failures = errors.Failures(notes.append)
    for name in labeling.videos:
        if name not in opened:
            continue
        stated = labeling.stated.get(name, labelings.Stated())
        if retime:
            real = retiming.real_times(media[name])
            most = retiming.retime(labeling, name, real)
            notes.append(f"{name}: moved by up to {most:.3f} s")
        elif stated.duration_seconds is None:
            with failures.caught():
                labeling.stated[name] = labelings.Stated(
                    stated.fps or opened[name].fps,
                    stated.num_frames,
                    opened[name].real_seconds(),
                    stated.in_frames,
                )
    return notes
