"""Files appear whole or not at all."""

import errno
import os
import subprocess
import sys
from unittest import mock

from absl.testing import absltest

from fsn_tf import files
from fsn_tf import partials
from fsn_tf.errors import InputError
from tests.kit import temporary_files

_DIES_WRITING = """
import os, sys
from fsn_tf import files
with files.written_whole(sys.argv[1]) as partial:
    partial.write_bytes(b"half")
    os.kill(os.getpid(), 9)
"""

_DIES_FILLING = """
import os, sys
from fsn_tf import files
with files.folder_written_whole(sys.argv[1]) as partial:
    (partial / "half").write_bytes(b"half")
    os.kill(os.getpid(), 9)
"""


class WrittenWholeTest(temporary_files.TestCase):
    def test_makes_again_what_was_swept_before_it_was_opened(self):
        path, made = self.folder / ".x.partial", []

        def make(partial):
            made.append(partial)
            if len(made) > 1:
                partial.touch()

        with partials.locked(path, make):
            self.assertTrue(path.exists())
        self.assertLen(made, 2)

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
            partials.remove_abandoned(self.folder)
            self.assertEqual(list(self.folder.iterdir()), [partial])

    def test_removes_folders_that_a_killed_process_left_when_it_writes(self):
        model = self.folder / "model.v1"
        process = [sys.executable, "-c", _DIES_FILLING, str(model)]
        self.assertEqual(subprocess.run(process).returncode, -9)
        self.assertLen(list(self.folder.iterdir()), 1)
        mine = self.folder / ".cache.partial"
        mine.mkdir()
        with files.folder_written_whole(model) as partial:
            self.assertCountEqual(self.folder.iterdir(), [partial, mine])
            partials.remove_abandoned(self.folder)
            (partial / "whole").write_text("whole")
        self.assertCountEqual(self.folder.iterdir(), [model, mine])
        self.assertEqual((model / "whole").read_text(), "whole")

    def test_names_the_path_of_a_full_disk_once(self):
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        path = self.folder / "outer"
        expected = f"{path}: not written: No space left on device"
        whole = files.folder_written_whole
        with (
            self.assertRaises(OSError) as caught,
            whole(path) as partial,
            files.written_whole(partial / "inner"),
        ):
            raise full
        self.assertEqual(str(caught.exception), expected)
        with self.assertRaises(OSError) as caught, whole(path) as partial:
            raise OSError(full.errno, full.strerror, str(partial / "x"))
        self.assertEqual(str(caught.exception), expected)
        self.assertEmpty(list(self.folder.iterdir()))

    def test_says_before_the_work_that_a_file_is_in_the_way(self):
        path = self.write("file", "mine")
        for folder in (path, path / "below" / "it"):
            for tried in (files.check_writable, files.make_folder):
                with self.assertRaisesRegex(InputError, "^/.*file: is no fold"):
                    tried(folder)
        of_a_file = files.written_whole(self.folder)
        with self.assertRaisesRegex(InputError, "is a folder"), of_a_file:
            pass
        files.check_writable(self.folder / "new" / "one")
        self.assertEqual(list(self.folder.iterdir()), [path])

    @mock.patch.object(files.tempfile, "TemporaryFile")
    def test_says_before_the_work_that_a_disk_is_full(self, made):
        made.side_effect = OSError(errno.EROFS, os.strerror(errno.EROFS))
        with self.assertRaisesRegex(OSError, f"^{self.folder}: .*Read-only"):
            files.check_writable(self.folder / "new")

    def test_leaves_others_files_alone_where_there_are_no_locks(self):
        path = self.folder / "file.txt"
        other = self.write(".other.host.1.partial.txt", "being written")
        with mock.patch.object(sys, "platform", "win32"):
            with files.written_whole(path) as partial:
                partial.write_text("whole")
                partials.remove_abandoned(self.folder)
                self.assertTrue(partial.exists())
            self.assertCountEqual(self.folder.iterdir(), [other, path])
        self.assertEqual(path.read_text(), "whole")


class PassingFolderTest(temporary_files.TestCase):
    def test_lasts_as_long_as_the_block(self):
        with files.passing_folder(self.folder) as passing:
            self.assertFalse(partials.is_abandoned(passing))
            partials.remove_abandoned(self.folder)
            self.assertTrue(passing.is_dir())
        self.assertTrue(partials.is_abandoned(passing))

    def test_is_abandoned_by_a_process_that_was_killed(self):
        with files.passing_folder(self.folder) as passing:
            left = passing.with_name(".passing.host.1.partial")
        left.mkdir()
        self.assertTrue(partials.is_abandoned(left))
        partials.remove_abandoned(self.folder)
        self.assertFalse(left.exists())


if __name__ == "__main__":
    absltest.main()
