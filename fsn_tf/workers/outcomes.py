"""What a task on a video comes to, as two lines."""

from collections.abc import Callable

from fsn_tf import errors


def of(work: Callable[[], str], failed: str) -> tuple[str, str]:
    """Does some work on a video, whose failure the others outlive.

    Args:
        work: Gives a note, a line on what is odd, or an empty string.
        failed: What is said before an error that does not name the video.

    Returns:
        (note, failure), each a line or empty.
    """
    try:
        return work(), ""
    except errors.InputError as error:
        return "", str(error)
    except Exception as error:
        if not errors.is_expected(error):
            raise
        return "", f"{failed}: {errors.line(error)}"
