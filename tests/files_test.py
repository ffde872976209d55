"""Files appear whole or not at all."""

import subprocess
import sys
from unittest import mock

from absl.testing import absltest

from fsn_tf import files
from tests.kit import temporary_files

_DIES_WRITING = """
import os, sys
from fsn_tf import files
with files.written_whole(sys.argv[1]) as partial:
    partial.write_bytes(b"half")
    os.kill(os.getpid(), 9)
"""


class WrittenWholeTest(temporary_files.TestCase):
    def test_nothing_is_seen_before_the_end(self):
        path = self.folder / "deep" / "file.txt"
        with files.written_whole(path) as partial:
            partial.write_text("whole")
            self.assertFalse(path.exists())
            self.assertEqual(partial.suffix, ".txt")
        self.assertEqual(path.read_text(), "whole")
        self.assertLen(list(path.parent.iterdir()), 1)

    def test_a_failure_keeps_what_was_there(self):
        path = self.write("file.txt", "before")
        with self.assertRaises(OSError), files.written_whole(path) as partial:
            partial.write_text("half")
            raise OSError("disk full")
        self.assertEqual(path.read_text(), "before")
        self.assertLen(list(self.folder.iterdir()), 1)

    def test_removes_what_a_killed_process_left_and_no_more(self):
        path = self.folder / "file.txt"
        process = [sys.executable, "-c", _DIES_WRITING, str(path)]
        self.assertEqual(subprocess.run(process).returncode, -9)
        self.assertLen(list(self.folder.iterdir()), 1)
        with files.written_whole(self.folder / "other.txt") as partial:
            partial.write_text("being written")
            files.remove_abandoned(self.folder)
            self.assertEqual(list(self.folder.iterdir()), [partial])

    def test_leaves_others_files_alone_where_there_are_no_locks(self):
        path = self.folder / "file.txt"
        other = self.write(".other.host.1.partial.txt", "being written")
        with mock.patch.object(sys, "platform", "win32"):
            with files.written_whole(path) as partial:
                partial.write_text("whole")
                files.remove_abandoned(self.folder)
                self.assertTrue(partial.exists())
            self.assertCountEqual(self.folder.iterdir(), [other, path])
        self.assertEqual(path.read_text(), "whole")


if __name__ == "__main__":
    absltest.main()
