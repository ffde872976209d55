"""Subtitles, compared with files written by hand."""

from absl.testing import absltest

from fsn_tf import segments
from fsn_tf.timeline import subtitles

_CLASSES = ("Jump", "Dive <&> swim")


def _detections(*rows):
    return segments.Detections.from_rows(
        [("v", _CLASSES[row[0]], *row[1:]) for row in rows],
        classes=_CLASSES,
        videos=["v"],
    )


# The later one first; the two overlap.
_TWO = _detections((1, 3661.0004, 3723.9996, 0.5), (0, 0.04, 3662.48, 0.9999))


class SubtitlesTest(absltest.TestCase):
    def test_webvtt_has_a_cue_for_each_segment_in_order(self):
        self.assertEqual(
            subtitles.webvtt(_TWO),
            "WEBVTT\n"
            "\n"
            "00:00:00.040 --> 01:01:02.480\n"
            "Jump 99%\n"
            "\n"
            "01:01:01.000 --> 01:02:04.000\n"
            "Dive &lt;&amp;&gt; swim 50%\n",
        )

    def test_subrip_numbers_the_cues(self):
        self.assertEqual(
            subtitles.subrip(_TWO),
            "1\n"
            "00:00:00,040 --> 01:01:02,480\n"
            "Jump 99%\n"
            "\n"
            "2\n"
            "01:01:01,000 --> 01:02:04,000\n"
            "Dive <&> swim 50%\n",
        )

    def test_a_video_without_segments_has_a_file_without_cues(self):
        self.assertEqual(subtitles.webvtt(_detections()), "WEBVTT\n")
        self.assertEqual(subtitles.subrip(_detections()), "")

    def test_a_cue_is_never_empty_and_never_before_the_video(self):
        odd = _detections((0, -0.5, 0.2, 1.0), (0, 1.0001, 1.0002, 0.3))
        text = subtitles.webvtt(odd)
        self.assertIn("00:00:00.000 --> 00:00:00.200\nJump 100%", text)
        self.assertIn("00:00:01.000 --> 00:00:01.001\nJump 30%", text)


if __name__ == "__main__":
    absltest.main()
