"""Work in another process: what it says, how it fails, how it ends."""

import contextlib
import functools
import io
import os
import pathlib
import sys
import time
from unittest import mock

from absl.testing import absltest

from fsn_tf import errors
from fsn_tf.commands import side_by_side
from tests.kit import temporary_files

_LONG_SECONDS = 60


def _say(path):
    print("ä word")
    print("another", file=sys.stderr)
    pathlib.Path(path).write_text(str(os.getpid()))


def _fail():
    raise errors.InputError("x.mp4: no video")


def _work_on(path):
    pathlib.Path(path).write_text("begun")
    try:
        time.sleep(_LONG_SECONDS)
    except KeyboardInterrupt:
        pathlib.Path(path).write_text("kept")
        raise


def _wait_for(path):
    while not path.exists() or not path.read_text():
        time.sleep(0.05)


class SideBySideTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "there"
        self.said = io.StringIO()

    def _run(self, here, there):
        with (
            mock.patch.object(os, "cpu_count", return_value=2),
            contextlib.redirect_stdout(self.said),
        ):
            side_by_side.run(here, there)

    def test_both_are_done_at_once_and_the_other_is_heard_afterwards(self):
        def here():
            # Would never end if the other had to wait.
            _wait_for(self.path)
            print("here")

        self._run(here, functools.partial(_say, self.path))
        self.assertNotEqual(self.path.read_text(), str(os.getpid()))
        self.assertEqual(
            self.said.getvalue().splitlines(), ["here", "ä word", "another"]
        )

    def test_says_why_the_other_failed(self):
        with self.assertRaisesRegex(errors.InputError, "beside it failed"):
            self._run(lambda: None, _fail)
        self.assertEqual(self.said.getvalue(), "x.mp4: no video\n")

    def test_interrupts_the_other_once(self):
        def here():
            _wait_for(self.path)
            raise KeyboardInterrupt

        began = time.monotonic()
        with self.assertRaises(KeyboardInterrupt):
            self._run(here, functools.partial(_work_on, self.path))
        self.assertEqual(self.path.read_text(), "kept")
        self.assertLess(time.monotonic() - began, _LONG_SECONDS)

    def test_one_core_does_one_after_the_other(self):
        with mock.patch.object(os, "cpu_count", return_value=1):
            side_by_side.run(
                lambda: self.assertFalse(self.path.exists()),
                functools.partial(_say, self.path),
            )
        self.assertEqual(self.path.read_text(), str(os.getpid()))


if __name__ == "__main__":
    absltest.main()
