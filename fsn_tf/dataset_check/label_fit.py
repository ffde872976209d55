"""Whether labels fit the time stamps of the videos that they are of."""

from collections.abc import Iterator
from collections.abc import Mapping
import dataclasses
import pathlib

from fsn_tf import errors
from fsn_tf.annotations import labelings
from fsn_tf.dataset_check import checks
from fsn_tf.datasets import retiming
from fsn_tf.videos import sources

# So many frames from where an even rate has it, and the rate is uneven.
_UNEVEN_FRAMES = 1.5
# So many frames too early or late at the end, and the rate is another.
_DRIFT_FRAMES = 0.5
# Durations that differ by more are a finding of checks.
_MUCH_SECONDS = 1.0
_PUT_RIGHT = "fsn convert --retime puts them right"


@dataclasses.dataclass(frozen=True)
class Misfit:
    """A video that labels do not fit.

    Attributes:
        kind: What is wrong.
        line: The video, what its labels say, and what it holds.
        is_problem: Whether labels lie on other frames than they are of.
    """

    kind: str
    line: str
    is_problem: bool


def findings(
    stated: Mapping[str, labelings.Stated],
    folder: pathlib.Path | str,
    source_fps: float | None = None,
) -> list[checks.Finding]:
    """What does not fit, of all videos in a folder.

    Args:
        stated: What labels say, see annotations.stated.
        folder: Of the videos, see sources.find.
        source_fps: Frames per second of folders of JPEGs.
    """
    if not stated:
        return []
    paths, _ = sources.find(folder)
    # What cannot be read is named elsewhere.
    failures = errors.Failures(lambda line: None)
    found: list[Misfit] = []
    for path in paths:
        name = sources.name(path)
        if name in stated and (path.is_file() or source_fps is not None):
            with failures.caught():
                real = retiming.real_times(path, source_fps)
                found += of_video(name, stated[name], real)
    lines: dict[tuple[str, bool], list[str]] = {}
    for one in found:
        lines.setdefault((one.kind, one.is_problem), []).append(one.line)
    return [
        checks.Finding(kind, str(len(names)), tuple(names), is_problem)
        for (kind, is_problem), names in lines.items()
    ]


def of_video(
    name: str, stated: labelings.Stated, real: retiming.RealTimes
) -> Iterator[Misfit]:
    """What does not fit, of one video."""
    count = len(real.times)
    if stated.num_frames is not None and stated.num_frames != count:
        more = stated.num_frames - count
        off = "off by one" if abs(more) == 1 else f"{abs(more)} frames"
        yield Misfit(
            "videos of another number of frames than their labels say",
            f"{name}: {count} frames, labeled as {stated.num_frames} ({off})",
            abs(more) > 1,
        )
    if stated.fps is not None:
        yield from _rate(name, stated, real)
    if stated.seconds is not None:
        yield from _duration(name, stated, real)


def _rate(name, stated, real):
    """Whether frame n is where n and the rate say it is."""
    start, count = real.times[0], len(real.times)
    drift = max(
        abs(time - start - frame / real.fps)
        for frame, time in enumerate(real.times)
    )
    if drift * real.fps > _UNEVEN_FRAMES:
        if stated.in_frames:
            yield Misfit(
                "videos of variable frame rate, labeled by frames, "
                f"{_PUT_RIGHT}",
                f"{name}: up to {drift:.2f} s from {real.fps:.4g} a second",
                True,
            )
    elif abs((real.end - start) * stated.fps - count) > _DRIFT_FRAMES:
        yield Misfit(
            f"videos of another frame rate than their labels say, {_PUT_RIGHT}",
            f"{name}: {real.fps:.6g}, labeled at {stated.fps:.6g}",
            stated.in_frames,
        )
    if stated.in_frames and real.times[0] * stated.fps >= 1:
        yield Misfit(
            "videos whose picture starts late, labeled by frames, "
            f"{_PUT_RIGHT}",
            f"{name}: at {real.times[0]:.2f} s",
            True,
        )


def _duration(name, stated, real):
    """Whether labels in seconds start where the file does."""
    shift = retiming.shift_seconds(stated, real)
    if shift:
        yield Misfit(
            "videos whose picture starts late, labeled from its first frame, "
            f"{_PUT_RIGHT}",
            f"{name}: at {shift:.2f} s",
            True,
        )
    elif 1 / real.fps < abs(stated.seconds - real.end) <= _MUCH_SECONDS:
        yield Misfit(
            "videos of another duration than their labels say",
            f"{name}: {real.end:.3f} s, labeled as {stated.seconds:.3f} s",
            False,
        )
