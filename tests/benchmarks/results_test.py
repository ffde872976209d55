"""RESULTS.md is written by sections; the program knows its names."""

import importlib.util
import subprocess
import sys

from absl.testing import absltest

from benchmarks import __main__ as program
from benchmarks import results
from benchmarks.contenders import ROOT
from tests.kit import temporary_files

_ORDER = ("first", "second", "third")


def _bench(*words):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


class ResultsTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "R.md"

    def _write(self, name, body):
        results.write(self.path, name, body, _ORDER, "abcdef")

    def test_sections_stand_in_order_and_are_replaced_whole(self):
        self._write("third", "### A\n\nold\n\n## not_mine too")
        self._write("first", "one")
        self._write("third", "new")

        found = results.read(self.path)

        self.assertEqual(list(found), ["first", "third"])
        self.assertEqual(found, {"first": "one", "third": "new"})
        text = self.path.read_text()
        self.assertNotIn("old", text)
        self.assertIn("abcdef", text)

    def test_what_is_no_longer_measured_goes(self):
        self._write("first", "one")
        results.write(self.path, "second", "two", ("second",), "abcdef")

        self.assertEqual(results.read(self.path), {"second": "two"})

    def test_writing_changes_no_other_section(self):
        table = "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n- a note"
        self._write("first", table)
        for _ in range(3):
            self._write("second", "two")

        self.assertEqual(results.read(self.path)["first"], table)

    def test_names_the_machine_and_versions(self):
        text = results.circumstances()

        self.assertIn("cores", text)
        self.assertRegex(text, r"numpy \d+\.\d+")
        self.assertIn("commit ", text)


class ProgramTest(absltest.TestCase):
    def test_every_benchmark_is_a_module(self):
        for name in program.NAMES:
            spec = importlib.util.find_spec(f"benchmarks.{name}")
            self.assertIsNotNone(spec, name)

    def test_lists(self):
        done = _bench("--list")

        self.assertEqual(done.returncode, 0)
        names = [line.split()[0] for line in done.stdout.splitlines()]
        self.assertEqual(names, list(program.NAMES))

    def test_refuses_what_does_not_exist(self):
        done = _bench("machine", "no_such")

        self.assertEqual(done.returncode, 2)
        self.assertIn("no_such: expected one of machine", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_refuses_no_rounds(self):
        done = _bench("machine", "--rounds=0")

        self.assertEqual(done.returncode, 2)
        self.assertIn("expected 1 or more, got 0", done.stderr)


if __name__ == "__main__":
    absltest.main()
