"""Work left to an engine of Apache Beam, if there is one."""

import contextlib
import io
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

from absl.testing import absltest
from absl.testing import parameterized
import pytest

from fsn_tf import errors
from fsn_tf.workers import elsewhere
from fsn_tf.workers.engines import Engine
from fsn_tf.workers.engines import Job
from tests.kit import engines
from tests.kit import made_up
from tests.kit import running
from tests.kit import temporary_files

_ROOT = pathlib.Path(__file__).parents[2]


def note(path, word):
    """Adds a line to a file."""
    with open(path, "a") as file:
        print(word, file=file)
    failure = f"{word}: is bad" if word.startswith("bad") else ""
    return f"{word} is odd" if word == "odd" else "", failure


def join(path, words):
    """Adds what is joined to the same file."""
    return note(path, f"joined {words}")


@contextlib.contextmanager
def _without_beam():
    """A block in which Beam cannot be imported."""
    known = {
        name: sys.modules.pop(name)
        for name in ("apache_beam", "fsn_tf.workers.pipelines")
        if name in sys.modules
    }
    sys.modules["apache_beam"] = None
    try:
        yield
    finally:
        del sys.modules["apache_beam"]
        sys.modules.update(known)


class WithoutBeamTest(temporary_files.TestCase):
    def test_one_line_says_what_to_install(self):
        made_up.write_video(self.folder / "v.mp4", range(9))
        with _without_beam():
            status, _, err = running.fsn(
                "prepare",
                f"--videos={self.folder}",
                f"--out={self.folder / 'out'}",
                "--runner=FlinkRunner",
            )
        self.assertEqual(status, 1)
        self.assertEqual(err.count("\n"), 1)
        self.assertIn("pip install -r requirements-beam.txt", err)

    def test_without_a_runner_beam_is_not_imported(self):
        made_up.write_video(self.folder / "v.mp4", range(9))
        with _without_beam():
            status, out, _ = running.fsn(
                "prepare",
                f"--videos={self.folder}",
                f"--out={self.folder / 'out'}",
                "--workers=1",
            )
        self.assertEqual(status, 0)
        self.assertIn("1 written", out)

    def test_options_that_mean_nothing_are_refused(self):
        for words, said in (
            (["--runner_options=--a=b"], "needs --runner"),
            (["--runner=DirectRunner", "--workers=2"], "--workers is for"),
        ):
            status, _, err = running.fsn(
                "prepare", "--videos=v", "--out=o", *words
            )
            self.assertEqual(status, 2)
            self.assertIn(said, err)


class RunTest(temporary_files.TestCase, parameterized.TestCase):
    def setUp(self):
        super().setUp()
        self.engine = engines.here(self)

    def _run(self, jobs):
        """(failures, lines that tasks wrote, what is said)."""
        path, said = self.folder / "noted.txt", io.StringIO()
        with contextlib.redirect_stderr(said):
            failures = elsewhere.run(
                note,
                [
                    Job(
                        job.video,
                        (path, *job.arguments),
                        job.amount,
                        job.joining and (path, *job.joining),
                    )
                    for job in jobs
                ],
                self.engine,
                self.folder / "out",
                join=join,
            )
        lines = path.read_text().splitlines() if path.exists() else []
        return failures, lines, said.getvalue()

    def test_joins_parts_when_all_are_done_and_none_has_failed(self):
        failures, lines, said = self._run(
            [
                Job("a", ("a1",), 1, ("a",)),
                Job("a", ("odd",), 2, ("a",)),
                Job("b", ("b",), 3),
                Job("c", ("bad1",), 1, ("c",)),
                Job("c", ("bad2",), 1, ("c",)),
            ]
        )
        self.assertCountEqual(
            lines, ["a1", "odd", "b", "bad1", "bad2", "joined a"]
        )
        self.assertEqual(lines[-1], "joined a")
        self.assertEqual(list(failures), ["c"])
        self.assertRegex(failures["c"], "bad[12]: is bad")
        self.assertEqual(said.count("is bad"), 1)
        self.assertIn("odd is odd", said)
        self.assertIn("8/8 s of video  3/3 videos", said)
        self.assertEmpty(list((self.folder / "out").iterdir()))

    def test_nothing_to_do_starts_nothing(self):
        self.assertEqual(self._run([]), ({}, [], ""))

    def test_an_engine_that_fails_is_one_line(self):
        with self.assertRaisesRegex(
            OSError, "DirectRunner: 1 videos not done: .*; the same command"
        ):
            # Too few arguments: a mistake of ours, not of a video.
            self._run([Job("a", (), 1)])

    @parameterized.parameters(
        ("--no_such_option=1", "DirectRunner has no --no_such_option"),
        ("--direct_num_workers=two", "invalid int value: 'two'"),
        ("direct_num_workers=2", "expected --NAME=VALUE"),
    )
    def test_options_of_no_runner_are_refused(self, options, said):
        self.engine = Engine("DirectRunner", options)
        with self.assertRaisesRegex(errors.UsageError, said):
            self._run([Job("a", ("a",), 1)])


@pytest.mark.slow
class ProcessesTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        engines.here(self)
        self.videos = self.folder / "videos"
        self.videos.mkdir()
        for name, frames in (("a", 40), ("b", 23), ("c", 60)):
            made_up.write_video(self.videos / f"{name}.mp4", range(frames))
        (self.videos / "broken.mp4").write_bytes(b"\0" * 999)

    def _command(self, out, *words):
        return [
            *(sys.executable, "-m", "fsn_tf", "prepare", "--size=64x48"),
            *(f"--videos={self.videos}", f"--out={self.folder / out}"),
            *words,
        ]

    def _contents(self, out):
        folder = self.folder / out / "rgb"
        return {x.name: x.read_bytes() for x in sorted(folder.iterdir())}

    def test_two_processes_write_the_bytes_of_one_also_after_a_kill(self):
        quiet = {"cwd": _ROOT, "capture_output": True, "text": True}
        local = subprocess.run(self._command("local", "--workers=1"), **quiet)
        by_beam = self._command(
            "beam",
            "--runner=DirectRunner",
            "--runner_options=--direct_num_workers=2",
        )
        with subprocess.Popen(
            by_beam, cwd=_ROOT, stderr=subprocess.PIPE
        ) as killed:
            # The first line of progress.
            while b"s of video" not in (line := killed.stderr.readline()):
                self.assertNotEmpty(line)
            time.sleep(2)
            killed.kill()
        done = subprocess.run(by_beam, **quiet)

        self.assertEqual((local.returncode, done.returncode), (1, 1))
        self.assertEqual(self._contents("beam"), self._contents("local"))
        self.assertLen(re.findall("broken.mp4", done.stderr), 1)
        self.assertIn("3/3 videos", local.stderr)
        self.assertRegex(done.stdout, "[0-3] written, [0-3] kept, 1 failed")

    def test_ctrl_c_ends_it_with_its_workers(self):
        process = subprocess.Popen(
            self._command("out", "--runner=DirectRunner"),
            cwd=_ROOT,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        while "s of video" not in (line := process.stderr.readline()):
            self.assertNotEmpty(line)
        # As a terminal does it, to the whole group.
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertEqual(
            said, "fsn prepare: interrupted; the same command goes on\n"
        )


if __name__ == "__main__":
    absltest.main()
