"""Where tests find the real data, which is not part of the project."""

import os
import pathlib
import unittest

_BESIDE = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"


def path(name):
    """Path of a file or folder of the real data.

    It lies in the folder that FSN_TEST_DATA names, or else in ../shared/data
    beside the repository. A test that asks for what is absent is skipped.
    """
    folder = pathlib.Path(os.environ.get("FSN_TEST_DATA") or _BESIDE)
    found = folder / name
    if not found.exists():
        raise unittest.SkipTest(f"no {name} in {folder} (see FSN_TEST_DATA)")
    return found
