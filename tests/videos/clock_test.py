"""The clock of a video: from the start of the file, whatever it holds."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.timeline import browser_video
from fsn_tf.videos import clock
from fsn_tf.videos import containers
from fsn_tf.videos import video_files
from tests.kit import numbered_videos
from tests.kit import temporary_files


def _read(path, fps=25):
    """(seconds and number of every frame, the reading, the video)."""
    video = video_files.Video(path)
    reading = video.frames(fps)
    shown = [
        ((frame + 0.5) / fps, numbered_videos.number(image))
        for frame, image in reading
    ]
    return shown, reading, video


class ClockTest(parameterized.TestCase):
    def _ticks(self, stamps, **options):
        of_video = clock.Clock(0.5, **options)
        return [of_video.tick(stamp) for stamp in stamps], of_video

    def test_keeps_time_stamps_and_holes(self):
        times, of_video = self._ticks([1, 1.5, 2, 7])
        self.assertEqual(times, [1, 1.5, 2, 7])
        self.assertEmpty(of_video.jumps)

    @parameterized.parameters(5000, -90000, 11)
    def test_a_jump_is_the_next_frame_and_what_follows_keeps_its_steps(
        self, jump
    ):
        times, of_video = self._ticks([0, 0.5, 0.5 + jump, 1.5 + jump])
        np.testing.assert_allclose(times, [0, 0.5, 1, 2])
        self.assertEqual(of_video.jumps, [(1.0, jump)])

    def test_a_hole_that_is_known_to_be_real_is_no_jump(self):
        times, of_video = self._ticks([0, 60], is_hole=lambda *_: True)
        self.assertEqual(times, [0, 60])
        self.assertEmpty(of_video.jumps)

    def test_frames_without_time_or_with_one_that_is_over_follow(self):
        times, _ = self._ticks([0, None, 0.75, 2])
        self.assertEqual(times, [0, 0.5, 0.75, 2])
        times, _ = self._ticks([3, 2, 3.75])
        self.assertEqual(times, [3, 3.5, 3.75])

    def test_tells_what_is_missing_where_frames_are_even(self):
        even = [step / 2 for step in range(100)]
        _, of_video = self._ticks(even[:40] + even[46:])
        self.assertEqual(of_video.missing_seconds, 3.0)
        _, of_video = self._ticks(np.cumsum([0.5, 1.5] * 20))
        self.assertEqual(of_video.missing_seconds, 0.0)


class FilesTest(temporary_files.TestCase):
    def _check(self, name, stamps, start=0.0, fps=25, **options):
        """Every frame of a file is shown when a player shows it."""
        path = numbered_videos.write(
            self.folder / name, stamps, fps=fps, **options
        )
        shown, reading, video = _read(path)
        away = numbered_videos.deviations(shown, np.array(stamps) - start)
        self.assertLess(away.max() * fps, 0.51)
        seconds = stamps[-1] - start + 1 / fps
        self.assertAlmostEqual(len(shown) / 25, seconds, delta=0.045)
        self.assertAlmostEqual(video.real_seconds(), seconds, delta=0.045)
        return reading.note()

    @parameterized.product(
        ending=(".mp4", ".mov", ".mkv", ".webm", ".avi", ".ts"),
        fps=(25, 30000 / 1001),
    )
    def test_frames_that_are_decoded_in_another_order(self, ending, fps):
        even = np.arange(40) / fps
        self.assertEqual(self._check(f"v{ending}", even, fps=fps), "")

    @parameterized.parameters(".mp4", ".mkv", ".webm", ".ts")
    def test_rates_that_vary_and_files_that_start_anywhere(self, ending):
        keep = np.random.default_rng(1).random(80) < 0.7
        keep[0] = True
        stamps = 7 + np.arange(80)[keep] / 25
        self.assertEqual(self._check(f"v{ending}", stamps, start=7), "")

    @parameterized.parameters(".mp4", ".mkv", ".webm", ".flv")
    def test_a_picture_that_starts_after_the_sound(self, ending):
        stamps = 1.6 + np.arange(40) / 25
        note = self._check(f"v{ending}", stamps, sound=(0.0, 3.0))
        self.assertRegex(note, r"v\.\w+: the picture starts 1\.6\d s after")

    def test_sound_that_starts_after_the_picture_changes_nothing(self):
        even = np.arange(50) / 25
        self.assertEqual(self._check("v.mp4", even, sound=(1.0, 2.0)), "")

    def test_files_joined_with_clocks_of_their_own(self):
        even = np.arange(50) / 25
        path = self.folder / "joined.ts"
        for offsets, jumps in (((0, 5000), 1), ((5000, 0), 1), ((0, 0), 0)):
            parts = [
                numbered_videos.write(
                    self.folder / f"{part}.ts", even + offset
                ).read_bytes()
                for part, offset in enumerate(offsets)
            ]
            path.write_bytes(b"".join(parts))
            shown, reading, video = _read(path)
            self.assertLen(shown, 100)
            self.assertEqual([number for _, number in shown], [*range(50)] * 2)
            self.assertEqual("its clock jumps by" in reading.note(), jumps)
            self.assertAlmostEqual(video.real_seconds(), 4, delta=0.05)

    def test_a_long_hole_with_sound_is_time(self):
        stamps = [*np.arange(20) / 25, *np.arange(20) / 25 + 15]
        self._check("v.mkv", stamps, sound=(0.0, 16.0))
        path = numbered_videos.write(self.folder / "silent.mkv", stamps)
        shown, reading, _ = _read(path)
        self.assertLen(shown, 40)
        self.assertRegex(reading.note(), "clock jumps by 14")

    def test_goes_on_after_what_does_not_decode(self):
        path = numbered_videos.write(
            self.folder / "v.mp4", np.arange(250) / 25, reordered=False
        )
        whole = bytearray(path.read_bytes())
        at = int(len(whole) * 0.55)
        whole[at : at + 600] = bytes(600)
        path.write_bytes(whole)

        shown, reading, _ = _read(path)

        self.assertLen(shown, 250)
        self.assertGreater(reading.native_frames, 200)
        self.assertLess(reading.native_frames, 250)
        self.assertRegex(reading.note(), "s in the middle do not decode")
        self.assertEqual(shown[-1][1], 249)
        away = numbered_videos.deviations(shown[:100], np.arange(250) / 25)
        self.assertEqual(away.max(), 0)

    def test_the_page_takes_only_files_that_browsers_time_alike(self):
        even = np.arange(50) / 25
        for stamps, sound, plays in (
            (even, None, True),
            (even + 1.6, (0.0, 3.0), False),
            (even + 7, None, False),
        ):
            path = numbered_videos.write(
                self.folder / "v.mp4", stamps, sound=sound
            )
            _, reading, video = _read(path)
            self.assertEqual(browser_video.is_played(video, reading), plays)


class PacketsTest(absltest.TestCase):
    def test_fps_is_that_of_the_frames_where_none_is_declared(self):
        packets = containers.Packets([0, 0.1, 0.2, 0.4, 0.5], [])
        self.assertAlmostEqual(packets.fps(), 4 / 0.5)
        self.assertEqual(containers.Packets([0.0], []).fps(), 0)


if __name__ == "__main__":
    absltest.main()
