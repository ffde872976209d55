"""50 Salads, mid granularity: frame scores in, published figures beside."""

from collections.abc import Mapping
from collections.abc import Sequence

import numpy as np

from fsn_tf.evaluation import segmentation
from fsn_tf.reports import report

COLUMNS = ("accuracy", "edit", "F1@10", "F1@25", "F1@50")

# Lea et al., Temporal Convolutional Networks for Action Segmentation and
# Detection (2017), in percent; class 0 is background.
PUBLISHED = {
    "Dilated TCN, on richer features": (59.3, 43.1, 52.2, 47.6, 37.4),
    "ED-TCN, on richer features": (64.7, 59.8, 68.0, 63.9, 52.6),
}
BACKGROUND = "0"

# Our rows, and the experiment of each; None takes the scores as they are.
ROWS = {
    "largest of the given scores": None,
    "1x1 head, no temporal context": "salads_without_temporal_cnn",
    "FSN's temporal CNN": "salads_fsn",
}


def table(
    found: Mapping[str, Sequence[segmentation.Metrics]],
    published: Mapping[str, Sequence[float]] = PUBLISHED,
) -> list[list[str]]:
    """Rows of cells, the head first.

    Args:
        found: {row of ours: the means over the videos, for each seed}.
        published: {row: figures of COLUMNS in percent}.
    """
    rows = [["in %", *COLUMNS]]
    for name, figures in published.items():
        rows.append([f"published, {name}", *map(report.figure, figures)])
    for name, results in found.items():
        values = 100 * np.array([_values(one) for one in results])
        cells = [report.figure(mean) for mean in values.mean(axis=0)]
        if len(values) > 1:
            spread = values.std(axis=0, ddof=1)
            cells = [
                f"{x} ± {y:.1f}" for x, y in zip(cells, spread, strict=True)
            ]
        rows.append([f"here, {name}", *cells])
    return rows


def _values(mean):
    return [mean.accuracy, mean.edit, *mean.f1.values()]
