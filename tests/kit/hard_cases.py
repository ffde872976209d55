"""Random cases with ties, doubles, no length, empty videos and classes."""

import numpy as np

from fsn_tf import segments

CLASSES = ("Dive", "Jump", "Run")
VIDEOS = ("a", "b", "c", "empty")


def segments_of(generator, most_found=40):
    """(annotations, detections) on a coarse grid of times and scores."""
    latest = generator.integers(3, 15)
    truth = []
    for _ in range(generator.integers(0, 16)):
        start, end = np.sort(generator.integers(0, latest, 2)).tolist()
        nudge = float(generator.choice([0, 0, 0.0005, 0.001, 0.0015]))
        video = str(generator.choice(VIDEOS[: generator.integers(1, 4)]))
        label = str(generator.choice(CLASSES[: generator.integers(1, 4)]))
        truth.append((video, label, start + nudge, end + nudge))
    found = [
        (
            str(generator.choice([*VIDEOS, "not annotated"])),
            str(generator.choice(CLASSES)),
            *np.sort(generator.integers(0, latest, 2)).tolist(),
            generator.integers(0, 6) / 6,
        )
        for _ in range(generator.integers(0, most_found))
    ]
    annotations = segments.Annotations.from_rows(
        truth, classes=CLASSES, videos=VIDEOS
    )
    return annotations, segments.Detections.from_rows(
        [*found, *found[:3]], classes=CLASSES
    )


def tiou(one, other):
    """tIoU of two (start, end)."""
    shared = max(min(one[1], other[1]) - max(one[0], other[0]), 0)
    union = (one[1] - one[0]) + (other[1] - other[0]) - shared
    return shared / union if union > 0 else 0
