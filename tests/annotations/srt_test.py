"""SubRip as people edit it."""

from absl.testing import absltest

from fsn_tf import errors
from fsn_tf.annotations import srt
from tests.kit import temporary_files

_EDITED = """1
00:00:01,200 --> 00:00:02,640
<i>serve</i>

00:01:00,5 --> 00:01:02,000
{\\an8}return
serve <again>
"""


class ReadTest(temporary_files.TestCase):
    def test_leaves_out_numbers_and_tags(self):
        found = srt.read(self.write("a.srt", _EDITED))
        self.assertEqual(
            [
                (x.label, x.start_seconds, x.end_seconds)
                for x in found.instances
            ],
            [
                ("serve", 1.2, 2.64),
                ("return", 60.5, 62.0),
                ("serve <again>", 60.5, 62.0),
            ],
        )

    def test_names_a_time_of_too_many_hours(self):
        text = _EDITED.replace("00:00:02", f"{9:0>6}:00:02")
        path = self.write("a.srt", text)
        self.assertEqual(srt.read(path).instances[0].end_seconds, 32402.64)
        for digits in (400, 5000):
            self.write(
                "a.srt", _EDITED.replace("00:00:02", "9" * digits + ":0:2")
            )
            with self.assertRaisesRegex(errors.InputError, "a.srt:2: expected"):
                srt.read(path)

    def test_a_label_that_is_a_number_stays(self):
        found = srt.read(
            self.write("a.srt", "1\n00:00:01,000 --> 00:00:02,000\n7\n")
        )
        self.assertEqual(found.instances[0].label, "7")


if __name__ == "__main__":
    absltest.main()
