"""Small videos and snippet files that tests make for themselves."""

import dataclasses
import pathlib

import cv2
import numpy as np

from fsn_tf import segments
from fsn_tf.snippets import preparation
from fsn_tf.snippets import video_writing


def awkward_annotations(**changes):
    """Annotations whose names, times and order a file could easily lose."""
    truth = segments.Annotations(
        classes=("Dive", 'Run, "fast"'),
        videos=("u", "v", "w"),
        instances=(
            segments.Instance("w", 'Run, "fast"', 1 / 3, 2e-7 + 1),
            segments.Instance("v", "Dive", 5.0, 5.0),
            segments.Instance("w", "Dive", 1.0, 2.0),
        ),
        ambiguous=(segments.Instance("u", "Ambiguous", 1.0, 2.0),),
    )
    return dataclasses.replace(truth, **changes)


def write_video(path, values, *, fps=25, size=(64, 48)):
    """Writes a video of plain gray frames, one per value."""
    path = pathlib.Path(path)
    codec = cv2.VideoWriter_fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), codec, fps, size)
    for value in values:
        writer.write(np.full((size[1], size[0], 3), value, np.uint8))
    writer.release()
    return path


def write_colored_video(path, actions, *, num_frames, seed=0):
    """A noisy video at 25 fps; action k, a (first, stop), tints channel k."""
    rng = np.random.default_rng(seed)
    codec = cv2.VideoWriter_fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), codec, 25, (64, 48))
    for frame in range(num_frames):
        image = rng.integers(60, 120, (48, 64, 3))
        for channel, (first, stop) in enumerate(actions):
            if first <= frame < stop:
                image[..., channel] += 110
        writer.write(image.astype(np.uint8))
    writer.release()


def prepared_folder(folder, *, videos=3, num_frames=100):
    """Prepares colored videos of two classes.

    Returns:
        (prepared, segments.Annotations).
    """
    folder = pathlib.Path(folder)
    raw = folder / "videos"
    raw.mkdir(parents=True)
    rows = []
    for index in range(videos):
        first = 20 + 5 * index
        spans = [(first, first + 20), (first + 30, first + 45)]
        write_colored_video(
            raw / f"v{index}.mp4", spans, num_frames=num_frames, seed=index
        )
        for label, (start, stop) in zip("ab", spans, strict=True):
            rows.append((f"v{index}", label, start / 25, stop / 25))
    settings = preparation.Settings(width=64, height=48)
    out = folder / "prepared"
    for path in sorted(raw.iterdir()):
        video_writing.write_video(
            path, out / "rgb" / f"{path.stem}.tfrecord", settings
        )
    return out, segments.Annotations.from_rows(rows)
