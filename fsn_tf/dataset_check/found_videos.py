"""The videos of a data set: found, opened, and timed."""

from collections.abc import Sequence
import pathlib

import numpy as np

from fsn_tf import progress
from fsn_tf.dataset_check import facts as dataset_facts
from fsn_tf.errors import InputError
from fsn_tf.segments import names
from fsn_tf.videos import sources

# So many first frames tell whether a frame rate is even.
_FIRST_FRAMES = 60


def probe(
    folder: pathlib.Path | str, source_fps: float | None = None
) -> tuple[dict[str, dataset_facts.VideoFacts], dict[str, str]]:
    """Opens every video and looks at its first frames.

    Args:
        folder: See sources.find.
        source_fps: Frames per second of folders of JPEGs.

    Returns:
        ({name: facts.VideoFacts}, {name: why it cannot be read}).

    Raises:
        InputError: There is no video, or two have the same name.
    """
    paths, lines = sources.find(folder)
    facts = {}
    reasons = {
        names.of_video(pathlib.Path(line.rpartition(": ")[0]).name): line
        for line in lines
    }
    shown = progress.Progress(len(paths), "videos")
    for done, path in enumerate(paths):
        name = sources.name(path)
        shown.update(done, name)
        try:
            facts[name] = _facts(path, source_fps)
        except InputError as error:
            reasons[name] = str(error)
    shown.update(len(paths))
    shown.close()
    return facts, reasons


def _facts(path, source_fps):
    if path.is_dir() and source_fps is None:
        raise InputError(
            f"{path}: a folder of JPEGs does not say its frame rate; give "
            "--source_fps"
        )
    source = sources.opened(path, source_fps)
    times = source.first_times(_FIRST_FRAMES)
    seconds = source.real_seconds()
    return dataset_facts.VideoFacts(
        seconds,
        source.fps,
        is_even(times),
        # Some files, as cameras stream them, declare nothing.
        declared_seconds=source.declared_seconds or seconds,
        start_seconds=source.start_seconds,
    )


def is_even(times: Sequence[float]) -> bool:
    """Whether each frame follows the one before after about the same time.

    Args:
        times: Seconds at which frames appear, in order.
    """
    steps = np.diff(times)
    if not len(steps):
        return True
    usual = np.median(steps)
    return bool(np.abs(steps - usual).max() <= usual / 2)
