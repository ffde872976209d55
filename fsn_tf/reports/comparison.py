"""Two results side by side: is the difference more than chance?"""

import pathlib

import numpy as np

from fsn_tf import errors
from fsn_tf import files
from fsn_tf.annotations import text_files
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import resampling
from fsn_tf.evaluation import results_schema
from fsn_tf.reports import report
from fsn_tf.reports import result_files

# Two results are only compared where all of these agree.
_ALIKE = ("protocol", "ground_truth_sha256", "video_names")
# What else a comparison needs of results, by protocol; else _OF_SEGMENTS.
_NEEDED = {
    protocols.SEGMENTATION: ("options", "per_video"),
    protocols.CLASSIFICATION: ("options", "per_video"),
}
_OF_SEGMENTS = ("options", "segment_map", "frame_map", "average_map")


def compare(
    first: pathlib.Path | str,
    second: pathlib.Path | str,
    *,
    num_resamples: int = 1000,
    seed: int = 0,
) -> dict:
    """Compares what two evaluations of the same videos left behind.

    The videos are drawn again with replacement, the same ones for both, which
    gives as many differences as there are resamples. The interval holds the
    middle 95 % of them. p is twice the share of them on the rarer side of
    zero, itself included: how easily chance in the choice of test videos
    makes a difference of that sign vanish. Chance in training is not in it.

    Args:
        first, second: Folders of results, or paths of a results.json.
        num_resamples: How often the videos are drawn.
        seed: Of the draws.

    Returns:
        A dict that JSON can hold; `metrics` {name: {values: [first, second],
        difference: second - first, interval: [low, high] or None, p}}.

    Raises:
        InputError: There are no results, or none of the same ground truth.
    """
    paths = [_folder(path) for path in (first, second)]
    both = [_results(path) for path in paths]
    for name in _ALIKE:
        _alike(paths, name, [one.get(name) for one in both])
    weights = resampling.draws(len(both[0]["video_names"]), num_resamples, seed)
    measured = _measured(paths, both, weights)
    return {
        **{name: both[0][name] for name in _ALIKE},
        "results": list(map(str, paths)),
        "num_resamples": num_resamples,
        "seed": seed,
        "different_options": _different_options(both),
        "metrics": {
            name: _difference(one, measured[1][name])
            for name, one in measured[0].items()
        },
    }


def _measured(paths, both, weights):
    """For each of both {metric: (value, (B,) resampled values or None)}."""
    of_one = _OF_WHOLE_VIDEOS.get(both[0]["protocol"], _segments)
    measured = [
        of_one(path, one, weights)
        for path, one in zip(paths, both, strict=True)
    ]
    _alike(paths, "metrics", [list(one) for one in measured])
    return measured


def _folder(path):
    path = pathlib.Path(path)
    return path.parent if path.suffix == ".json" else path


def _results(folder):
    path = folder / "results.json"
    results = results_schema.read(folder)
    needed = *_ALIKE, *_NEEDED.get(results["protocol"], _OF_SEGMENTS)
    missing = [name for name in needed if name not in results]
    if missing:
        raise errors.InputError(
            f"{path}: expected {missing[0]!r} in results of fsn evaluate; "
            "evaluate again"
        )
    if not results["video_names"]:
        raise text_files.mistake(path, "a video in video_names", [])
    return results


def _alike(paths, name, values):
    if values[0] != values[1]:
        shown = [text_files.shown(value) for value in values]
        raise errors.InputError(
            f"{paths[1]}: {name} {shown[1]}, but {paths[0]} has {shown[0]}; "
            "results compare on the same ground truth and protocol only"
        )


