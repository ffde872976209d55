"""The one kind of error that a user is meant to read."""

from collections.abc import Callable
from collections.abc import Iterator
import contextlib
import os


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


def is_of_memory(error: BaseException) -> bool:
    """Whether there was no memory, or no thread, to be had.

    Libraries that may not be loaded yet, TensorFlow and OpenCV, have errors
    of their own for it.
    """
    name, text = type(error).__name__, str(error)
    return (
        isinstance(error, MemoryError)
        or name == "ResourceExhaustedError"
        or (name == "error" and "Insufficient memory" in text)
        or (isinstance(error, RuntimeError) and "start new thread" in text)
    )


def is_expected(error: BaseException) -> bool:
    """Whether an error is one that a user can do something about."""
    kinds = InputError, OSError, ImportError
    return isinstance(error, kinds) or is_of_memory(error)


def line(error: BaseException) -> str:
    """What a user reads of an error that is_expected, on one line."""
    text = str(error).replace("\n", "; ")
    if is_of_memory(error):
        text = text.split("; ")[0] or "there is no more"
        return f"out of memory: {text}; free some, or allow more"
    if isinstance(error, ImportError):
        return f"cannot be loaded: {_first_cause(error)}"
    if isinstance(error, OSError) and error.filename and not error.filename2:
        return f"{os.fsdecode(error.filename)}: {error.strerror}"
    return text


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
