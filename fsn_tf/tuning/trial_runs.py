"""The training run of one trial of a search."""

from collections.abc import Callable
import contextlib
import dataclasses
import pathlib
from typing import Any

from fsn_tf import experiment as experiments
from fsn_tf import fingerprints
from fsn_tf import quietly
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.training import runs
from fsn_tf.tuning import trials as records
from fsn_tf.tuning.held_out import HeldOut

# From the step, the validations so far and all steps to why a trial ends.
Stop = Callable[[int, records.Curve, int], str]


@dataclasses.dataclass(frozen=True)
class Search:
    """What is searched for, and on what.

    Attributes:
        experiment: Experiment to start from.
        fields: As for spaces.parse.
        labels: Of the videos that are learned from.
        prepared: Folder of these videos.
        held_out: The videos that trials are measured on.
        background: Class among labels of frames that is no action.
        workdir: Folder of the trials and of what comes of them.
        seed: Of what is tried.
    """

    experiment: Experiment
    fields: str
    labels: runs.Labels
    prepared: pathlib.Path
    held_out: HeldOut
    background: str | None
    workdir: pathlib.Path
    seed: int

    @property
    def on(self) -> str:
        """What trials are measured on, in words."""
        return f"{len(self.held_out.videos)} validation videos"

    def folder(self, number: int) -> pathlib.Path:
        """The workdir of a trial."""
        return self.workdir / "trials" / f"{number:03d}"

    def facts(self) -> dict[str, Any]:
        """What the workdir belongs to."""
        fields = dataclasses.asdict(self.experiment)
        return {
            "experiment": fingerprints.of_value(fields),
            "fields": self.fields,
            "seed": self.seed,
            "validation": self.held_out.facts(),
        }


def trained(
    search: Search, number: int, values: dict[str, str], stop: Stop
) -> str:
    """Trains a trial in its folder, or goes on where it was killed.

    What the run says goes to log.txt there.

    Args:
        search: Search.
        number: Of the trial.
        values: {field: text} that it differs in from the experiment.
        stop: Asked after each validation; "" goes on.

    Returns:
        Why the run has not come to its last step, or "".

    Raises:
        InputError: The first trial cannot be trained.
    """
    experiment = dataclasses.replace(
        experiments.replace(search.experiment, values),
        checkpoint_steps=search.held_out.steps,
        keep_checkpoints=1,
    )
    folder, reasons = search.folder(number), [""]
    measuring = quietly.imported("fsn_tf.tuning.measuring")
    steps = quietly.imported("fsn_tf.training.steps")
    best_by = search.held_out.best_by

    def stops(step, value):
        # The log has those before, also of a run that was killed.
        curve = [*records.curve(folder, best_by), (step, value)]
        reasons.append(stop(step, curve, experiment.steps))
        return reasons[-1]

    def validation(data):
        made = measuring.validation(search.held_out, experiment, data)
        return dataclasses.replace(made, stop=stops)

    folder.mkdir(parents=True, exist_ok=True)
    with (
        open(folder / "log.txt", "a", encoding="utf-8") as log,
        contextlib.redirect_stderr(log),
    ):
        try:
            runs.learn(
                experiment,
                search.labels,
                prepared=search.prepared,
                workdir=folder,
                background=search.background,
                validation=validation,
            )
        except steps.DivergedError:
            return "diverged"
        except InputError as error:
            # What the experiment cannot do as it is, no other will.
            if number == 0:
                raise
            return str(error)
    quietly.imported("keras").backend.clear_session()
    return reasons[-1]
