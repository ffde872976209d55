"""What `fsn evaluate` does where scores give one list of segments."""

import dataclasses
import pathlib
import typing

from fsn_tf import errors
from fsn_tf.commands import evaluation_flags as given
from fsn_tf.commands import list_flags
from fsn_tf.commands import numbers
from fsn_tf.evaluation import settings
from fsn_tf.evaluation import threshold_tuning
from fsn_tf.grouping import threshold_files

if typing.TYPE_CHECKING:
    from fsn_tf.evaluation import from_files

_LEVELS = "threshold", "thresholds", "tune_thresholds"


def settled(rules: settings.Detection) -> settings.Detection:
    """The settings with what the flags of lists say, once these fit.

    Raises:
        UsageError: They do not.
        InputError: The file of thresholds is none.
    """
    flags = given.FLAGS
    if sum(flags[name].value is not None for name in _LEVELS) > 1:
        names = ", ".join(f"--{name}" for name in _LEVELS)
        raise errors.UsageError(f"give at most one of {names}")
    numbers.check(given.THRESHOLD)
    of_class, tidied = list_flags.chosen(flags)
    rules = dataclasses.replace(rules, class_thresholds=of_class, tidied=tidied)
    if given.THRESHOLD.value is not None:
        rules = dataclasses.replace(rules, thresholds=[given.THRESHOLD.value])
    if given.TUNE_THRESHOLDS.value is not None:
        _check_tunable(rules, given.PROTOCOL.value)
    elif not rules.is_a_list:
        for name in list_flags.overviews_wanted(flags):
            raise errors.UsageError(
                f"--{name} needs --threshold, --thresholds or --detections: "
                "segments of eleven thresholds lie inside each other"
            )
    return rules


def _check_tunable(rules, names):
    """Refuses what thresholds cannot be tuned with."""
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
    from fsn_tf.evaluation import lists_from_files
    from fsn_tf.reports import report

    found = lists_from_files.tuned(inputs, rules, _goal())
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


def written(
    inputs: "from_files.Inputs",
    folder: pathlib.Path | str,
    result: "from_files.Result",
) -> tuple[str, ...]:
    """Writes the files of a result; returns their names.

    Args:
        inputs: What was evaluated.
        folder: To write to.
        result: Of it.
    """
    from fsn_tf.evaluation import detection
    from fsn_tf.evaluation import lists_from_files
    from fsn_tf.reports import overviews
    from fsn_tf.reports import result_files

    names = result_files.write(folder, result, page=given.PAGE.value)
    wanted = list_flags.overviews_wanted(given.FLAGS)
    if not wanted or not isinstance(result, detection.Result):
        return names
    is_drawn = overviews.ETHOGRAM in wanted
    seconds = lists_from_files.lengths(inputs) if is_drawn else {}
    return names + overviews.write(folder, result.detections, wanted, seconds)
