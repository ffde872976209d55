"""The few actions and scores that files to be damaged hold."""

import numpy as np

from fsn_tf import segments

CLASSES = ("Dive", "HighJump")
TRUTH = segments.Annotations(
    CLASSES,
    ("u", "v"),
    (
        segments.Instance("u", "Dive", 0.4, 1.2),
        segments.Instance("v", "HighJump", 1.0, 2.5),
        segments.Instance("v", "Dive", 3.0, 4.0),
    ),
)
FOUND = segments.Detections.from_rows(
    [("u", "Dive", 0.4, 1.0, 0.9), ("v", "HighJump", 1.5, 2.5, 0.25)],
    classes=CLASSES,
)


def scores() -> np.ndarray:
    """(30, 3) float32, each row a distribution over classes."""
    values = np.random.default_rng(0).dirichlet(np.ones(3), 30)
    return values.astype(np.float32)
