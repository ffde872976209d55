"""--experiment, and a flag for every field of an experiment."""

import dataclasses

from absl import flags

from fsn_tf import errors
from fsn_tf import experiment as experiments
from fsn_tf.experiment import Experiment

Holders = dict[str, flags.FlagHolder]


def define(given: flags.FlagValues) -> Holders:
    """Defines them among those of a command; {name: holder of its value}."""
    holders: Holders = {
        "experiment": flags.DEFINE_string(
            "experiment",
            None,
            "Experiment file.",
            required=True,
            flag_values=given,
        )
    }
    for field in dataclasses.fields(Experiment):
        # Unset, the experiment file's value stays.
        is_switch = isinstance(field.default, bool)
        make = flags.DEFINE_boolean if is_switch else flags.DEFINE_string
        text = f"Experiment field; the paper's value is {field.default!r}."
        holders[field.name] = make(field.name, None, text, flag_values=given)
    return holders


def experiment(holders: Holders) -> Experiment:
    """The experiment of the file, but for the fields that flags give.

    Raises:
        InputError: The file is none, or a value does not fit its field.
    """
    loaded = experiments.load(holders["experiment"].value)
    texts = {
        name: str(holder.value)
        for name, holder in holders.items()
        if name != "experiment" and holder.value is not None
    }
    try:
        return experiments.replace(loaded, texts)
    except errors.InputError as error:
        raise errors.UsageError(f"--{error}") from error
