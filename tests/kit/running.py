"""Runs a command of `fsn` inside the process of a test."""

import contextlib
import importlib
import io

from absl.testing import flagsaver

from fsn_tf import __main__ as program


def fsn(name, *arguments):
    """(exit status, stdout, stderr) of `fsn NAME ARGUMENTS`."""
    flags = importlib.import_module(f"fsn_tf.commands.{name}").FLAGS
    out, err = io.StringIO(), io.StringIO()
    # Flags outlive a call; each run starts with the defaults.
    saved = flagsaver.save_flag_values(flags)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = program.main([name, *map(str, arguments)])
    finally:
        flagsaver.restore_flag_values(saved, flags)
    return status, out.getvalue(), err.getvalue()
