"""Results side by side: is a difference more than chance?"""

from collections import abc
import itertools
import pathlib

from fsn_tf import errors
from fsn_tf.annotations import text_files
from fsn_tf.evaluation import resampling
from fsn_tf.evaluation import results
from fsn_tf.reports import drawn_results


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
    both = _read([first, second], num_resamples, seed)
    return {
        **_setting(both, num_resamples, seed),
        "different_options": _different_options(both),
        "metrics": {
            name: _difference(one, both[1].drawn[name])
            for name, one in both[0].drawn.items()
        },
    }


def compare_all(
    folders: abc.Sequence[pathlib.Path | str],
    *,
    num_resamples: int = 1000,
    seed: int = 0,
) -> dict:
    """Compares several evaluations, each with each.

    Every pair is compared as by compare. As of many pairs some differ by
    chance, p is also given corrected for how many pairs there are (Holm), for
    each metric by itself.

    Args:
        folders: Of results, or paths of a results.json.
        num_resamples: How often the videos are drawn.
        seed: Of the draws.

    Returns:
        A dict that JSON can hold; `metrics` {name: {values, intervals}} and
        `pairs` [{results: two places, metrics: {name: as compare has it, and
        p_corrected}}].

    Raises:
        InputError: There are no results, or none of the same ground truth.
    """
    several = _read(folders, num_resamples, seed)
    pairs = list(itertools.combinations(range(len(several)), 2))
    found: list[dict] = [
        {"results": list(pair), "metrics": {}} for pair in pairs
    ]
    for name in several[0].drawn:
        columns = [one.drawn[name] for one in several]
        tests = [_difference(columns[x], columns[y]) for x, y in pairs]
        holm = resampling.corrected([one["p"] for one in tests])
        for one, test, p in zip(found, tests, holm, strict=True):
            one["metrics"][name] = test | {"p_corrected": p}
    return {
        **_setting(several, num_resamples, seed),
        "metrics": {
            name: _of_all([one.drawn[name] for one in several])
            for name in several[0].drawn
        },
        "pairs": found,
    }


def _of_all(columns):
    """One metric of all, of [(value, (B,) resampled values or None)]."""
    return {
        "values": [value for value, _ in columns],
        "intervals": [
            None if drawn is None else results.interval_around(value, drawn)
            for value, drawn in columns
        ],
    }


def _read(folders, num_resamples, seed):
    """[drawn_results.Drawn], once they are found to compare."""
    found = [drawn_results.read(path) for path in folders]
    for other in found[1:]:
        both = [found[0], other]
        for name in drawn_results.ALIKE:
            _alike(both, name, [one.results.get(name) for one in both])
    draws = drawn_results.Draws(
        len(found[0].results["video_names"]), num_resamples, seed
    )
    drawn = [drawn_results.draw(one, draws) for one in found]
    for other in drawn[1:]:
        both = [drawn[0], other]
        _alike(both, "metrics", [list(one.drawn) for one in both])
    return drawn


def _setting(several, num_resamples, seed):
    return {
        **{name: several[0].results[name] for name in drawn_results.ALIKE},
        "results": [str(one.folder) for one in several],
        "num_resamples": num_resamples,
        "seed": seed,
    }


def _alike(both, name, values):
    paths = [one.folder for one in both]
    if values[0] != values[1]:
        shown = [text_files.shown(value) for value in values]
        raise errors.InputError(
            f"{paths[1]}: {name} {shown[1]}, but {paths[0]} has {shown[0]}; "
            "results compare on the same ground truth and protocol only"
        )


def _difference(first, second):
    """One of the metrics of two (value, (B,) resampled values or None)."""
    values, (one, other) = zip(first, second, strict=True)
    result = {"values": list(values), "difference": None}
    result |= {"interval": None, "p": None}
    if None not in values:
        result["difference"] = values[1] - values[0]
    if one is not None and other is not None:
        result["interval"] = results.interval(other - one)
        result["p"] = resampling.difference_p(other - one)
    return result


def _different_options(both):
    first, second = (one.results["options"] for one in both)
    names = dict.fromkeys([*first, *second])
    pairs = {name: [first.get(name), second.get(name)] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
