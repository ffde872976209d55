"""Files of thresholds, written and read again, or refused."""

import json

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import errors
from fsn_tf.grouping import threshold_files
from fsn_tf.grouping import tidying
from tests.kit import temporary_files


class ThresholdFilesTest(temporary_files.TestCase, parameterized.TestCase):
    def test_are_read_as_they_were_written(self):
        path = self.folder / "thresholds.json"
        thresholds = threshold_files.Thresholds(
            {"Dive": 0.07, "Jump": 1 / 3}, tidying.Tidying(0.2, 1.5)
        )
        threshold_files.write(path, thresholds, {"goal": "f1"})
        self.assertEqual(threshold_files.read(path), thresholds)
        self.assertEqual(json.loads(path.read_text())["goal"], "f1")

    def test_may_be_written_by_hand(self):
        path = self.folder / "mine.json"
        path.write_text('{"thresholds": {"Jump": 0, "Dive": 1}}')
        found = threshold_files.read(path)
        self.assertEqual(found.tidied, tidying.NOTHING)
        self.assertEqual(
            threshold_files.levels(found.of_class, ("Dive", "Jump")), [1, 0]
        )
        with self.assertRaisesRegex(errors.InputError, "one for 'Run', got"):
            threshold_files.levels(found.of_class, ("Dive", "Run"))

    @parameterized.parameters(
        ("{", "expected JSON"),
        ("[]", "expected {"),
        ('{"thresholds": {}}', "expected {"),
        ('{"thresholds": {"a": 2}}', "'a': expected a number from 0 to 1"),
        ('{"thresholds": {"a": NaN}}', "'a': expected a number from 0 to 1"),
        ('{"thresholds": {"a": true}}', "'a': expected a number from 0 to 1"),
        (
            '{"thresholds": {"a": 0.5}, "max_gap_seconds": "1"}',
            "max_gap_seconds: expected seconds",
        ),
        (
            '{"thresholds": {"a": 0.5}, "max_gap_seconds": -1}',
            "max_gap_seconds -1: expected seconds",
        ),
    )
    def test_refuses_what_is_none(self, text, message):
        path = self.folder / "odd.json"
        path.write_text(text)
        with self.assertRaisesRegex(errors.InputError, message) as raised:
            threshold_files.read(path)
        self.assertIn("odd.json", str(raised.exception))

    def test_refuses_a_file_that_is_not_there(self):
        with self.assertRaisesRegex(errors.InputError, "No such file"):
            threshold_files.read(self.folder / "none.json")


if __name__ == "__main__":
    absltest.main()
