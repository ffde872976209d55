"""Conversion with the videos at hand, and what it refuses."""

import json
import shutil
import subprocess

from absl.testing import absltest

from fsn_tf import annotations
from fsn_tf import errors
from fsn_tf.datasets import conversion
from tests.kit import temporary_files
from tests.kit import textures


def _tasks(*frames):
    """A Label Studio export of one video, a label for each pair of frames."""
    ranges = [{"start": start, "end": end} for start, end in frames]
    value = {"ranges": ranges, "timelinelabels": ["serve"]}
    region = {"type": "timelinelabels", "value": value}
    return json.dumps(
        [{"data": {"video": "a.mp4"}, "annotations": [{"result": [region]}]}]
    )


class ConversionTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.labels = self.write("labels.json", _tasks((11, 20)))
        self.out = self.folder / "out.csv"

    def _convert(self, to_format="csv", out=None, **options):
        return conversion.convert(
            self.labels, out or self.out, to_format=to_format, **options
        )

    def _times(self):
        (one,) = annotations.read(self.out).instances
        return one.start_seconds, one.end_seconds

    def _make_video(self):
        folder = self.folder / "videos"
        folder.mkdir()
        textures.write_video(folder / "a.mp4", 1, 25, size=(48, 64))
        return folder

    def test_videos_give_rates_lengths_and_names(self):
        videos = self._make_video()
        self._convert(videos=videos)
        self.assertEqual(self._times(), (0.4, 0.8))
        out = self.folder / "folder"
        notes = self._convert("mstcn", out, videos=videos)
        self.assertEmpty(notes)
        frames = (out / "groundTruth" / "a.txt").read_text().split()
        self.assertEqual(
            frames, ["background"] * 10 + ["serve"] * 10 + ["background"] * 5
        )
        self._convert("labelstudio", self.out, videos=videos)
        (task,) = json.loads(self.out.read_text())
        self.assertEqual(task["data"], {"video": "a.mp4"})

    def test_labels_at_a_wrong_rate_are_put_right(self):
        # The tool took 24 frames a second; the video has 25.
        self._convert(rate=24.0)
        self.assertEqual(self._times(), (10 / 24, 20 / 24))
        videos = self._make_video()
        notes = self._convert(rate=24.0, videos=videos, retime=True)
        self.assertEqual(self._times(), (0.4, 0.8))
        self.assertEqual(notes, ("a: moved by up to 0.033 s",))

    def test_frames_of_a_variable_rate_are_put_right(self):
        # The first 15 frames at 25 a second, then every fifth.
        command = "-f lavfi -i testsrc=size=64x48:rate=25 -t 4"
        rate = r"-vf select=lt(n\,15)+not(mod(n\,5)) -fps_mode vfr"
        videos = self._ffmpeg(f"{command} {rate}")
        self._convert(rate=25.0, videos=videos, retime=True)
        # Frame 10 is at 10 / 25 s, frame 20 is the fifth after that at 0.6 s.
        self.assertEqual(self._times(), (0.4, 1.6))

    def test_labels_of_a_late_picture_are_put_right(self):
        sound = "-f lavfi -i sine=duration=3 -itsoffset 1"
        picture = "-f lavfi -i testsrc=size=64x48:rate=25:duration=2"
        videos = self._ffmpeg(f"{sound} {picture} -fps_mode passthrough")
        self._convert(rate=25.0, videos=videos, retime=True)
        self.assertEqual(self._times(), (1.4, 1.8))

    def _ffmpeg(self, arguments):
        """A folder of a.mp4 as ffmpeg makes it."""
        if not shutil.which("ffmpeg"):
            self.skipTest("no ffmpeg")
        folder = self.folder / "made"
        folder.mkdir()
        command = f"ffmpeg -v error {arguments}".split()
        subprocess.run([*command, folder / "a.mp4"], check=True)
        return folder

    def test_refuses_what_makes_no_sense(self):
        for options, message in (
            ({"out": self.labels, "rate": 5.0}, "choose another --out"),
            ({"retime": True, "rate": 5.0}, "--retime needs --videos"),
            ({}, "labelstudio@25:labels.json"),
            ({"from_format": "via"}, "'metadata' to be an object"),
        ):
            with self.assertRaises(errors.InputError) as caught:
                self._convert(**options)
            self.assertIn(message, str(caught.exception))
        self.assertFalse(self.out.exists())


if __name__ == "__main__":
    absltest.main()
