"""A folder in MS-TCN's layout as instances: runs of frames of one class."""

from collections.abc import Mapping
import itertools
import pathlib

import numpy as np

from fsn_tf import errors
from fsn_tf import files
from fsn_tf.annotations import frame_ranges
from fsn_tf.annotations import labelings
from fsn_tf.annotations import mstcn
from fsn_tf.annotations import rows
from fsn_tf.annotations import text_files

LABELS, MAPPING, BUNDLE = "groundTruth", "mapping.txt", "splits/all.bundle"
# Frames of these classes, in any case, show no action.
BACKGROUND = ("background", "sil")
# Each is a line of a file.
_MOST_FRAMES = 10**8


def is_one(folder: pathlib.Path) -> bool:
    """Whether a folder holds groundTruth with a file for each video."""
    return any(folder.glob(f"{LABELS}/[!.]*.txt"))


def read(path: pathlib.Path, rates: labelings.Rates) -> labelings.Labeling:
    """Reads groundTruth, and mapping.txt for the classes where it is there.

    Raises:
        InputError: A file is damaged, or no rate is given.
    """
    found = labelings.Labeling(path)
    quiet = set()
    if (path / MAPPING).exists():
        listed = mstcn.classes(path / MAPPING)
        quiet = {name for name in listed if name.lower() in BACKGROUND}
        found.classes = [name for name in listed if name not in quiet]
    for video, file in mstcn.files(path / LABELS).items():
        placed = mstcn.frames(file)
        rate = rates.of(file, video)
        found.videos[video] = None
        found.stated[video] = labelings.Stated(
            rate, len(placed), in_frames=True
        )
        frame = 0
        for name, run in itertools.groupby(placed, key=lambda pair: pair[1]):
            (where, _), *others = run
            stop = frame + 1 + len(others)
            if name.lower() in BACKGROUND:
                quiet.add(name)
            else:
                found.add(where, video, name, frame / rate, stop / rate)
            frame = stop
    for name in sorted(quiet):
        found.notes.append(f"{path}: frames of {name} are no action")
    return found


def write(
    path: pathlib.Path,
    labeling: labelings.Labeling,
    *,
    rates: labelings.Rates,
    media: Mapping[str, pathlib.Path],
) -> None:
    """Writes groundTruth, mapping.txt and splits/all.bundle.

    A frame has one class: where instances overlap, that of the higher score,
    or else of the later start. Losses are counted in the labeling.
    """
    del media
    _check_names(path, labeling)
    names = [BACKGROUND[0], *labeling.all_names()]
    index = {name: place for place, name in enumerate(names)}
    with files.folder_written_whole(path) as partial:
        for video, placed in labeling.by_video().items():
            frames = _frames(path, labeling, video, placed, index, rates)
            # Run by run: a word for each frame would take half a gigabyte.
            ends = [*np.flatnonzero(np.diff(frames)) + 1, len(frames)]
            text = "".join(
                f"{names[frames[start]]}\n" * (end - start)
                for start, end in itertools.pairwise([0, *ends])
            )
            files.write_text(partial / LABELS / f"{video}.txt", text)
        lines = (f"{place} {name}\n" for name, place in index.items())
        files.write_text(partial / MAPPING, "".join(lines))
        bundle = "".join(f"{video}.txt\n" for video in labeling.videos)
        files.write_text(partial / BUNDLE, bundle)
    if any(score is not None for score in labeling.scores):
        labeling.notes.append(f"{path}: has no place for scores")


def _check_names(path, labeling):
    for name in (
        *labeling.class_names(),
        *(x.label for x in labeling.instances),
    ):
        if name.split() != [name] or name.lower() in BACKGROUND:
            expected = "classes without blanks, none of them a background"
            raise text_files.mistake(path, expected, name)
    for video in labeling.videos:
        if "/" in video or rows.name(path, "video", video) != video:
            raise text_files.mistake(path, "videos named as files", video)


def _frames(path, labeling, video, placed, index, rates):
    """(F,) int32, the class of each frame."""
    rate = rates.of(path, video)
    stated = labeling.stated.get(video, labelings.Stated())
    seconds = stated.duration_seconds
    if seconds is None:
        seconds = max((x.end_seconds for x, _ in placed), default=0)
        labeling.losses[
            "videos of unknown length, which end with their last action"
        ] += 1
    if seconds * rate > _MOST_FRAMES:
        expected = f"a video of at most {_MOST_FRAMES} frames"
        raise text_files.mistake(path, expected, seconds * rate)
    if not round(seconds * rate):
        raise errors.InputError(
            f"{path}: the length of {video} is not known; give --videos"
        )
    frames = np.zeros(round(seconds * rate), np.int32)
    past = _draw(labeling, placed, frames, index, rate)
    if past:
        labeling.losses["instances cut off at the end of the video"] += past
    return frames


def _draw(labeling, placed, frames, index, rate):
    """Writes the instances into (F,) frames; returns how many are cut off."""
    past = 0
    # Scores rise, and starts; what comes later is drawn over what was before.
    for one, _ in sorted(placed, key=lambda pair: pair[1] or 0.0):
        span = frame_ranges.edges(labeling, one, rate)
        if span is None:
            continue
        first, stop = span
        past += stop > len(frames)
        place = index[one.label]
        shown = frames[first:stop]
        if shown.any():
            labeling.losses["instances drawn over others"] += 1
        before = frames[first - 1 : first]
        after = frames[stop : stop + 1]
        if place in before or place in after:
            labeling.losses["instances joined with one that they touch"] += 1
        frames[first:stop] = place
    return past
