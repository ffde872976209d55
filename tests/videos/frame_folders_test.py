"""TSN's folders of JPEGs give what the video itself would give."""

import json

from absl.testing import absltest
from absl.testing import parameterized
import cv2
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.snippets import preparation
from fsn_tf.snippets import snippet_files
from fsn_tf.snippets import snippet_records
from fsn_tf.snippets import video_writing
from fsn_tf.videos import flow
from fsn_tf.videos import frame_folders
from fsn_tf.videos import video_files
from tests.kit import made_up
from tests.kit import running
from tests.kit import temporary_files


def _write_frames(folder, images, *, first=1):
    folder.mkdir(parents=True, exist_ok=True)
    for number, image in enumerate(images, first):
        cv2.imwrite(str(folder / f"img_{number:05d}.jpg"), image)


def _write_flow(folder, count, *, size=(64, 48)):
    """x of flow k is 10 k everywhere, y is 10 k + 5."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        for axis, value in (("x", 10 * number), ("y", 10 * number + 5)):
            path = folder / f"flow_{axis}_{number:05d}.jpg"
            image = np.full(size[::-1], value, np.uint8)
            cv2.imwrite(str(path), image)


def _gray(values):
    return [np.full((48, 64, 3), value, np.uint8) for value in values]


class FramesTest(temporary_files.TestCase):
    @parameterized.parameters((25, 25), (30, 25), (24, 25), (50, 25), (10, 25))
    def test_gives_the_frames_that_the_video_gives(self, native, fps):
        values = np.arange(60) * 4 + 8
        path = made_up.write_video(self.folder / "v.mp4", values, fps=native)
        source = video_files.Video(path)
        _write_frames(
            self.folder / "v",
            [image[..., ::-1] for _, image in source.frames(native)],
        )
        for how in ({}, {"period": 5, "phase": 2}):
            expected = dict(source.frames(fps, **how))

            folder = frame_folders.FrameFolder(self.folder / "v", native)
            reading = folder.frames(fps, **how)
            got = dict(reading)

            self.assertEqual(list(got), list(expected))
            for frame, image in got.items():
                difference = image.astype(int) - expected[frame]
                # The gray values of neighbors differ by 4.
                self.assertLess(np.abs(difference).max(), 2)
            self.assertEqual(reading.num_frames, max(expected) + 1)
            self.assertEqual(reading.native_frames, 60)
        self.assertAlmostEqual(folder.declared_seconds, 60 / native)

    def test_resizes_and_gives_rgb(self):
        blue = np.full((48, 64, 3), (250, 0, 0), np.uint8)
        _write_frames(self.folder, [blue], first=0)
        folder = frame_folders.FrameFolder(self.folder, 25)
        ((_, image),) = folder.frames(25, size=(34, 26))
        self.assertEqual(image.shape, (26, 34, 3))
        self.assertGreater(image[..., 2].min(), 230)
        self.assertEqual((folder.width, folder.height), (64, 48))


class NamesTest(temporary_files.TestCase):
    def _write(self, pattern, values):
        for number, image in zip((1, 2, 3, 4), _gray(values), strict=True):
            path = self.folder / pattern.format(number)
            _, content = cv2.imencode(path.suffix.lower(), image)
            path.write_bytes(content.tobytes())

    @parameterized.parameters(
        "img_{:05d}.JPG",
        "frame_{:010d}.jpg",
        "frame_{:010d}.PNG",
        "image-{}.jpeg",
        "frame{:03d}.png",
        "{:06d}.jpg",
    )
    def test_reads_frames_by_any_usual_name(self, pattern):
        values = [10, 60, 120, 180]
        self._write(pattern, values)
        self.assertTrue(frame_folders.is_one(self.folder))
        folder = frame_folders.FrameFolder(self.folder, 25)
        got = [int(image.mean()) for _, image in folder.frames(25)]
        np.testing.assert_allclose(got, values, atol=2)
        # A gap is named as its neighbors are.
        for number in (2, 3):
            (self.folder / pattern.format(number)).unlink()
        line = f"{pattern.format(2)} is missing, and 1 more after it"
        with self.assertRaisesRegex(InputError, line):
            list(folder.__class__(self.folder, 25).frames(25))

    def test_pictures_beside_videos_are_no_frames(self):
        self._write("frame_{:04d}.jpg", [10, 60, 120, 180])
        (self.folder / "v.mp4").touch()
        self.assertFalse(frame_folders.is_one(self.folder))

    @parameterized.parameters(
        "IMG_{:04d}.JPG", "thumb_{}.jpg", "{:04d}.jpg", "frame_{}.txt"
    )
    def test_other_pictures_are_no_frames(self, pattern):
        for number in (1, 2):
            (self.folder / pattern.format(number)).touch()
        self.assertFalse(frame_folders.is_one(self.folder))


class BrokenTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        _write_frames(self.folder, _gray(range(0, 70, 10)))
        _write_flow(self.folder, 6)

    def _frames(self):
        return list(frame_folders.FrameFolder(self.folder, 25).frames(25))

    def _flows(self):
        reading = frame_folders.FrameFolder(self.folder, 25).flows()
        return [pair for _, pair in reading]

    def test_is_whole_before_it_is_broken(self):
        self.assertLen(self._frames(), 7)
        self.assertLen(self._flows(), 7)

    @parameterized.parameters("img_00004.jpg", "img_00001.jpg")
    def test_names_a_frame_that_is_missing(self, name):
        (self.folder / name).unlink()
        with self.assertRaisesRegex(InputError, f"{name} is missing"):
            self._frames()

    def test_names_a_flow_that_is_missing(self):
        (self.folder / "flow_y_00003.jpg").unlink()
        with self.assertRaisesRegex(InputError, "x_00003.jpg: has no flow_y"):
            self._flows()
        (self.folder / "flow_x_00003.jpg").unlink()
        with self.assertRaisesRegex(InputError, "flow_x_00003.jpg is missing"):
            self._flows()

    def test_refuses_flow_of_another_number_of_frames(self):
        for axis in "xy":
            (self.folder / f"flow_{axis}_00006.jpg").unlink()
        with self.assertRaisesRegex(InputError, "5 flows for 7 frames"):
            self._flows()

    @parameterized.parameters(0, 300, -2)
    def test_names_a_jpeg_that_is_cut_off(self, size):
        for name, read in (
            ("img_00005.jpg", self._frames),
            ("flow_x_00005.jpg", self._flows),
        ):
            path = self.folder / name
            path.write_bytes(path.read_bytes()[:size])
            with self.assertRaisesRegex(InputError, f"{name}: is not a whole"):
                read()

    def test_names_what_is_no_file_and_what_is_too_large(self):
        path = self.folder / "img_00005.jpg"
        content = bytearray(path.read_bytes())
        place = content.index(b"\xff\xc0")
        content[place + 5 : place + 9] = b"\xff\xdc" * 2
        path.write_bytes(content)
        with self.assertRaisesRegex(InputError, "00005.jpg: is not a whole"):
            self._frames()
        path.unlink()
        path.mkdir()
        with self.assertRaisesRegex(InputError, "00005.jpg: Is a directory"):
            self._frames()

    def test_names_two_files_of_one_number(self):
        (self.folder / "img_4.jpg").touch()
        with self.assertRaisesRegex(InputError, "img_4.jpg are of one number"):
            self._frames()


class StoredFlowTest(temporary_files.TestCase):
    def _prepared(self, **settings):
        """(SnippetFile, (N, 10) JPEGs) of the folder's flow."""
        target = self.folder / "flow" / "v.tfrecord"
        settings = {"width": 64, "height": 48, **settings}
        video_writing.write_video(
            self.folder / "v",
            target,
            preparation.Settings("flow", flow.IMPORTED, **settings),
            source_fps=25,
        )
        snippets = snippet_files.read_metadata(target)
        return snippets, snippet_records.read_jpegs(str(target), 0, 99).numpy()

    def _bytes(self, axis, number):
        return (self.folder / f"v/flow_{axis}_{number:05d}.jpg").read_bytes()

    def test_keeps_the_jpegs_and_repeats_the_last(self):
        _write_flow(self.folder / "v", 7)
        snippets, jpegs = self._prepared()
        # Seven flows lie between eight frames; the second snippet has
        # three, and the last flow stands for what is missing.
        numbers = [1, 2, 3, 4, 5], [6, 7, 7, 7, 7]
        expected = [
            [self._bytes(axis, number) for number in row for axis in "xy"]
            for row in numbers
        ]
        self.assertEqual(jpegs.tolist(), expected)
        self.assertEqual(snippets.num_frames, 8)
        self.assertEqual(snippets.flow, "imported")

    @parameterized.parameters(10, 11)
    def test_lasts_as_long_as_the_frames_beside_it(self, num_frames):
        _write_flow(self.folder / "v", 10)
        _write_frames(self.folder / "v", _gray([0] * num_frames))
        snippets, jpegs = self._prepared()
        self.assertEqual(snippets.num_frames, num_frames)
        self.assertLen(jpegs, -(-num_frames // 5))

    def test_another_size_changes_the_motion_with_it(self):
        _write_flow(self.folder / "v", 5)
        _, jpegs = self._prepared(width=32, height=48)
        images = [
            cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
            for jpeg in jpegs[0]
        ]
        self.assertEqual({image.shape for image in images}, {(48, 32)})
        x, y = np.array(images).mean(axis=(1, 2)).reshape(5, 2).T
        stored_x, stored_y = np.arange(1, 6) * 10, np.arange(1, 6) * 10 + 5
        np.testing.assert_allclose(x, 127.5 + (stored_x - 127.5) / 2, atol=0.6)
        np.testing.assert_allclose(y, stored_y, atol=0.6)


class CommandTest(temporary_files.TestCase):
    def _run(self, *arguments):
        return running.fsn(
            "prepare",
            f"--videos={self.folder / 'videos'}",
            f"--out={self.folder / 'out'}",
            "--size=64x48",
            "--workers=1",
            *arguments,
        )

    def test_imports_flow_that_is_there(self):
        _write_flow(self.folder / "videos" / "v", 7)
        status, out, _ = self._run("--stream=flow", "--source_fps=25")
        self.assertEqual(status, 0)
        self.assertIn("1 written, 0 kept, 0 failed; flow: imported", out)
        known = json.loads((self.folder / "out/flow/v.json").read_text())
        self.assertEqual((known["flow"], known["num_frames"]), ("imported", 8))
        status, out, _ = self._run("--stream=flow", "--source_fps=25")
        self.assertIn("0 written, 1 kept", out)

    @parameterized.parameters(
        ((), "v: is a folder of JPEGs, .*; give --source_fps"),
        (("--stream=flow", "--source_fps=30"), "source_fps=30: flow .* equal"),
        (("--flow=dis", "--source_fps=25"), "--flow needs --stream=flow"),
        (("--source_fps=nan",), "source_fps=nan: expected a number"),
    )
    def test_refuses_flags_that_make_no_sense(self, arguments, message):
        _write_flow(self.folder / "videos" / "v", 7)
        status, _, lines = self._run(*arguments)
        self.assertEqual(status, 2)
        self.assertRegex(lines, message)
        self.assertEqual(lines.count("\n"), 1)

    def test_a_video_among_folders_of_flow_costs_one_line(self):
        _write_flow(self.folder / "videos" / "v", 7)
        made_up.write_video(self.folder / "videos/w.mp4", range(9))
        status, out, lines = self._run("--stream=flow", "--source_fps=25")
        self.assertEqual(status, 1)
        self.assertIn("1 written, 0 kept, 1 failed", out)
        self.assertIn("w.mp4: is a video; --flow=tvl1, dis or", lines)

    def test_refuses_a_rate_for_video_files(self):
        (self.folder / "videos").mkdir()
        made_up.write_video(self.folder / "videos/v.mp4", range(9))
        status, _, lines = self._run("--source_fps=25")
        self.assertEqual(status, 2)
        self.assertIn("--source_fps is for folders of JPEGs", lines)


if __name__ == "__main__":
    absltest.main()
