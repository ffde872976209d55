"""Commands run by other commands, as a user would type them."""

import subprocess
import sys

from fsn_tf import errors


def run(command, **values):
    """Runs one command in a process of its own, and shows it.

    Raises:
        InputError: It failed; it has said why.
        KeyboardInterrupt: It was stopped.
    """
    words = [command, *(f"--{name}={value}" for name, value in values.items())]
    print("\n$ fsn " + " ".join(words), flush=True)
    done = subprocess.run([sys.executable, "-m", "fsn_tf", *words])
    if done.returncode < 0 or done.returncode == 130:
        raise KeyboardInterrupt
    if done.returncode:
        raise errors.InputError(f"fsn {command} failed; see above")
