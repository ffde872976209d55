"""The figures of a protocol where only chance is at work.

shifted in time   what was found, when is left to chance (one draw)
class prior       only how frequent each class is is known
fixed cadence     moments at a fixed distance
"""

import dataclasses
import typing

import numpy as np

from fsn_tf import segments
from fsn_tf.annotations import frame_labels
from fsn_tf.evaluation import chance
from fsn_tf.evaluation import evaluators
from fsn_tf.evaluation import frame_columns
from fsn_tf.evaluation import measures
from fsn_tf.evaluation import metrics
from fsn_tf.evaluation import settings as evaluation_settings
from fsn_tf.grouping import frame_scores

SHIFTED, PRIOR, CADENCE = "shifted in time", "class prior", "fixed cadence"

# Random orders of which cAP's mean is taken; AP's is known exactly.
_ORDERS = 20

Figures = dict[str, float | None]


def of(
    given: evaluators.Given,
    settings: evaluation_settings.Settings,
    result: evaluators.Result,
    *,
    seed: int,
) -> dict[str, Figures]:
    """{row: {figure: number}}, the rows that mean something here.

    Args:
        given: What was evaluated.
        settings: By which rules.
        result: What came of it.
        seed: Of all that is drawn.
    """
    if isinstance(settings, evaluation_settings.Detection):
        settings = dataclasses.replace(settings, diagnose=False)
    rows: dict[str, typing.Any] = {}
    if not isinstance(settings, evaluation_settings.Classification):
        rows[SHIFTED] = _shifted(given, seed)
    if isinstance(settings, evaluation_settings.Spotting):
        rows[CADENCE] = chance.cadence(given.truth, _seconds(given))
    elif isinstance(settings, evaluation_settings.Classification):
        rows[PRIOR] = _priors_of_videos(given)
    elif isinstance(given.truth, frame_labels.FrameLabels):
        rows[PRIOR] = chance.most_frequent(given.truth)
    found = {
        name: evaluators.evaluate(
            dataclasses.replace(given, found=one), settings
        ).figures()
        for name, one in rows.items()
    }
    frames = getattr(result, "scored_frames", None)
    if frames is not None:
        found[PRIOR] = _priors_of_frames(frames, result, seed)
    return found


def _shifted(given, seed):
    if isinstance(given.found, segments.Detections):
        return chance.shifted_detections(given.found, given.truth, seed)
    if isinstance(given.found, frame_labels.FrameLabels):
        return chance.shifted_labels(given.found, seed)
    return chance.ShiftedScores(given.found, seed)


def _seconds(given):
    """{video: how long it is}."""
    if isinstance(given.found, segments.Detections):
        return chance.lengths(given.truth, given.found)
    return {
        video: len(given.found[video].scores) / given.found[video].fps
        for video in given.truth.videos
    }


def _priors_of_videos(given):
    """{video: scores}, how frequent each class is among all of them."""
    classes = given.found[given.truth.videos[0]].classes
    counts = dict.fromkeys(classes, 0)
    for video in given.truth.videos:
        for name in given.truth.labels[video]:
            counts[name] += 1
    shares = np.array([list(counts.values())], "f4") / len(given.truth.videos)
    one = frame_scores.FrameScores(shares, 1.0, classes)
    return dict.fromkeys(given.truth.videos, one)


def _priors_of_frames(frames: frame_columns.Frames, result, seed) -> Figures:
    """The figures of a random order, of those that the result has."""
    per_class = chance.average_precision(frames.shown, frames.num_frames)
    known = {
        "frame mAP": measures.mean(per_class),
        "mAP": measures.mean(per_class),
        "mAP over all classes": float(np.nan_to_num(per_class).mean()),
    }
    if "mcAP" in result.figures():
        known["mcAP"] = _calibrated(frames, seed)
    return {x: y for x, y in known.items() if x in result.figures()}


def _calibrated(frames, seed):
    """mcAP, the mean over some random orders."""
    generator = np.random.default_rng(seed)
    means = [
        measures.mean(
            np.array(
                [
                    _random_cap(x, frames.num_frames, generator)
                    for x in frames.shown.tolist()
                ]
            )
        )
        for _ in range(_ORDERS)
    ]
    return measures.mean(np.array(means, float))


def _random_cap(count, num_frames, generator):
    """cAP of so many positives in a random order."""
    places = generator.choice(num_frames, count, replace=False, shuffle=False)
    return metrics.calibrated_precision_at(np.sort(places) + 1, num_frames)
