"""What the figures of an evaluation mean: chance beside them, and how sure."""

import dataclasses

from fsn_tf.evaluation import chance_rows
from fsn_tf.evaluation import evaluators
from fsn_tf.evaluation import lost
from fsn_tf.evaluation import resampling
from fsn_tf.evaluation import results
from fsn_tf.evaluation import settings as evaluation_settings


@dataclasses.dataclass(frozen=True)
class Asked:
    """How to find out.

    Attributes:
        num_resamples: How often the videos are drawn again.
        seed: Of the draws, and of chance.
        fps: Frames per second, in which errors of boundaries are counted.
    """

    num_resamples: int = 1000
    seed: int = 0
    fps: float = 25.0


def explained(
    given: evaluators.Given,
    settings: evaluation_settings.Settings,
    result: evaluators.Result,
    asked: Asked,
) -> evaluators.Result:
    """The result with its meaning.

    Args:
        given: What was evaluated.
        settings: By which rules.
        result: What came of it.
        asked: How to find out.
    """
    weights = resampling.draws(
        len(result.videos), asked.num_resamples, asked.seed
    )
    found = results.Meaning(
        chance=chance_rows.of(given, settings, result, seed=asked.seed),
        figures=result.figures(),
        resampled=result.resample(weights),
        seed=asked.seed,
        lost=lost.parts(given, result, fps=asked.fps),
    )
    return dataclasses.replace(result, meaning=found)
