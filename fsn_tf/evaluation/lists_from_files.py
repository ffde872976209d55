"""One list of segments, of scores that lie in files: thresholds and lengths."""

from fsn_tf.evaluation import from_files
from fsn_tf.evaluation import settings as evaluation_settings
from fsn_tf.evaluation import threshold_tuning


def tuned(
    inputs: from_files.Inputs,
    settings: evaluation_settings.Detection,
    goal: threshold_tuning.Goal,
) -> threshold_tuning.Tuned:
    """A threshold for each class, see threshold_tuning.tuned.

    Raises:
        InputError: A file is broken, or the files do not fit each other.
    """
    found, truth = from_files.scored(inputs)
    return threshold_tuning.tuned(found, truth, settings, goal)


def lengths(inputs: from_files.Inputs) -> dict[str, float]:
    """{video: seconds}, by its scores, or as the annotations tell."""
    if not inputs.scores:
        return dict(from_files.instances(inputs).durations_seconds)
    found, _ = from_files.scored(inputs)
    return {video: len(one.scores) / one.fps for video, one in found.items()}
