"""Precision, recall and F1 of a list of segments, as a person gets it.

mAP ranks all candidates; this says how good those are that are shown, at one
threshold for each class.
"""

from collections import abc
import dataclasses

import numpy as np

from fsn_tf.evaluation import ranking


@dataclasses.dataclass(frozen=True)
class Counts:
    """What was found of a class, or of several.

    Attributes:
        right: How many segments found an instance, each another one.
        found: How many segments there are.
        instances: How many are annotated.
    """

    right: int
    found: int
    instances: int

    @property
    def precision(self) -> float | None:
        """The share of segments that are right; None where there is none."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """The share of instances found; None where there is none."""
        return self.right / self.instances if self.instances else None

    @property
    def f1(self) -> float | None:
        """Their harmonic mean; None where there is nothing to find or found."""
        total = self.found + self.instances
        return 2 * self.right / total if total else None

    def as_json(self) -> dict[str, float | int | None]:
        """Everything by its name."""
        metrics = {x: getattr(self, x) for x in ("precision", "recall", "f1")}
        return metrics | dataclasses.asdict(self)


def counts(
    ranked: ranking.Ranking, instances: abc.Sequence[int]
) -> list[Counts]:
    """The Counts of K classes.

    Args:
        ranked: What was found at one tIoU.
        instances: (K,) how many are annotated of each class.
    """
    size = len(instances)
    right = np.bincount(ranked.label[ranked.right], minlength=size)
    found = np.bincount(ranked.label, minlength=size)
    return [
        Counts(int(a), int(b), int(c))
        for a, b, c in zip(right, found, instances, strict=True)
    ]


def of_classes(of_class: abc.Mapping[str, Counts], tiou: float) -> dict:
    """The value of `segment_f1` in results.json.

    Returns:
        tiou; mean_f1, over the classes that have instances; precision, recall
        and f1 of all segments together; and `per_class`.
    """
    known = [x.f1 or 0.0 for x in of_class.values() if x.instances]
    sums = np.sum(
        [(x.right, x.found, x.instances) for x in of_class.values()], axis=0
    )
    return {
        "tiou": tiou,
        "mean_f1": float(np.mean(known)) if known else None,
        **Counts(*map(int, sums)).as_json(),
        "per_class": {name: x.as_json() for name, x in of_class.items()},
    }


def of_ranking(
    ranked: ranking.Ranking, instances: abc.Mapping[str, int], tiou: float
) -> dict:
    """The same of {class: how many are annotated} and what was found."""
    found = counts(ranked, list(instances.values()))
    return of_classes(dict(zip(instances, found, strict=True)), tiou)
