"""A search from files to a recommended experiment, as `fsn tune` does it."""

from collections.abc import Sequence
import pathlib
from typing import Any

from fsn_tf.errors import UsageError
from fsn_tf.experiment import Experiment
from fsn_tf.training import runs
from fsn_tf.tuning import held_out
from fsn_tf.tuning import parts
from fsn_tf.tuning import search
from fsn_tf.tuning import trial_runs

# Validations of a trial, unless it is said how many.
_VALIDATIONS = 10


def tune(
    experiment: Experiment,
    fields: str,
    *,
    minutes: float,
    prepared: pathlib.Path | str,
    annotations: pathlib.Path | str,
    workdir: pathlib.Path | str,
    background: str | None = None,
    subset: str | None = None,
    mapping: pathlib.Path | str | None = None,
    videos: pathlib.Path | str | None = None,
    validation_share: float = 0.2,
    validation_annotations: pathlib.Path | str | None = None,
    validation_prepared: pathlib.Path | str | None = None,
    validation_subset: str | None = None,
    validation_videos: pathlib.Path | str | None = None,
    validation_steps: int | None = None,
    validation_inference: str | None = None,
    validation_tious: Sequence[float] | None = None,
    best_by: str | None = None,
) -> None:
    """Searches, and writes WORKDIR/recommended.py, tried.md, trials.json.

    Args:
        experiment: Experiment to start from; its seed is the search's too.
        fields: What may be chosen, see spaces.parse.
        minutes: Time budget of all calls together.
        prepared, annotations, background, subset, mapping, videos: As for
            tuning.runs.train.
        workdir: Folder; made if it is missing.
        validation_share: Of the videos that is held out, where there are no
            validation_annotations.
        validation_annotations: As for tuning.runs.train, as the rest.

    Raises:
        InputError: Files and experiment do not fit, or the workdir belongs to
            another search.
    """
    _check(minutes, validation_share)
    runs.note_random_start(experiment)
    labels = runs.read_labels(
        annotations,
        experiment,
        background=background,
        subset=subset,
        mapping=mapping,
        videos=videos,
    )
    rules: dict[str, Any] = {
        "prepared": validation_prepared or prepared,
        "steps": validation_steps or max(experiment.steps // _VALIDATIONS, 1),
        "best_by": best_by,
        "inference": validation_inference,
        "tious": validation_tious,
        "background": background,
    }
    if validation_annotations is not None:
        chosen = held_out.read(
            validation_annotations,
            experiment,
            subset=validation_subset,
            mapping=mapping,
            videos=validation_videos,
            **rules,
        )
    else:
        _check_unasked(
            validation_subset, validation_videos, validation_prepared
        )
        labels, chosen = _own_share(
            labels, validation_share, annotations, experiment, subset, rules
        )
    found = trial_runs.Search(
        experiment=experiment,
        fields=fields,
        labels=labels,
        prepared=pathlib.Path(prepared),
        held_out=chosen,
        background=background,
        workdir=pathlib.Path(workdir),
        seed=experiment.seed,
    )
    top = search.run(found, minutes=minutes)
    print(
        f"{pathlib.Path(workdir) / 'recommended.py'}: {chosen.best_by} "
        f"{top.value:.1%} on {found.on}, trial {top.number}"
    )


def _check_unasked(*given):
    """Refuses what has no meaning where training videos are held out."""
    if any(given):
        raise UsageError(
            "--validation_subset, --validation_videos and "
            "--validation_prepared need --validation_annotations"
        )


def _own_share(labels, share, path, experiment, subset, rules):
    """(labels of what is learned, HeldOut of the other training videos)."""
    learned, others = parts.parted(labels, share, experiment.seed)
    times = held_out.times_of(labels, path, experiment, subset=subset)
    chosen = held_out.of_labels(
        parts.only(labels, others),
        experiment,
        name=str(path),
        times=None if times is None else times.of_videos(others),
        **rules,
    )
    return parts.only(labels, learned), chosen


def _check(minutes, share):
    """Refuses a budget or a share that leaves nothing to do."""
    if not 0 < minutes < float("inf"):
        raise UsageError(f"--minutes: expected above 0, got {minutes:g}")
    if not 0 < share < 1:
        raise UsageError(
            f"--validation_share: expected between 0 and 1, got {share:g}"
        )
