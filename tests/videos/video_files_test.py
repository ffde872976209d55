"""Frames by time, whatever the container says."""

import pathlib
import tempfile

from absl.testing import absltest
from absl.testing import parameterized
import cv2
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.videos import video_files
from tests.kit import made_up
from tests.kit import numbered_videos
from tests.kit import shared_data
from tests.kit import temporary_files


def _stored_brightness(path):
    """Mean of every native frame, as OpenCV reads one after the other."""
    capture, means = cv2.VideoCapture(str(path)), []
    while capture.grab():
        means.append(capture.retrieve()[1].mean())
    return np.array(means)


class FramesTest(temporary_files.TestCase, parameterized.TestCase):
    @parameterized.parameters((25, 25), (30, 25), (24, 25), (50, 25), (10, 25))
    def test_shows_what_is_on_the_screen_mid_frame(self, native, fps):
        values = np.arange(60) * 4 + 8
        path = made_up.write_video(self.folder / "v.mp4", values, fps=native)

        frames = list(video_files.Video(path).frames(fps))

        # Frame f is on from f / fps; what plays in its middle has this index.
        middle = (np.arange(int(60 / native * fps)) + 0.5) / fps
        shown = np.floor(middle * native + 1e-3).astype(int)
        self.assertEqual([f for f, _ in frames], list(range(len(middle))))
        got = [image.mean() for _, image in frames]
        stored = _stored_brightness(path)
        self.assertGreater(np.diff(stored).min(), 1)
        np.testing.assert_allclose(got, stored[shown], atol=0.01)

    def test_period_gives_the_same_frames_and_the_last(self):
        path = made_up.write_video(
            self.folder / "v.mp4", range(10, 240, 3), fps=30
        )
        every = dict(video_files.Video(path).frames(25))

        some = dict(video_files.Video(path).frames(25, period=5, phase=2))

        last = max(every)
        expected = [f for f in every if f % 5 == 2 or f == last]
        self.assertEqual(list(some), expected)
        for frame, image in some.items():
            np.testing.assert_array_equal(image, every[frame])

    @parameterized.product(
        first=(0, 3, 40, 62, 63, 90), stop=(None, 0, 4, 41, 63, 64, 99)
    )
    def test_a_part_has_the_frames_of_the_whole(self, first, stop):
        path = made_up.write_video(
            self.folder / "v.mp4", range(10, 238, 3), fps=30
        )
        every = dict(video_files.Video(path).frames(25))
        self.assertLen(every, 63)
        for period, phase in ((1, 0), (5, 2)):
            asked = {"period": period, "phase": phase}
            part = dict(
                video_files.Video(path).frames(
                    25, **asked, first=first, stop=stop
                )
            )
            expected = [
                frame
                for frame in list(every)[slice(first, stop)]
                if frame % period == phase or frame == 62
            ]
            self.assertEqual(list(part), expected)
            for frame, image in part.items():
                np.testing.assert_array_equal(image, every[frame])

    def test_resizes_and_gives_rgb(self):
        path = self.folder / "v.mp4"
        codec = cv2.VideoWriter_fourcc(*"mp4v")
        writer = cv2.VideoWriter(str(path), codec, 25, (64, 48))
        writer.write(np.full((48, 64, 3), (0, 0, 250), np.uint8))  # BGR red
        writer.release()

        ((_, image),) = video_files.Video(path).frames(25, size=(34, 26))

        self.assertEqual(image.shape, (26, 34, 3))
        red, green, blue = image.mean(axis=(0, 1))
        self.assertGreater(red, 230)
        self.assertLess(max(green, blue), 25)


class BadFilesTest(temporary_files.TestCase):
    def _refused(self, path, words):
        with self.assertRaisesRegex(InputError, words) as caught:
            video_files.Video(path)
        self.assertIn(str(path), str(caught.exception))
        self.assertNotIn("\n", str(caught.exception))

    def test_names_what_is_wrong(self):
        (self.folder / "empty.mp4").touch()
        (self.folder / "text.mp4").write_text("not a video")
        (self.folder / "folder.mp4").mkdir()
        self._refused(self.folder / "empty.mp4", "is empty")
        self._refused(self.folder / "text.mp4", "not a video")
        self._refused(self.folder / "folder.mp4", "is a folder")
        self._refused(self.folder / "missing.mp4", "no such file")


class OddFilesTest(parameterized.TestCase):
    """Real files that declare one thing and hold another."""

    @parameterized.parameters(
        ("decord_video_0.mov", 568, 320),
        ("decord_video_90.mov", 320, 568),
        ("decord_video_270.mov", 320, 568),
    )
    def test_honors_rotation(self, name, width, height):
        source = video_files.Video(shared_data.path(f"videos/odd/{name}"))
        _, image = next(iter(source.frames(25)))
        self.assertEqual(image.shape, (height, width, 3))
        self.assertEqual((source.width, source.height), (width, height))

    def test_reads_on_after_what_does_not_decode_and_says_so(self):
        path = shared_data.path("videos/odd/decord_corrupted.mp4")
        source = video_files.Video(path)
        reading = source.frames(10)
        # As many as ffmpeg decodes; one of 50 is lost.
        self.assertLen(list(reading), 50)
        self.assertEqual(reading.native_frames, 49)
        self.assertRegex(reading.note(), "0.1 s in the middle do not decode")

    def test_keeps_what_there_is_of_a_video_cut_short_and_says_so(self):
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "v.mkv"
            numbered_videos.write(path, np.arange(250) / 25, reordered=False)
            whole = path.read_bytes()
            path.write_bytes(whole[: len(whole) * 6 // 10])
            reading = video_files.Video(path).frames(25)
            frames = len(list(reading))
        self.assertBetween(frames, 100, 200)
        self.assertRegex(
            reading.note(), rf"declares 10.0 s but decodes to {frames / 25:.1f}"
        )

    def test_does_not_trust_the_declared_number_of_frames(self):
        path = shared_data.path("videos/ucf101/v_Kayaking_g12_c03.avi")
        source = video_files.Video(path)
        reading = source.frames(25)
        frames = [frame for frame, _ in reading]
        self.assertEqual(reading.native_frames, 371)
        self.assertEqual(reading.num_frames, frames[-1] + 1)
        self.assertEqual(reading.note(), "")


if __name__ == "__main__":
    absltest.main()
