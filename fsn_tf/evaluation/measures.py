"""The result of protocols that have measures of their own, and no tIoU."""

from collections import abc
import dataclasses

import numpy as np

from fsn_tf.evaluation import frame_columns
from fsn_tf.evaluation import ranking
from fsn_tf.evaluation import results


@dataclasses.dataclass(frozen=True, kw_only=True)
class Result(results.Result):
    """Named numbers, of everything and of each class or video.

    Attributes:
        measures: {name: number}; None where there is nothing to measure.
        deviations: {name: standard deviation over the videos}, or empty.
        per_class: {class: {name: number}}, or empty.
        per_video: {video: {name: number}}, or empty.
        scored_frames: The frames and their scores, where these are ranked.
        spotted: Where moments are spotted, what was ranked for each measure,
            and (K, V) int, instances by class and video.
    """

    measures: dict[str, float | None]
    deviations: dict[str, float | None]
    per_class: dict[str, dict[str, float | None]]
    per_video: dict[str, dict[str, float | None]]
    scored_frames: frame_columns.Frames | None = None
    spotted: tuple[list[ranking.Ranking], np.ndarray] | None = None

    def figures(self) -> dict[str, float | None]:
        """The measures."""
        return self.measures

    def metrics(self) -> dict[str, object]:
        """The keys of results.json that only these protocols have."""
        return {
            "measures": self.measures,
            "deviations": self.deviations,
            "per_class": self.per_class,
            "per_video": self.per_video,
        }


def number(value: float) -> float | None:
    """A float, or None, as JSON has no NaN."""
    return None if np.isnan(value) else float(value)


def mean(values: np.ndarray) -> float | None:
    """Mean of those that are numbers; None if there is none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else None


def resampled_means(
    columns: abc.Mapping[str, np.ndarray], weights: np.ndarray
) -> dict[str, np.ndarray]:
    """Means over the videos of test sets drawn again.

    Args:
        columns: {name: (V,) of every video}; NaN does not count.
        weights: (B, V), see resampling.draws.

    Returns:
        {name: (B,)}; NaN where none that counts was drawn.
    """
    found = {}
    for name, values in columns.items():
        totals = weights @ ~np.isnan(values)
        found[name] = np.divide(
            weights @ np.nan_to_num(values),
            totals,
            out=np.full(len(weights), np.nan),
            where=totals > 0,
        )
    return found


def by_name(
    names: abc.Sequence[str], columns: abc.Mapping[str, np.ndarray]
) -> dict[str, dict[str, float | None]]:
    """{name of a row: {name of a column: number}} of columns (N,)."""
    return {
        name: {what: number(column[row]) for what, column in columns.items()}
        for row, name in enumerate(names)
    }
