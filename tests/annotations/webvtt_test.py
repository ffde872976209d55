"""WebVTT as people edit it."""

from absl.testing import absltest

from fsn_tf import errors
from fsn_tf.annotations import webvtt
from tests.kit import temporary_files

_EDITED = """\ufeffWEBVTT - made by hand
Kind: captions

STYLE
::cue { color: red }

NOTE nobody served here
until now

first
00:01.200 --> 00:02.640 align:start position:10%
<v Ann>serve</v>
<b>fast</b> &amp; wide

01:00:00.500 --> 01:00:02.000
return 93%
"""


class ReadTest(temporary_files.TestCase):
    def test_takes_every_line_of_a_cue_as_a_label(self):
        found = webvtt.read(self.write("a.vtt", _EDITED.replace("\n", "\r\n")))
        self.assertEqual(
            [
                (x.video, x.label, x.start_seconds, x.end_seconds)
                for x in found.instances
            ],
            [
                ("a", "serve", 1.2, 2.64),
                ("a", "fast & wide", 1.2, 2.64),
                ("a", "return", 3600.5, 3602.0),
            ],
        )
        self.assertEqual(found.scores, [None, None, 0.93])

    def test_a_video_without_cues_is_annotated(self):
        found = webvtt.read(self.write("a.vtt", "WEBVTT\n"))
        self.assertEqual(list(found.videos), ["a"])
        self.assertEmpty(found.instances)

    def test_names_what_is_wrong(self):
        for text, message in (
            ("", "a.vtt:1: expected WEBVTT, got ''"),
            ("WEBVTT\n\n1 --> 2\nserve\n", "a.vtt:4: expected a time such as"),
            ("WEBVTT\n\n00:01.0 --> 00:02.0\n", "a.vtt:3: expected a label"),
            ("WEBVTT\n\n00:02.0 --> 00:01.0\nx\n", "a.vtt:4: expected end to"),
        ):
            with self.assertRaises(errors.InputError) as caught:
                webvtt.read(self.write("a.vtt", text))
            self.assertIn(message, str(caught.exception))


if __name__ == "__main__":
    absltest.main()
