"""Standard streams: without what only TensorFlow's authors want to read.

And without ending the work where nobody can be told of it any longer.
"""

from collections.abc import Iterator
import contextlib
import importlib
import io
import logging
import os
import re
import sys
import tempfile
import types

if sys.platform != "win32":
    import resource

# Covers what TensorFlow says once it runs; read when it is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# What stands before the reason where a graph failed.
_WHERE = r" |Graph execution error:$|Detected at node |<stack traces "


# Bytes of address space by which OpenCV and NumPy, or TensorFlow too, start;
# and more for each core, which has threads of its own. Measured on two cores.
_LIBRARIES = 500e6, 50e6
_TENSORFLOW = 3.1e9, 0.2e9


def check_memory(need: tuple[float, float] = _LIBRARIES) -> None:
    """Refuses to start where libraries would crash or hang instead.

    Args:
        need: Bytes of address space in all, and for each core.

    Raises:
        MemoryError: `ulimit -v` allows less.
    """
    if sys.platform == "win32":
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    fixed, each = need
    needed = fixed + each * (os.cpu_count() or 1)
    if resource.RLIM_INFINITY != limit < needed:
        raise MemoryError(
            f"ulimit -v allows {limit / 1e9:.1f} GB of addresses, this takes "
            f"{needed / 1e9:.1f} GB"
        )


def imported(name: str) -> types.ModuleType:
    """Imports a module that needs TensorFlow, see `loaded`.

    Raises:
        MemoryError: TensorFlow cannot start in what is allowed.
    """
    check_memory(_TENSORFLOW)
    return loaded(name)


def loaded(name: str) -> types.ModuleType:
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
            with contextlib.suppress(OSError):
                os.write(shown, notices.read())
            raise
        finally:
            os.dup2(shown, 2)
            os.close(shown)


class _Outlasting(io.FileIO):
    """A standard stream that takes all, also when it leads nowhere."""

    def write(self, data):
        try:
            return super().write(data)
        except OSError:
            # Its reader has gone, its terminal, or the room on its disk. C++
            # code and processes that write to it are spared the same.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return len(data)


def outlast_streams() -> None:
    """Lets the work go on where standard streams are closed, full or cut off.

    Streams that something else has taken the place of stay as they are.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            # Else the next file that is opened would be taken for a stream.
            os.open(os.devnull, os.O_RDWR)
    for number, name in ((1, "stdout"), (2, "stderr")):
        shown = getattr(sys, name)
        if shown is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8"))
        elif shown is getattr(sys, f"__{name}__"):
            setattr(sys, name, _outlasting(shown, number))


def _outlasting(shown, number):
    return io.TextIOWrapper(
        io.BufferedWriter(_Outlasting(number, "w", closefd=False)),
        encoding=shown.encoding,
        # A name that is not UTF-8 can be shown, too.
        errors="backslashreplace",
        line_buffering=shown.line_buffering,
        write_through=shown.write_through,
    )


def reason(error: Exception) -> str:
    """The first line of an error, without the names of graph nodes."""
    lines = (line for line in str(error).splitlines() if line.strip())
    lines = (line for line in lines if not re.match(_WHERE, line))
    first_line = next(lines, "")
    graph = r"\{\{.*?\}\} *| *\[Op:.*|Error in user-defined .*?Iterator[\w:]*: "
    return re.sub(graph, "", first_line).strip()