def _segments(folder, results, weights):
    """{metric: (value, (B,) resampled values or None)} of segment mAP."""
    path = folder / "matches.npz"
    protocol = protocols.named(results["protocol"])
    rankings, counts = result_files.read_matches(path)
    num_videos = len(results["video_names"])
    if counts.shape[1] != num_videos:
        raise errors.InputError(
            f"{path}: expected {num_videos} videos as in results.json, got "
            f"{counts.shape[1]}"
        )
    if len(rankings) != len(results["segment_map"]):
        raise errors.InputError(
            f"{path}: expected {len(results['segment_map'])} tIoU as in "
            f"results.json, got {len(rankings)}"
        )
    measured, resampled = {"frame": (results["frame_map"], None)}, []
    once = np.ones((1, weights.shape[1]), int)
    for (name, value), ranked in zip(
        results["segment_map"].items(), rankings, strict=True
    ):
        drawn = resampling.resampled_map(
            ranked,
            counts,
            np.concatenate([once, weights]),
            protocol=protocol,
        )
        if value is None or abs(drawn[0] - value) > 1e-9:
            raise errors.InputError(
                f"{path}: expected the matches of results.json, mAP {value} "
                f"at tIoU {name}, got {drawn[0]}"
            )
        measured[f"tIoU {name}"] = value, drawn[1:]
        resampled.append(drawn[1:])
    mean = np.mean(resampled, axis=0)
    measured["average"] = results["average_map"], mean
    return measured


def _of_videos(folder, results):
    """What the results say of each of video_names."""
    rows = list(results["per_video"].values())
    if len(rows) != len(results["video_names"]):
        raise errors.InputError(
            f"{folder / 'results.json'}: expected {len(rows)} video_names as "
            f"in per_video, got {len(results['video_names'])}; evaluate again"
        )
    return rows


def _frames(folder, results, weights):
    """{metric: (mean over videos, (B,) of resampled ones)} of segmentation."""
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
        name: (float(column.mean()), weights @ column / len(column))
        for name, column in values.items()
    }


def _videos(folder, results, weights):
    """{metric: (share, (B,) resampled shares)} of classified videos."""
    right = np.array([one["right"] for one in _of_videos(folder, results)])
    return {"top-1": (float(right.mean()), weights @ right / len(right))}


# What is drawn again where there are no matches; else _segments.
_OF_WHOLE_VIDEOS = {
    protocols.SEGMENTATION: _frames,
    protocols.CLASSIFICATION: _videos,
}


def _difference(first, second):
    """One of the metrics of two (value, (B,) resampled values or None)."""
    values, (one, other) = zip(first, second, strict=True)
    result = {"values": list(values), "difference": None}
    result |= {"interval": None, "p": None}
    if None not in values:
        result["difference"] = values[1] - values[0]
    if one is not None:
        change = (other - one)[~np.isnan(other - one)]
        result["interval"] = np.percentile(change, [2.5, 97.5]).tolist()
        rarer = min((change <= 0).sum(), (change >= 0).sum())
        result["p"] = min(1.0, 2 * (int(rarer) + 1) / (len(change) + 1))
    return result


def _different_options(both):
    first, second = (one["options"] for one in both)
    names = dict.fromkeys([*first, *second])
    pairs = {name: [first.get(name), second.get(name)] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def table(found: dict) -> list[list[str]]:
    """Rows of cells, the head first; in % but for p."""
    rows = [["in %", "first", "second", "difference", "95 % interval", "p"]]
    for name, one in found["metrics"].items():
        low, high = one["interval"] or (None, None)
        interval = "-" if low is None else f"{_signed(low)} to {_signed(high)}"
        rows.append(
            [
                name,
                *map(report.percent, one["values"]),
                _signed(one["difference"]),
                interval,
                "-" if one["p"] is None else f"{one['p']:.3f}",
            ]
        )
    return rows


def _signed(fraction):
    return "-" if fraction is None else f"{100 * fraction:+.1f}"


def setting(found: dict) -> list[str]:
    """Lines that say what was compared, and how."""
    lines = [
        f"first: {found['results'][0]}",
        f"second: {found['results'][1]}",
        f"protocol {found['protocol']}, {len(found['video_names'])} videos, "
        f"drawn again {found['num_resamples']} times (seed {found['seed']})",
    ]
    for name, pair in found["different_options"].items():
        lines.append(f"{name}: {pair[0]} | {pair[1]}")
    return lines


def write(folder: pathlib.Path | str, found: dict) -> None:
    """Writes comparison.json and comparison.md."""
    folder = pathlib.Path(folder)
    parts = [
        "# Comparison",
        report.bullets(setting(found)),
        report.markdown_table(table(found)),
    ]
    files.write_text(folder / "comparison.md", "\n\n".join(parts) + "\n")
    files.write_json(folder / "comparison.json", found)
