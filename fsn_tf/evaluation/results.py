"""What every evaluation gives, and how results.json spells it."""

from collections import abc
import dataclasses
import typing

import numpy as np

import fsn_tf

# Of results.json; it changes where the meaning of a key does, or one goes.
VERSION = 1


@dataclasses.dataclass(frozen=True)
class Origin:
    """The files that a result was made from; none where it was arrays.

    Attributes:
        options: {name: value}, what was read and by which rules.
        networks: {folder of scores: what `fsn predict` noted there}.
        sha256: {path: fingerprint of the file or folder}.
    """

    options: dict[str, object] = dataclasses.field(default_factory=dict)
    networks: dict[str, dict] = dataclasses.field(default_factory=dict)
    sha256: dict[str, str] = dataclasses.field(default_factory=dict)


ARRAYS = Origin()

# (B, V) weights, see resampling.draws -> {figure: (B,) of the drawn sets}.
Resample = abc.Callable[[np.ndarray], dict[str, np.ndarray]]


@dataclasses.dataclass(frozen=True)
class Meaning:
    """What the figures of a result mean, and where they are lost.

    Attributes:
        chance: {row: {figure: number}}, what chance alone reaches.
        figures: {figure: number}, what both are about.
        resampled: {figure: (B,)} of B test sets whose videos were drawn anew.
        seed: Of these draws.
        lost: {part: what JSON can hold}: boundaries, calibration and
            worst_videos, each where the protocol has it.
    """

    chance: dict[str, dict[str, float | None]]
    figures: dict[str, float | None]
    resampled: dict[str, np.ndarray]
    seed: int
    lost: dict[str, typing.Any]

    @property
    def num_resamples(self) -> int:
        """B."""
        return len(next(iter(self.resampled.values()), ()))

    @property
    def intervals(self) -> dict[str, list[float] | None]:
        """{figure: [low, high]}, see interval_around."""
        return {
            name: interval_around(self.figures.get(name), values)
            for name, values in self.resampled.items()
        }

    def as_json(self) -> dict[str, typing.Any]:
        """The key `meaning` of results.json."""
        return {
            "chance": self.chance,
            "intervals": self.intervals,
            "num_resamples": self.num_resamples,
            "seed": self.seed,
            **self.lost,
        }


def interval(values: np.ndarray) -> list[float] | None:
    """The middle 95 % of resampled values; None where none is a number."""
    known = values[~np.isnan(values)]
    return np.percentile(known, [2.5, 97.5]).tolist() if known.size else None


def interval_around(
    value: float | None, drawn: np.ndarray
) -> list[float] | None:
    """The middle 95 % of drawn values, moved so that their mean is `value`.

    Copies of a video tie, which makes AP of drawn sets higher on the mean than
    that of the whole; how far they spread is what is asked for.

    Args:
        value: A figure from 0 to 1; None has no interval.
        drawn: (B,) the same in test sets drawn again; NaN does not count.

    Returns:
        [low, high], from 0 to 1.
    """
    ends = interval(drawn)
    if ends is None or value is None:
        return None
    moved = np.array(ends) + value - np.nanmean(drawn)
    return np.clip(moved, 0.0, 1.0).tolist()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Result:
    """What the three kinds have in common.

    Attributes:
        protocol: Name of the protocol, see protocols.
        videos: Names of the videos that were evaluated.
        notes: One line for each thing that is odd, or was left out.
        options: {name: value}, settings and what was read.
        origin: The files that it was made from.
        ground_truth_sha256: Fingerprint of what is annotated. Two results
            compare where it is equal.
        resample: What the figures are in test sets drawn again.
        meaning: What the figures mean; None where nobody asked.
    """

    protocol: str
    videos: tuple[str, ...]
    notes: tuple[str, ...]
    options: dict[str, object]
    origin: Origin
    ground_truth_sha256: str
    resample: Resample
    meaning: "Meaning | None" = None

    def figures(self) -> dict[str, float | None]:
        """{name: number} of what the result says in a line."""
        raise NotImplementedError

    def metrics(self) -> dict[str, typing.Any]:
        """The keys of results.json that only this kind has."""
        raise NotImplementedError

    def as_json(self) -> dict[str, typing.Any]:
        """The content of results.json, see results_schema."""
        return {
            "version": VERSION,
            "protocol": self.protocol,
            "videos": len(self.videos),
            **self.metrics(),
            **({"meaning": self.meaning.as_json()} if self.meaning else {}),
            "options": self.options,
            "notes": list(self.notes),
            "video_names": list(self.videos),
            "origins": self.origin.networks,
            "sha256": self.origin.sha256,
            "ground_truth_sha256": self.ground_truth_sha256,
            "fsn_tf_version": fsn_tf.__version__,
        }
