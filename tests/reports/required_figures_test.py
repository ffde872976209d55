"""Figures that a result must reach."""

from absl.testing import absltest
from absl.testing import parameterized

import fsn_tf
from fsn_tf import errors
from fsn_tf.reports import required_figures
from tests.kit import running
from tests.kit import temporary_files


class ShortfallsTest(absltest.TestCase):
    def setUp(self):
        super().setUp()
        truth = fsn_tf.Annotations.from_rows([("v", "Run", 0, 4)])
        found = fsn_tf.Detections.from_rows(
            [("v", "Run", 0, 3, 0.5)], classes=["Run"]
        )
        # The overlap is 0.75: found at one tIoU, and not at the other.
        self.found = {
            "thumos14": fsn_tf.evaluate(found, truth, tious=[0.5, 0.8])
        }

    def test_names_what_fell_below(self):
        shortfalls = required_figures.shortfalls(
            self.found, {"0.50": 1.0, ".8": 0.25, "mean": 0.5}
        )
        self.assertEqual(
            shortfalls, ["thumos14: tIoU 0.8 is 0.0000, below 0.25"]
        )

    def test_what_is_not_measured_is_below_anything(self):
        empty = fsn_tf.Annotations(("Run",), ("v",), (), ())
        none = fsn_tf.Detections.from_rows([], classes=["Run"])
        found = {"thumos14": fsn_tf.evaluate(none, empty)}
        self.assertEqual(
            required_figures.shortfalls(found, {"0.5": 0}),
            ["thumos14: tIoU 0.5 is not measured, below 0"],
        )

    def test_refuses_figures_that_there_are_not(self):
        with self.assertRaisesRegex(errors.UsageError, "tIoU 0.5, tIoU 0.8, m"):
            required_figures.shortfalls(self.found, {"frame": 0.1})


class CommandTest(temporary_files.TestCase):
    @parameterized.parameters(
        ("0.5:1", 0, ""),
        ("0.8:0.3,0.5:0.3", 1, "thumos14: tIoU 0.8 is 0.0000, below 0.3"),
        ("0.8", 2, "--fail_below=0.8: expected NAME:LIMIT"),
        ("0.8:x", 2, "expected numbers from 0 to 1"),
        ("0.9:0.1", 2, "--fail_below=0.9: expected one of tIoU 0.1"),
    )
    def test_exit_status_says_whether_it_failed(self, asked, status, line):
        truth = self.write("truth.csv", "v,0,4,Run\n")
        found = self.write("found.csv", "v,0,3,Run,0.5\n")
        done, _, err = running.fsn(
            "evaluate",
            f"--detections={found}",
            f"--annotations={truth}",
            f"--out={self.folder / 'out'}",
            "--tiou=0.1,0.5,0.8",
            f"--fail_below={asked}",
        )
        self.assertEqual(done, status)
        self.assertIn(line, err)
        self.assertEqual(err.count("\n"), bool(line))


if __name__ == "__main__":
    absltest.main()
