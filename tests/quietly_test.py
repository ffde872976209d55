"""Work goes on where nobody can be told of it, and does not start in vain."""

import os
import resource
import signal
import subprocess
import sys
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import quietly
from tests.kit import temporary_files

_WORK = """
import os, sys
from fsn_tf import quietly
quietly.outlast_streams()
for stream in (sys.stdout, sys.stderr):
    for _ in range(3):
        print("said " * 20_000, file=stream, flush=True)
# Is no standard stream, though these may have been closed.
with open("work", "w") as file:
    assert file.fileno() > 2
    os.write(1, b"by C")
    os.write(2, b"by C")
    file.write("done")
"""


class StreamsTest(temporary_files.TestCase):
    @parameterized.parameters(
        ">&-",
        "2>&-",
        "<&- >&- 2>&-",
        ">/dev/full",
        "2>/dev/full",
        ">/dev/full 2>&1",
        "| true",
        "2>&1 | head -c 1",
    )
    def test_the_work_outlasts_them(self, streams):
        if "full" in streams and not os.path.exists("/dev/full"):
            self.skipTest("has no /dev/full")
        work = self.write("work.py", _WORK)
        done = subprocess.run(
            f"({sys.executable} {work}; echo $? > status) {streams}",
            shell=True,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
        )
        self.assertEqual((self.folder / "status").read_text(), "0\n", done)
        self.assertEqual((self.folder / "work").read_text(), "done")


class HangupTest(temporary_files.TestCase):
    @parameterized.parameters((signal.SIG_DFL, 130), (signal.SIG_IGN, 0))
    def test_ends_as_by_ctrl_c_but_under_nohup(self, before, status):
        work = self.write(
            "work.py",
            f"import os, signal, sys\n"
            f"signal.signal(signal.SIGHUP, {int(before)})\n"
            "from fsn_tf import __main__ as program\n"
            "program._run = lambda *_: os.kill(os.getpid(), signal.SIGHUP)\n"
            "sys.exit(program.main(['export']))\n",
        )
        done = subprocess.run(
            [sys.executable, work],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
        )
        self.assertEqual(done.returncode, status, done.stderr)


class MemoryTest(absltest.TestCase):
    def test_needs_more_than_ulimit_allows(self):
        for limit in (300_000 << 10, resource.RLIM_INFINITY):
            with mock.patch.object(
                resource, "getrlimit", return_value=(limit, limit)
            ):
                if limit == resource.RLIM_INFINITY:
                    quietly.check_memory()
                else:
                    with self.assertRaisesRegex(MemoryError, "allows 0.3 GB"):
                        quietly.check_memory()


if __name__ == "__main__":
    absltest.main()
