"""What browsers play, and that its frames keep their times."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.timeline import browser_video
from fsn_tf.videos import video_files
from tests.kit import made_up
from tests.kit import shared_data
from tests.kit import temporary_files


def _read(path):
    """A Video, the brightness of its frames at 25, and the reading of them."""
    source = video_files.Video(path)
    reading = source.frames(25)
    return source, np.array([image.mean() for _, image in reading]), reading


class ProvideTest(temporary_files.TestCase):
    @parameterized.parameters(25, 29.97, 12.5)
    def test_encodes_what_browsers_do_not_play_at_the_same_times(self, fps):
        path = made_up.write_video(
            self.folder / "v.mp4", np.arange(24) * 10 + 8, fps=fps
        )
        source, expected, reading = _read(path)
        self.assertFalse(browser_video.is_played(source, reading))

        target = browser_video.provide(source, self.folder / "m", plays=False)

        self.assertEqual(target, self.folder / "m" / "v.webm")
        copy, got, reading = _read(target)
        self.assertTrue(browser_video.is_played(copy, reading))
        self.assertLen(got, len(expected))
        # OpenCV darkens by up to 4; a neighbor is 9 away. WebM's times are
        # whole milliseconds, so where two frames tie either may be shown.
        away = abs(got - expected)
        self.assertLess(away.max(), 15)
        self.assertLessEqual(np.count_nonzero(away > 4.5), 3)
        self.assertEqual([x.name for x in target.parent.iterdir()], ["v.webm"])

    def test_shrinks_what_is_large_and_makes_odd_sizes_even(self):
        for size, expected in (
            ((1280, 720), (480, 270)),
            ((240, 1024), (112, 480)),
            ((64, 50), (64, 50)),
        ):
            path = made_up.write_video(
                self.folder / f"{size[0]}.mp4", [9, 99, 200], size=size
            )
            source = video_files.Video(path)
            target = browser_video.provide(
                source, self.folder / "m", plays=False
            )
            copy = video_files.Video(target)
            self.assertEqual((copy.width, copy.height), expected)

    def test_takes_what_browsers_play_as_it_is(self):
        path = made_up.write_video(self.folder / "v.mp4", range(10, 90, 2))
        webm = browser_video.provide(
            video_files.Video(path), self.folder, plays=False
        )
        source, _, reading = _read(webm)
        self.assertTrue(browser_video.is_played(source, reading))

        for _ in range(2):
            target = browser_video.provide(
                source, self.folder / "m", plays=True
            )
            self.assertEqual(target.read_bytes(), webm.read_bytes())
            self.assertEqual(
                [x.name for x in target.parent.iterdir()], ["v.webm"]
            )

    def test_an_unwritable_folder_is_an_error_and_leaves_nothing(self):
        path = made_up.write_video(self.folder / "v.mp4", [9, 99, 200])
        blocked = self.write("m", "a file")
        with self.assertRaisesRegex(InputError, "m: is no folder"):
            browser_video.provide(video_files.Video(path), blocked, plays=False)


class RealFilesTest(temporary_files.TestCase):
    @parameterized.parameters(
        ("videos/ucf101/v_CliffDiving_g02_c03.avi", False),
        ("videos/odd/decord_corrupted.mp4", False),
        ("videos/odd/decord_video_90.mov", False),
        ("mini_thumos14/test/video_test_9000001.mp4", True),
    )
    def test_knows_what_browsers_play(self, name, plays):
        source, _, reading = _read(shared_data.path(name))
        self.assertEqual(browser_video.is_played(source, reading), plays)

    @parameterized.parameters(
        ("decord_unordered.mov", (50, 50), 3),
        ("decord_corrupted.mp4", (480, 270), 125),
        ("decord_video_270.mov", (270, 480), 2),
    )
    def test_copies_of_odd_videos_are_upright_and_in_order(
        self, name, size, frames
    ):
        source, expected, _ = _read(shared_data.path(f"videos/odd/{name}"))
        target = browser_video.provide(source, self.folder, plays=False)
        copy, got, _ = _read(target)
        self.assertEqual((copy.width, copy.height), size)
        self.assertLen(expected, frames)
        # Rounding to milliseconds may tip what ends in a frame's middle.
        self.assertBetween(len(got), frames, frames + 1)
        np.testing.assert_allclose(got[:frames], expected, atol=4.5)


if __name__ == "__main__":
    absltest.main()
