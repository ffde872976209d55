"""A threshold for each class, chosen on annotated videos."""

from collections import abc
import dataclasses

import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import ranking
from fsn_tf.evaluation import scored_videos
from fsn_tf.evaluation import segment_f1
from fsn_tf.evaluation import settings as evaluation_settings
from fsn_tf.evaluation import waiting
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import thresholds as grouping_thresholds

CANDIDATES = tuple(step / 100 for step in range(1, 100))
# Of a class without instances: there is nothing to choose by.
DEFAULT = 0.5

_F1, _PRECISION, _RECALL = "f1", "precision", "recall"


@dataclasses.dataclass(frozen=True)
class Goal:
    """What a threshold is good for.

    Attributes:
        metric: "f1", which is to be as high as it can; or "precision" or
            "recall", which must reach `least` while the other is as high as it
            can.
        least: A fraction; for F1 it has no meaning.
    """

    metric: str = _F1
    least: float = 0.0

    def __str__(self):
        return self.metric + (f":{self.least:g}" if self.metric != _F1 else "")

    def rank(self, one: segment_f1.Counts) -> tuple[float, float]:
        """What is higher is better."""
        if self.metric == _F1:
            return (one.f1 or 0.0, 0.0)
        # Nothing found is never wrong, and of no use.
        values = {
            _PRECISION: one.precision or 0.0,
            _RECALL: one.recall or 0.0,
        }
        held = values.pop(self.metric)
        (other,) = values.values()
        return (1.0, other) if held >= self.least else (0.0, held)


def goal(text: str) -> Goal:
    """The Goal of "f1", "precision:0.9" or "recall:0.9".

    Raises:
        InputError: It is none of them.
    """
    metric, _, least = text.partition(":")
    try:
        fraction = float(least) if least else 0.0
    except ValueError:
        fraction = -1.0
    is_f1 = metric == _F1 and not least
    is_held = metric in (_PRECISION, _RECALL) and 0 < fraction <= 1
    if not is_f1 and not is_held:
        raise errors.InputError(
            f"expected f1, precision:0.9 or recall:0.9, got {text!r}"
        )
    return Goal(metric, fraction)


@dataclasses.dataclass(frozen=True)
class Tuned:
    """What was chosen.

    Attributes:
        of_class: {class: threshold}.
        counts: {class: segment_f1.Counts at that threshold}.
        notes: A line on each class whose goal was not reached.
    """

    of_class: dict[str, float]
    counts: dict[str, segment_f1.Counts]
    notes: tuple[str, ...]


def tuned(
    scores: abc.Mapping[str, frame_scores.FrameScores],
    annotations: segments.Annotations,
    settings: evaluation_settings.Detection,
    chosen_by: Goal,
) -> Tuned:
    """Chooses the threshold of each class by the segments that it gives.

    Of thresholds that are as good as each other the one in the middle of the
    longest stretch is taken, which is the farthest from being worse.

    Args:
        scores: {video: its scores}.
        annotations: The instances to find, of the same classes.
        settings: Protocol, tidying, and the tIoU at which a segment is right:
            settings.shown_tiou.
        chosen_by: What the thresholds are to reach.

    Raises:
        InputError: An annotated video has no scores, or of other classes.
    """
    scored_videos.left_out(scores, annotations)
    table = _counts(scores, annotations, settings)
    of_class, counts, notes = {}, {}, []
    for name, column in zip(
        annotations.classes, zip(*table, strict=True), strict=True
    ):
        place = _best([chosen_by.rank(one) for one in column])
        if not column[0].instances:
            place = CANDIDATES.index(DEFAULT)
            notes.append(f"{name}: no instance to tune on, {DEFAULT} is kept")
        elif chosen_by.least and chosen_by.rank(column[place])[0] < 1:
            notes.append(f"{name}: no threshold reaches {chosen_by}")
        of_class[name], counts[name] = CANDIDATES[place], column[place]
    return Tuned(of_class, counts, tuple(notes))


def _counts(scores, annotations, settings):
    """For each candidate the Counts of K classes."""
    protocol = protocols.named(settings.protocol)
    annotations = protocol.counted(annotations)
    instances = ranking.instance_counts(annotations).sum(axis=1)
    table = []
    for found in _lists(scores, annotations, settings):
        (ranked,) = ranking.rankings(
            annotations, found, [settings.shown_tiou], protocol=protocol
        )
        table.append(segment_f1.counts(ranked, instances))
    return table


def _lists(scores, annotations, settings):
    """For each candidate the segments of all videos, each video read once."""
    lists = [
        [grouping_thresholds.detections([], annotations.classes)]
        for _ in CANDIDATES
    ]
    names = annotations.videos
    for video in waiting.followed(names, len(names), "videos"):
        one = scored_videos.of_video(scores, video, annotations)
        for threshold, found in zip(CANDIDATES, lists, strict=True):
            found.append(
                grouping_thresholds.detections(
                    [(video, one.actions, one.fps)],
                    annotations.classes,
                    thresholds=[threshold],
                    confidence=settings.confidence,
                    tidied=settings.tidied,
                )
            )
    return map(segments.join, lists)


def _best(ranks):
    """The middle of the longest stretch of the highest."""
    highest = max(ranks)
    mask = np.array([[rank == highest for rank in ranks]])
    _, first, stop = segments.runs(mask)
    longest = int(np.argmax(stop - first))
    return int(first[longest] + stop[longest] - 1) // 2
