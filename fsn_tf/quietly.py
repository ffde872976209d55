"""TensorFlow without what only its authors want to read."""

from collections.abc import Iterator
import contextlib
import importlib
import logging
import os
import re
import sys
import tempfile
import types

# Covers what TensorFlow says once it runs; read when it is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# What stands before the reason where a graph failed.
_WHERE = r" |Graph execution error:$|Detected at node |<stack traces "


def imported(name: str) -> types.ModuleType:
    """Imports a module; its notices come out only if the import fails.

    TensorFlow's C++ code writes to the file descriptor before any setting
    takes effect, and would bury the lines that matter to a user.
    """
    with held_back():
        module = importlib.import_module(name)
        # Its Python half warns of what we check and say ourselves.
        logging.getLogger("tensorflow").setLevel(logging.ERROR)
        return module


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Holds what C++ code prints; it comes out only if the block fails."""
    sys.stderr.flush()
    shown = os.dup(2)
    with tempfile.TemporaryFile() as notices:
        os.dup2(notices.fileno(), 2)
        try:
            yield
        except Exception:
            notices.seek(0)
            os.write(shown, notices.read())
            raise
        finally:
            os.dup2(shown, 2)
            os.close(shown)


def reason(error: Exception) -> str:
    """The first line of an error, without the names of graph nodes."""
    lines = (line for line in str(error).splitlines() if line.strip())
    lines = (line for line in lines if not re.match(_WHERE, line))
    first_line = next(lines, "")
    graph = r"\{\{.*?\}\} *| *\[Op:.*|Error in user-defined .*?Iterator[\w:]*: "
    return re.sub(graph, "", first_line).strip()
