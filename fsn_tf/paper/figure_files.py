"""Figure 2 from files: results, ground truth and videos in, pictures out."""

from collections.abc import Mapping
from collections.abc import Sequence
import pathlib

from fsn_tf import annotations as ground_truth
from fsn_tf import errors
from fsn_tf import files
from fsn_tf.paper import figures
from fsn_tf.paper import png
from fsn_tf.reports import drawing
from fsn_tf.videos import sources
from fsn_tf.videos import video_files

TRUTH = "Ground truth"

_FRAMES = 10

# Frames are shown small; a file of megabytes would be no use.
_FRAME_HEIGHT = 120


def write(
    out: pathlib.Path | str,
    results: Mapping[str, pathlib.Path | str],
    annotations: pathlib.Path | str,
    videos: pathlib.Path | str,
    *,
    chosen: Sequence[str] = (),
    best: int = 0,
    worst: int = 0,
    threshold: float,
    subset: str | None = None,
) -> list[str]:
    """Writes OUT.svg and OUT.png.

    Args:
        out: Path without an ending.
        results: {name of the method: folder of results, or file of
            detections}, in the order of the rows. The first ranks the videos.
        annotations: Path of the ground truth, see annotations.read.
        videos: Folder of the videos.
        chosen: Names of videos to show.
        best, worst: How many more to show, by AP in the video.
        threshold: Only segments of a higher score are drawn.
        subset: Which videos of an ActivityNet JSON to choose from.

    Returns:
        The names of the videos that it shows.

    Raises:
        InputError: A video is not there, or a file is broken.
    """
    out = pathlib.Path(out)
    files.check_writable(out.parent)
    truth = ground_truth.read(annotations, subset=subset)
    paths = {sources.name(path): path for path in sources.find(videos)[0]}
    truth = truth.named_as(paths)
    found = {name: _read(path, truth) for name, path in results.items()}
    precisions = {
        name: figures.average_precisions(truth, one)
        for name, one in found.items()
    }
    ranked = figures.best_and_worst(
        next(iter(precisions.values())), best, worst
    )
    names = list(dict.fromkeys([*chosen, *ranked]))
    for name in names:
        if name not in truth.videos:
            raise errors.InputError(f"{annotations}: has no video {name!r}")
        if name not in paths:
            raise errors.InputError(f"{videos}: has no video {name!r}")
    panels = []
    for name in names:
        rows = {TRUTH: _instances(truth, name)}
        for method, one in found.items():
            mine = figures.of_video(one, name)
            rows[method] = figures.most_confident(mine, threshold)
        scores = {x: ap[name] for x, ap in precisions.items() if name in ap}
        frames, seconds = _sampled(paths[name])
        panels.append(figures.Panel(name, seconds, frames, rows, scores))
    width, height, shapes = figures.layout(panels)
    files.write_text(
        out.with_name(f"{out.name}.svg"), drawing.svg(width, height, shapes)
    )
    with files.written_whole(out.with_name(f"{out.name}.png")) as partial:
        partial.write_bytes(png.encoded(width, height, shapes))
    return names


def _read(path, truth):
    """The detections in a folder of results, or in a file."""
    path = pathlib.Path(path)
    if path.is_dir():
        path = path / "detections.json"
    return ground_truth.read_detections(
        path, classes=truth.classes, videos=truth.videos
    )


def _instances(truth, name):
    return [
        (x.label, x.start_seconds, x.end_seconds)
        for x in truth.of_video(name).instances
    ]


def _sampled(path):
    """(frames at the middle of equal parts of a video, its seconds)."""
    source = video_files.Video(path)
    if not source.declared_seconds:
        raise errors.InputError(
            f"{path}: declares no length; encode it again to sample frames"
        )
    height = min(_FRAME_HEIGHT, source.height)
    size = max(round(source.width * height / source.height), 1), height
    # A frame stands for 1 / fps seconds and is the one in their middle.
    fps = _FRAMES / source.declared_seconds
    frames = [image for _, image in source.frames(fps, size=size)]
    return frames, source.declared_seconds
