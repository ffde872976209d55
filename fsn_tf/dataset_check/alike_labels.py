"""Labels that a person may have meant to be one."""

from collections.abc import Iterable
import re

_BETWEEN_WORDS = re.compile(r"[\s_-]+")


def groups(classes: Iterable[str]) -> list[str]:
    """Labels that differ only in case, blanks, `_` or `-`.

    Args:
        classes: K names.

    Returns:
        "Long Jump / long_jump" for each group of two or more, in their order.
    """
    alike: dict[str, list[str]] = {}
    for label in classes:
        bare = _BETWEEN_WORDS.sub("", label).casefold()
        alike.setdefault(bare, []).append(label)
    return [" / ".join(found) for found in alike.values() if len(found) > 1]
