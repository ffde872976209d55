"""What an evaluation left behind, its videos drawn again."""

import dataclasses
import functools
import pathlib

import numpy as np

from fsn_tf import errors
from fsn_tf.annotations import text_files
from fsn_tf.evaluation import measures
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import resampling
from fsn_tf.evaluation import results_schema
from fsn_tf.evaluation import spotting
from fsn_tf.reports import result_files

# Results are only compared where all of these agree.
ALIKE = ("protocol", "ground_truth_sha256", "video_names")

# What else is needed of results, by protocol; else _OF_SEGMENTS.
_NEEDED = {
    protocols.SEGMENTATION: ("options", "per_video"),
    protocols.CLASSIFICATION: ("options", "per_video"),
    protocols.PHASES: ("options", "measures", "per_video"),
    protocols.SPOTTING: ("options", "measures"),
    protocols.MULTILABEL: ("options", "measures"),
    protocols.OAD: ("options", "measures"),
}
_OF_SEGMENTS = ("options", "segment_map", "frame_map", "average_map")

# {metric: (value, (B,) resampled values or None)}.
Columns = dict[str, tuple[float | None, np.ndarray | None]]


@dataclasses.dataclass(frozen=True)
class Draws:
    """How the videos are drawn again.

    Attributes:
        num_videos: V.
        num_resamples: B.
        seed: Of the draws.
    """

    num_videos: int
    num_resamples: int
    seed: int

    @functools.cached_property
    def weights(self) -> np.ndarray:
        """(B, V), see resampling.draws."""
        return resampling.draws(self.num_videos, self.num_resamples, self.seed)


@dataclasses.dataclass(frozen=True)
class Left:
    """What an evaluation left behind.

    Attributes:
        folder: Where.
        results: Its results.json.
        drawn: Its metrics in test sets drawn again; empty until draw.
    """

    folder: pathlib.Path
    results: dict
    drawn: Columns = dataclasses.field(default_factory=dict)


def read(path: pathlib.Path | str) -> Left:
    """Reads a folder of results, or that of a results.json.

    Raises:
        InputError: There are none.
    """
    path = pathlib.Path(path)
    folder = path.parent if path.suffix == ".json" else path
    return Left(folder, _results(folder))


def draw(left: Left, draws: Draws) -> Left:
    """The same with its metrics in test sets drawn again.

    Raises:
        InputError: A file that this takes is missing or of other results.
    """
    of_one = _OF_PROTOCOL.get(left.results["protocol"], _segments)
    found = of_one(left.folder, left.results, draws)
    return dataclasses.replace(left, drawn=found)


def _results(folder):
    path = folder / "results.json"
    results = results_schema.read(folder)
    needed = *ALIKE, *_NEEDED.get(results["protocol"], _OF_SEGMENTS)
    missing = [name for name in needed if name not in results]
    if missing:
        raise errors.InputError(
            f"{path}: expected {missing[0]!r} in results of fsn evaluate; "
            "evaluate again"
        )
    if not results["video_names"]:
        raise text_files.mistake(path, "a video in video_names", [])
    return results


def _segments(folder, results, draws):
    """Columns of segment mAP."""
    path = folder / "matches.npz"
    protocol = protocols.named(results["protocol"])
    rankings, counts = _matches(path, "tIoU", results["segment_map"], draws)
    of_frames = _kept_draws(folder, draws).get("frame mAP")
    measured = {"frame": (results["frame_map"], of_frames)}
    every = []
    for (name, value), ranked in zip(
        results["segment_map"].items(), rankings, strict=True
    ):
        drawn = _drawn_map(
            path, f"tIoU {name}", value, ranked, counts, draws, protocol
        )
        measured[f"tIoU {name}"] = value, drawn
        every.append(drawn)
    mean = np.mean(every, axis=0)
    measured["average"] = results["average_map"], mean
    return measured


