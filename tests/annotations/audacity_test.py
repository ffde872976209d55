"""Audacity's label tracks."""

from absl.testing import absltest

from fsn_tf import errors
from fsn_tf.annotations import audacity
from tests.kit import temporary_files


class ReadTest(temporary_files.TestCase):
    def test_leaves_out_points_and_frequencies(self):
        text = (
            "1.2\t2.64\tserve\n\\\t100.0\t900.5\n5\t5.0\there\n3\t4\tto net\n"
        )
        found = audacity.read(self.write("a.txt", text))
        self.assertEqual(
            [
                (x.label, x.start_seconds, x.end_seconds)
                for x in found.instances
            ],
            [("serve", 1.2, 2.64), ("to net", 3.0, 4.0)],
        )
        self.assertLen(found.all_notes(), 2)

    def test_names_a_line_without_a_label(self):
        for line in ("1.2\t2.64", "1.2\t2.64\t"):
            path = self.write("a.txt", f"0\t1\tx\n{line}\n")
            with self.assertRaisesRegex(errors.InputError, "a.txt:2: expected"):
                audacity.read(path)


if __name__ == "__main__":
    absltest.main()
