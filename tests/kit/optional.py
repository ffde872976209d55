"""Packages that a test can do without."""

import importlib.util


def skip_without(test, *names, listed_in="requirements-test.txt"):
    """Skips a test where one of the packages is missing."""
    missing = [name for name in names if not importlib.util.find_spec(name)]
    if missing:
        test.skipTest(f"no {', '.join(missing)} ({listed_in})")