def _matches(path, what, values, draws):
    """(rankings, instance counts), as many rankings as values."""
    rankings, counts = result_files.read_matches(path)
    if counts.shape[1] != draws.num_videos:
        raise errors.InputError(
            f"{path}: expected {draws.num_videos} videos as in results.json, "
            f"got {counts.shape[1]}"
        )
    if len(rankings) != len(values):
        raise errors.InputError(
            f"{path}: expected {len(values)} {what} as in results.json, got "
            f"{len(rankings)}"
        )
    return rankings, counts


def _drawn_map(path, name, value, ranked, counts, draws, protocol):
    """(B,) mAP of drawn test sets, once it is known to be of the results."""
    once = np.ones((1, draws.num_videos), int)
    drawn = resampling.resampled_map(
        ranked,
        counts,
        np.concatenate([once, draws.weights]),
        protocol=protocol,
    )
    if value is None or abs(drawn[0] - value) > 1e-9:
        raise errors.InputError(
            f"{path}: expected the matches of results.json, mAP {value} at "
            f"{name}, got {drawn[0]}"
        )
    return drawn[1:]


def _moments(folder, results, draws):
    """Columns of spotting."""
    path, values = folder / "matches.npz", results["measures"]
    rankings, counts = _matches(path, "tolerances", values, draws)
    return {
        name: (
            value,
            _drawn_map(
                path, name, value, ranked, counts, draws, spotting.SUMMED_UP_AS
            ),
        )
        for (name, value), ranked in zip(values.items(), rankings, strict=True)
    }


def _kept_draws(folder, draws):
    """{figure: (B,)} as --meaning left them; empty where not drawn so."""
    path = folder / "resampled.npz"
    if not path.exists():
        return {}
    found, seed = result_files.read_resampled(path)
    sizes = {len(values) for values in found.values()}
    same = seed == draws.seed and sizes == {draws.num_resamples}
    return found if same else {}


def _ranked_frames(folder, results, draws):
    """Columns of protocols that rank frames, which are not kept."""
    kept = _kept_draws(folder, draws)
    if not kept:
        raise errors.InputError(
            f"{folder}: expected resampled.npz with {draws.num_resamples} "
            f"draws by seed {draws.seed}, as frames are not among the results; "
            "evaluate again with --meaning "
            f"--num_resamples={draws.num_resamples} --seed={draws.seed}"
        )
    return {x: (y, kept.get(x)) for x, y in results["measures"].items()}


def _of_videos(folder, results):
    """What the results say of each of video_names."""
    rows = list(results["per_video"].values())
    if len(rows) != len(results["video_names"]):
        raise errors.InputError(
            f"{folder / 'results.json'}: expected {len(rows)} video_names as "
            f"in per_video, got {len(results['video_names'])}; evaluate again"
        )
    return rows


def _phases(folder, results, draws):
    """Columns of phases, means over videos."""
    names, rows = list(results["measures"]), _of_videos(folder, results)
    columns = {
        name: np.array([one[name] for one in rows], float) for name in names
    }
    drawn = measures.resampled_means(columns, draws.weights)
    return {x: (results["measures"][x], drawn[x]) for x in names}


def _frames(folder, results, draws):
    """Columns of segmentation, means over videos."""
    rows = [
        {"accuracy": one["accuracy"], "edit": one["edit"]}
        | {f"F1@{name}": value for name, value in one["f1"].items()}
        for one in _of_videos(folder, results)
    ]
    if any(row.keys() != rows[0].keys() for row in rows):
        raise errors.InputError(
            f"{folder / 'results.json'}: expected F1 at the same tIoU of every "
            "video; evaluate again"
        )
    values = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return {
        name: (float(column.mean()), draws.weights @ column / len(column))
        for name, column in values.items()
    }


def _videos(folder, results, draws):
    """Columns of classified videos, shares."""
    right = np.array([one["right"] for one in _of_videos(folder, results)])
    return {"top-1": (float(right.mean()), draws.weights @ right / len(right))}


# What is drawn again; else _segments.
_OF_PROTOCOL = {
    protocols.SEGMENTATION: _frames,
    protocols.CLASSIFICATION: _videos,
    protocols.PHASES: _phases,
    protocols.SPOTTING: _moments,
    protocols.MULTILABEL: _ranked_frames,
    protocols.OAD: _ranked_frames,
}
