"""SubRip as people edit it."""

from absl.testing import absltest

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

    def test_a_label_that_is_a_number_stays(self):
        found = srt.read(
            self.write("a.srt", "1\n00:00:01,000 --> 00:00:02,000\n7\n")
        )
        self.assertEqual(found.instances[0].label, "7")


if __name__ == "__main__":
    absltest.main()
