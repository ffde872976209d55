"""Snippet files: right frames, whole or not at all, resumable."""

import contextlib
import io
import json
import pathlib

from absl.testing import absltest
import cv2
import made_up
import numpy as np
import temporary_files
import tensorflow as tf

from fsn_tf import preparation
from fsn_tf import records
from fsn_tf.errors import InputError

_SETTINGS = preparation.Settings(width=64, height=48)


def _contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


class PreparationTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.videos = self.folder / "videos"
        self.videos.mkdir()
        self.out = self.folder / "prepared"

    def _video(self, name, values):
        return made_up.write_video(self.videos / name, values)

    def _prepare(self, settings=_SETTINGS):
        """(number that failed, lines printed)."""
        lines = io.StringIO()
        with (
            contextlib.redirect_stderr(lines),
            contextlib.redirect_stdout(lines),
        ):
            failed = preparation.prepare(
                self.videos, self.out, settings, workers=1
            )
        return failed, lines.getvalue()

    def test_stores_the_centre_frame_of_every_snippet(self):
        values = np.arange(23) * 10 + 5  # 4 whole snippets and one of 3
        self._video("v.mp4", values)
        self._prepare()

        snippets = records.index(self.out, "rgb")["v"]

        self.assertEqual((snippets.num_frames, snippets.num_snippets), (23, 5))
        jpegs = records.read_jpegs(snippets.path, 0, 5).numpy()[:, 0]
        got = [_decode(jpeg).mean() for jpeg in jpegs]
        np.testing.assert_allclose(got, values[[2, 7, 12, 17, 22]], atol=3)

    def test_a_last_snippet_without_centre_has_its_last_frame(self):
        values = np.arange(22) * 10 + 5
        self._video("v.mp4", values)
        self._prepare()
        snippets = records.index(self.out, "rgb")["v"]
        jpegs = records.read_jpegs(snippets.path, snippets.offsets[4], 1)
        got = _decode(jpegs.numpy()[0, 0]).mean()
        self.assertAlmostEqual(got, values[21], delta=3)

    def test_any_stretch_is_one_direct_read(self):
        self._video("v.mp4", range(0, 200, 2))
        self._prepare()
        snippets = records.index(self.out, "rgb")["v"]
        everything = [
            tf.train.Example.FromString(record.numpy())
            .features.feature["jpeg"]
            .bytes_list.value[0]
            for record in tf.data.TFRecordDataset(snippets.path)
        ]
        got = records.read_jpegs(snippets.path, snippets.offsets[7], 5)
        self.assertEqual(got.numpy()[:, 0].tolist(), everything[7:12])
        ending = records.read_jpegs(snippets.path, snippets.offsets[18], 5)
        self.assertEqual(ending.numpy()[:, 0].tolist(), everything[18:])

    def test_adding_a_video_touches_nothing_else(self):
        self._video("a.mp4", range(50))
        self._prepare()
        before = {
            path: (path.read_bytes(), path.stat().st_mtime_ns)
            for path in (self.out / "rgb").iterdir()
        }
        self._video("b.mp4", range(40))
        failed, lines = self._prepare()
        self.assertEqual(failed, 0)
        self.assertIn("1 written, 1 kept, 0 failed", lines)
        for path, (content, time) in before.items():
            self.assertEqual(path.read_bytes(), content)
            self.assertEqual(path.stat().st_mtime_ns, time)

    def test_what_a_kill_left_is_made_again_the_same(self):
        self._video("a.mp4", range(50))
        self._video("b.mp4", range(60))
        self._prepare()
        folder = self.out / "rgb"
        whole = _contents(folder)
        # Killed while writing a's metadata, with b cut short on the disk.
        (folder / "a.json").unlink()
        (folder / "b.tfrecord").write_bytes(whole["b.tfrecord"][:1000])
        self._prepare()
        self.assertEqual(_contents(folder), whole)

    def test_a_bad_video_costs_one_line_and_the_others_go_on(self):
        self._video("good.mp4", range(30))
        (self.videos / "empty.mp4").touch()
        (self.videos / "text.avi").write_text("no video")
        (self.videos / "folder.mkv").mkdir()
        failed, lines = self._prepare()
        self.assertEqual(failed, 3)
        for name in ("empty.mp4", "text.avi", "folder.mkv"):
            self.assertLen([x for x in lines.split("\n") if name in x], 1)
        self.assertEqual(list(records.index(self.out, "rgb")), ["good"])
        self.assertLen(list((self.out / "rgb").iterdir()), 2)

    def test_refuses_other_settings_in_the_same_folder(self):
        self._video("a.mp4", range(30))
        self._prepare()
        with self.assertRaisesRegex(InputError, "quality 95, not 50"):
            self._prepare(preparation.Settings("rgb", 25.0, 64, 48, 50))

    def test_refuses_two_videos_of_one_name(self):
        self._video("a.mp4", range(30))
        (self.videos / "a.avi").touch()
        with self.assertRaisesRegex(InputError, "same name"):
            self._prepare()

    def test_a_folder_without_videos_is_an_error(self):
        with self.assertRaisesRegex(InputError, "holds no video"):
            self._prepare()


class DamageTest(temporary_files.TestCase):
    def test_a_cut_snippet_file_is_named(self):
        out, _ = made_up.prepared_folder(self.folder, videos=2)
        path = pathlib.Path(out, "rgb", "v1.tfrecord")
        path.write_bytes(path.read_bytes()[:-1])
        with self.assertRaisesRegex(InputError, "v1.tfrecord: has"):
            records.index(out, "rgb")

    def test_metadata_that_was_not_written_so_is_named(self):
        out, _ = made_up.prepared_folder(self.folder, videos=1)
        path = pathlib.Path(out, "rgb", "v0.json")
        whole = json.loads(path.read_text())
        for change in (
            {"video": "../../elsewhere"},
            {"num_frames": whole["num_frames"] + 5},
            {"num_frames": "100"},
            {"offsets": []},
            {"offsets": [0, 0, whole["offsets"][-1]]},
            {"source": None},
            {"version": 99},
            {"stream": "flow"},
            {"unknown": 1},
        ):
            path.write_text(json.dumps(whole | change))
            with self.assertRaisesRegex(InputError, "v0.json: is not whole"):
                records.index(out, "rgb")

    def test_cut_metadata_is_named(self):
        out, _ = made_up.prepared_folder(self.folder, videos=2)
        path = pathlib.Path(out, "rgb", "v0.json")
        path.write_text(path.read_text()[:50])
        with self.assertRaisesRegex(InputError, "v0.json: is not whole"):
            records.index(out, "rgb")


def _decode(jpeg):
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


if __name__ == "__main__":
    absltest.main()
