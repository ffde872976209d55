"""Snippet files: right frames, whole or not at all, resumable."""

import contextlib
import io
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

from absl.testing import absltest
import cv2
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf.errors import InputError
from fsn_tf.snippets import preparation
from fsn_tf.snippets import prepared_folders
from fsn_tf.snippets import snippet_files
from fsn_tf.snippets import snippet_records
from fsn_tf.snippets import video_writing
from fsn_tf.training import augmentation
from tests.kit import made_up
from tests.kit import temporary_files

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

    def test_stores_the_center_frame_of_every_snippet(self):
        values = np.arange(23) * 10 + 5  # 4 whole snippets and one of 3
        self._video("v.mp4", values)
        self._prepare()

        snippets = prepared_folders.index(self.out, "rgb")["v"]

        self.assertEqual((snippets.num_frames, snippets.num_snippets), (23, 5))
        jpegs = snippet_records.read_jpegs(snippets.path, 0, 5).numpy()[:, 0]
        got = [_decode(jpeg).mean() for jpeg in jpegs]
        np.testing.assert_allclose(got, values[[2, 7, 12, 17, 22]], atol=3)

    def test_a_last_snippet_without_center_has_its_last_frame(self):
        values = np.arange(22) * 10 + 5
        self._video("v.mp4", values)
        self._prepare()
        snippets = prepared_folders.index(self.out, "rgb")["v"]
        jpegs = snippet_records.read_jpegs(
            snippets.path, snippets.offsets[4], 1
        )
        got = _decode(jpegs.numpy()[0, 0]).mean()
        self.assertAlmostEqual(got, values[21], delta=3)

    def test_any_stretch_is_one_direct_read(self):
        self._video("v.mp4", range(0, 200, 2))
        self._prepare()
        snippets = prepared_folders.index(self.out, "rgb")["v"]
        everything = [
            tf.train.Example.FromString(record.numpy())
            .features.feature["jpeg"]
            .bytes_list.value[0]
            for record in tf.data.TFRecordDataset(snippets.path)
        ]
        got = snippet_records.read_jpegs(snippets.path, snippets.offsets[7], 5)
        self.assertEqual(got.numpy()[:, 0].tolist(), everything[7:12])
        ending = snippet_records.read_jpegs(
            snippets.path, snippets.offsets[18], 5
        )
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
        for path, (content, modified) in before.items():
            self.assertEqual(path.read_bytes(), content)
            self.assertEqual(path.stat().st_mtime_ns, modified)

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
        self.assertEqual(
            list(prepared_folders.index(self.out, "rgb")), ["good"]
        )
        self.assertLen(list((self.out / "rgb").iterdir()), 2)

    def test_any_name_is_read_or_costs_one_line(self):
        base = self._video("e\u0301lan.mp4", range(30))
        for name in (b"caf\xe9.mp4", b"a\nb.mp4", b"n" * 251 + b".mp4"):
            shutil.copy(base, os.path.join(os.fsencode(self.videos), name))
        shutil.copy(base, self.videos / "clip.mp4.mkv")
        (self.videos / "loop.gif").touch()
        failed, lines = self._prepare()
        self.assertEqual(failed, 3)
        for text in (r"caf\xe9.mp4: ", r"a\nb.mp4: ", "loop.gif: left out"):
            self.assertLen([x for x in lines.split("\n") if text in x], 1)
        self.assertIn("name of 255 bytes is too long", lines)
        self.assertEqual(
            list(prepared_folders.index(self.out, "rgb")),
            ["clip.mp4", "\u00e9lan"],
        )

    def test_refuses_other_settings_in_the_same_folder(self):
        self._video("a.mp4", range(30))
        self._prepare()
        with self.assertRaisesRegex(InputError, "quality 95, not 50"):
            self._prepare(preparation.Settings(width=64, height=48, quality=50))

    def test_refuses_two_videos_of_one_name(self):
        self._video("a.mp4", range(30))
        (self.videos / "a.avi").touch()
        with self.assertRaisesRegex(InputError, "same name"):
            self._prepare()

    def test_a_folder_without_videos_is_an_error(self):
        with self.assertRaisesRegex(InputError, "holds no video"):
            self._prepare()


