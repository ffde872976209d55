"""What --tune_thresholds of `fsn evaluate` does."""

from collections import abc
import dataclasses
import pathlib
import typing

from fsn_tf import errors
from fsn_tf.commands import evaluation_flags as given
from fsn_tf.evaluation import settings
from fsn_tf.evaluation import threshold_tuning
from fsn_tf.grouping import threshold_files
from fsn_tf.reports import report

if typing.TYPE_CHECKING:
    from fsn_tf.evaluation import from_files


def check(rules: settings.Detection, names: abc.Sequence[str]) -> None:
    """Refuses what thresholds cannot be tuned with.

    Args:
        rules: How segments are made and matched otherwise.
        names: Of the protocols.

    Raises:
        UsageError: The goal is none, or fsn localize does not know a rule, or
            there are several protocols.
    """
    _goal()
    if len(names) > 1:
        raise errors.UsageError(
            f"--tune_thresholds: expected one --protocol, got {len(names)}"
        )
    if rules.smoothing != "none" or rules.copy_cliff_diving:
        raise errors.UsageError(
            "--tune_thresholds: fsn localize knows no --smoothing and no "
            "--copy_cliff_diving; leave them out"
        )


def tuned(
    inputs: "from_files.Inputs", rules: settings.Detection
) -> settings.Detection:
    """Tunes, records and shows thresholds; returns the settings with them.

    Args:
        inputs: Scores and ground truth to tune on.
        rules: How segments are made and matched otherwise.
    """
    # Loaded only now, so that --help answers at once.
    from fsn_tf.evaluation import from_files

    found = from_files.tuned(inputs, rules, _goal())
    path = pathlib.Path(given.OUT.value) / threshold_files.NAME
    counts = {name: one.as_json() for name, one in found.counts.items()}
    threshold_files.write(
        path,
        threshold_files.Thresholds(found.of_class, rules.tidied),
        {
            "goal": str(_goal()),
            "tiou": rules.shown_tiou,
            "tuned_on": str(inputs.annotations),
            "subset": inputs.subset,
            "per_class": counts,
        },
    )
    rows = [["tuned", "threshold", "precision in %", "recall in %", "F1 in %"]]
    for name, threshold in found.of_class.items():
        figures = [counts[name][x] for x in ("precision", "recall", "f1")]
        rows.append([name, f"{threshold:g}", *map(report.percent, figures)])
    for note in found.notes:
        print(f"note: {note}")
    print(report.text_table(rows))
    print(
        f"{path}: for --thresholds; the results below are of the videos that "
        "they were tuned on, and flatter\n"
    )
    return dataclasses.replace(rules, class_thresholds=found.of_class)


def _goal():
    try:
        return threshold_tuning.goal(given.TUNE_THRESHOLDS.value)
    except errors.InputError as error:
        raise errors.UsageError(f"--tune_thresholds: {error}") from error
