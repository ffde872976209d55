"""The one kind of error that a user is meant to read."""


class InputError(ValueError):
    """What came in is not what was expected; the message is one line.

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
