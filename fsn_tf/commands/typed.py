"""Commands run by other commands, as a user would type them."""

import importlib
import sys

from fsn_tf import errors


def run(command: str, **values: object) -> None:
    """Runs one command in this process, and shows it.

    Args:
        command: Its name.
        **values: Its flags.

    Raises:
        InputError: It failed.
    """
    words = [command, *(f"--{name}={value}" for name, value in values.items())]
    print("\n$ fsn " + " ".join(words), flush=True)
    name = command.replace("-", "_")
    module = importlib.import_module(f"fsn_tf.commands.{name}")
    try:
        module.FLAGS(words)
        status = module.main()
    finally:
        _forget(module.FLAGS)
    if status:
        raise errors.InputError(f"fsn {command} failed; see above")


def _forget(given):
    """Leaves nothing behind that the next command would meet."""
    for name in given:
        given[name].unparse()
    if "keras" in sys.modules:
        sys.modules["keras"].backend.clear_session()