class FlowTest(temporary_files.TestCase):
    def _flow(self, images, name="v"):
        """(S, 48, 64, 10) stacks of snippets, as a network sees them."""
        path = self.folder / f"{name}.avi"
        codec = cv2.VideoWriter_fourcc(*"FFV1")
        writer = cv2.VideoWriter(str(path), codec, 25, (64, 48))
        for image in images:
            writer.write(np.repeat(image[..., None], 3, axis=2))
        writer.release()
        target = self.folder / "flow" / f"{name}.tfrecord"
        settings = preparation.Settings("flow", "dis", width=64, height=48)
        video_writing.write_video(path, target, settings)
        snippets = snippet_files.read_metadata(target)
        self.assertEqual(snippets.num_frames, len(images))
        stacks = snippets.images(0, snippets.num_snippets)
        return stacks.numpy().astype(int)

    def test_stacks_x_and_y_of_each_pair_and_repeats_the_last(self):
        # Another step to the right and up for each pair of 13 frames.
        steps = np.array([(f % 4, -(f % 3)) for f in range(12)])
        places = np.concatenate([[(0, 0)], steps.cumsum(axis=0)])
        stacks = self._flow([_drawn(*place) for place in places])

        got = np.median(stacks, axis=(1, 2)).reshape(15, 2)

        expected = [*steps[:12], steps[11], steps[11], steps[11]]
        expected = 127.5 + 6.375 * np.array(expected)
        # Under half a pixel, where the steps differ by whole ones.
        np.testing.assert_allclose(got, expected, atol=3)

    def test_repeats_the_last_flow_for_a_snippet_of_one_frame(self):
        stacks = self._flow([_drawn(2 * f, 0) for f in range(6)])
        got = np.median(stacks, axis=(1, 2))
        np.testing.assert_allclose(got[1, 0::2], 127.5 + 6.375 * 2, atol=3)
        np.testing.assert_allclose(got[1, 1::2], 128, atol=1)
        last = stacks[0, ..., 6:8]  # frame 3 -> 4; 4 -> 5 comes after
        self.assertTrue((stacks[1, ..., 0:2] == stacks[0, ..., 8:]).all())
        self.assertFalse((stacks[1, ..., 0:2] == last).all())

    def test_one_frame_alone_does_not_move(self):
        np.testing.assert_array_equal(self._flow([_drawn(0, 0)]), 128)

    def test_a_frame_shown_twice_does_not_move(self):
        stacks = self._flow([_drawn(f // 2, 0) for f in range(5)])
        np.testing.assert_array_equal(stacks[0, ..., [0, 1, 4, 5]], 128)
        self.assertGreater(np.median(stacks[0, ..., 2]), 130)

    def test_a_mirrored_stack_is_the_flow_of_the_mirrored_video(self):
        images = [_drawn(2 * f, f) for f in range(6)]
        stack = self._flow(images, "a")[0]
        flipped = self._flow([image[:, ::-1] for image in images], "b")[0]

        mirrored = augmentation.mirrored(tf.constant(stack, tf.uint8))

        self.assertLess(flipped[..., 0].mean(), 120)
        self.assertGreater(flipped[..., 1].mean(), 130)
        difference = mirrored.numpy().astype(int) - flipped
        self.assertLess(np.abs(np.median(difference, axis=(0, 1))).max(), 2)


@pytest.mark.slow
class KillTest(temporary_files.TestCase):
    def test_flow_killed_and_prepared_again_is_the_same_to_the_byte(self):
        videos = self.folder / "videos"
        videos.mkdir()
        for index in range(3):
            made_up.write_colored_video(
                videos / f"v{index}.mp4", [], num_frames=200, seed=index
            )
        parts = self.folder / "parts"
        process = self._start(videos, parts)
        while not list(parts.glob("flow/*.json")):
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.assertLess(len(list(parts.glob("flow/*.json"))), 3)

        self._check_ends_quietly(self._start(videos, parts))

        whole = self.folder / "flow"
        settings = preparation.Settings(
            "flow", "farneback", width=64, height=48
        )
        for path in videos.iterdir():
            target = whole / f"{path.stem}.tfrecord"
            video_writing.write_video(path, target, settings)
        self.assertEqual(_contents(parts / "flow"), _contents(whole))

    def test_a_long_path_of_the_temporary_folder_does_not_matter(self):
        (self.folder / "videos").mkdir()
        made_up.write_video(self.folder / "videos" / "v.mp4", range(0, 200, 20))
        temporary = self.folder / ("long" * 25)
        temporary.mkdir()
        started = self._start(
            self.folder / "videos",
            self.folder / "prepared",
            environment=os.environ | {"TMPDIR": str(temporary)},
        )
        self._check_ends_quietly(started)

    def _check_ends_quietly(self, process):
        """Neither it nor its workers say more than how far they are."""
        _, said = process.communicate()
        self.assertEqual(process.returncode, 0, said)
        for line in said.splitlines():
            self.assertRegex(line, "^[0-9]+/[0-9]+ s of video ")

    def _start(self, videos, out, environment=None):
        words = "prepare --stream=flow --flow=farneback --size=64x48".split()
        return subprocess.Popen(
            [sys.executable, "-m", "fsn_tf", *words, "--workers=1"]
            + [f"--videos={videos}", f"--out={out}"],
            cwd=pathlib.Path(__file__).parents[2],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )


class DamageTest(temporary_files.TestCase):
    def test_a_cut_snippet_file_is_named(self):
        out, _ = made_up.prepared_folder(self.folder, videos=2)
        path = pathlib.Path(out, "rgb", "v1.tfrecord")
        path.write_bytes(path.read_bytes()[:-1])
        with self.assertRaisesRegex(InputError, "v1.tfrecord: has"):
            prepared_folders.index(out, "rgb")

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
                prepared_folders.index(out, "rgb")

    def test_cut_metadata_is_named(self):
        out, _ = made_up.prepared_folder(self.folder, videos=2)
        path = pathlib.Path(out, "rgb", "v0.json")
        path.write_text(path.read_text()[:50])
        with self.assertRaisesRegex(InputError, "v0.json: is not whole"):
            prepared_folders.index(out, "rgb")


def _drawn(right, down):
    """A (48, 64) texture that was moved by whole pixels."""
    noise = np.random.default_rng(0).normal(size=(128, 128))
    smooth = cv2.GaussianBlur(noise, (0, 0), 2)
    moved = np.roll(smooth, (down, right), axis=(0, 1))[:48, :64]
    return np.clip(128 + 400 * moved, 0, 255).astype(np.uint8)


def _decode(jpeg):
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


if __name__ == "__main__":
    absltest.main()
