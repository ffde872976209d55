"""The flags that leave the work to an engine of Apache Beam."""

from collections.abc import Callable

from absl import flags

from fsn_tf import errors
from fsn_tf.workers import engines

# A flag is listed with the command that asks for it, not with this module.
flags.disclaim_key_flags()


def define(given: flags.FlagValues) -> Callable[[], engines.Engine | None]:
    """--runner and --runner_options among the flags of a command.

    Returns:
        What gives the Engine that they ask for, or None; raises UsageError
        for options without a runner.
    """
    runner = flags.DEFINE_enum(
        "runner",
        None,
        engines.RUNNERS,
        "Leave the work to Apache Beam, which must be installed "
        "(requirements-beam.txt); its workers must see all paths.",
        flag_values=given,
    )
    options = flags.DEFINE_string(
        "runner_options",
        None,
        "For --runner, Beam's own: '--direct_num_workers=2', or "
        "'--flink_master=HOST:8081 --environment_type=...'.",
        flag_values=given,
    )

    def asked_for():
        if runner.value is not None:
            return engines.Engine(runner.value, options.value or "")
        if options.value is not None:
            raise errors.UsageError("--runner_options needs --runner")
        return None

    return asked_for
