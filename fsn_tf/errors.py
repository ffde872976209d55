"""The one kind of error that a user is meant to read."""

from collections.abc import Callable
from collections.abc import Iterator
import contextlib


class InputError(ValueError):
    """What came in is not what was expected; the message is one line.

    Examples:
        >>> fsn_tf.Experiment(steps=0)
        Traceback (most recent call last):
            ...
        fsn_tf.errors.InputError: steps: expected above 0, got 0

    Commands print the message alone, without a traceback. It names the file
    (and line, where there is one), what was expected, what came, and what to
    do about it.
    """


class UsageError(InputError):
    """The flags themselves make no sense together; the exit status is 2."""


# What may befall any command, whatever it does.
EXPECTED = InputError, OSError, MemoryError, ImportError


def line(error: BaseException) -> str:
    """What a user reads of one of EXPECTED."""
    if isinstance(error, MemoryError):
        text = str(error) or "no more can be had"
        return f"out of memory: {text}; free some, or raise its limit"
    if isinstance(error, ImportError):
        return f"cannot be loaded: {_first_cause(error)}"
    if isinstance(error, OSError) and error.filename and not error.filename2:
        return f"{error.filename}: {error.strerror}"
    return str(error).replace("\n", "; ")


def _first_cause(error):
    """The first line of what an ImportError came from."""
    while cause := error.__cause__ or error.__context__:
        error = cause
    return (str(error) or type(error).__name__).splitlines()[0]


class Failures:
    """Of many pieces of work, those that failed; the others go on.

    Attributes:
        errors: InputError of each, in order.

    Args:
        say: Called with the line of each failure as it comes.
    """

    def __init__(self, say: Callable[[str], None]):
        self.errors: list[InputError] = []
        self._say = say

    def __len__(self) -> int:
        return len(self.errors)

    def add(self, error: InputError) -> None:
        """Counts one that failed, and says so on one line."""
        self.errors.append(error)
        self._say(str(error))

    @contextlib.contextmanager
    def caught(self) -> Iterator[None]:
        """A block whose InputError ends the block alone."""
        try:
            yield
        except InputError as error:
            self.add(error)
