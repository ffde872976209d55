"""A long video in parts gives the bytes of the video in one piece."""

import itertools
import os
import pathlib

from absl.testing import absltest
from absl.testing import parameterized
import cv2
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.snippets import preparation
from fsn_tf.snippets import video_parts
from fsn_tf.snippets import video_writing
from fsn_tf.snippets import worker_task
from tests.kit import made_up
from tests.kit import numbered_videos
from tests.kit import temporary_files

_FLOW = preparation.Settings("flow", "tvl1", width=48, height=32)


def _both(folder, name):
    return [(folder / f"{name}.{x}").read_bytes() for x in ("tfrecord", "json")]


class VideoPartsTest(temporary_files.TestCase, parameterized.TestCase):
    def _parts(self, target, *bounds):
        """Parts that end at some frames, and one to the end."""
        folder = target.with_name(".v.parts")
        pairs = itertools.pairwise((0, *bounds, None))
        return [video_parts.Part(*pair, folder) for pair in pairs]

    def _check_same(self, path, *bounds, source_fps=None):
        whole = self.folder / "whole" / "flow" / f"{path.stem}.tfrecord"
        target = self.folder / "joined" / "flow" / f"{path.stem}.tfrecord"
        options = {"source_fps": source_fps}
        note = video_writing.write_video(path, whole, _FLOW, **options)
        parts = self._parts(target, *bounds)
        # In whatever order workers are done with them.
        notes = [
            video_parts.write_part(path, part, _FLOW, **options)
            for part in reversed(parts)
        ]
        video_parts.join(target, parts)
        self.assertEqual(
            _both(target.parent, path.stem), _both(whole.parent, path.stem)
        )
        self.assertEqual(notes, [note] + [""] * len(bounds))

    # It ends inside of a part, with a part, one frame after, before the last.
    @parameterized.parameters(1, 2, 10, 11, 13, 20, 21, 23)
    def test_any_number_of_frames(self, frames):
        values = np.random.default_rng(frames).integers(20, 230, frames)
        path = made_up.write_video(self.folder / "v.mp4", values)
        self._check_same(path, 10, 20)

    def test_frames_in_bursts(self):
        steps = np.tile([0.02, 0.03, 0.1, 0.01, 0.2], 5)
        stamps = np.cumsum([0.5, *steps])
        path = numbered_videos.write(self.folder / "v.mkv", stamps)
        self._check_same(path, 5, 15, 20, 40)

    def test_a_video_that_breaks_off(self):
        path = made_up.write_video(self.folder / "v.avi", range(0, 200, 4))
        os.truncate(path, path.stat().st_size * 2 // 3)
        self._check_same(path, 20, 40)

    def test_a_folder_of_frames(self):
        folder = self.folder / "v"
        folder.mkdir()
        for number in range(1, 24):
            image = numbered_videos.picture(number)
            cv2.imwrite(str(folder / f"img_{number:05d}.jpg"), image)
        self._check_same(folder, 10, 15, source_fps=25)

    def test_keeps_parts_that_are_done_and_makes_others_again(self):
        path = made_up.write_video(self.folder / "v.mp4", range(0, 120, 4))
        target = self.folder / "flow" / "v.tfrecord"
        first, second, third = parts = self._parts(target, 10, 20)
        for part in parts:
            video_parts.write_part(path, part, _FLOW)
        # Killed while the second was written, and before the third's facts.
        second.path.write_bytes(b"half")
        third.path.with_suffix(".json").unlink()
        with self.assertRaisesRegex(InputError, "10-20.*not whole"):
            video_parts.join(target, parts)
        before = first.path.stat().st_mtime_ns
        for part in parts:
            video_parts.write_part(path, part, _FLOW)
        video_parts.join(target, parts)
        self.assertEqual(first.path.stat().st_mtime_ns, before)

        other = preparation.Settings("flow", "tvl1", width=32, height=32)
        video_parts.write_part(path, first, other)
        self.assertGreater(first.path.stat().st_mtime_ns, before)
        video_parts.remove_joined(target.parent)
        self.assertEqual(
            sorted(x.name for x in target.parent.iterdir()),
            ["v.json", "v.tfrecord"],
        )

    def test_a_broken_video_fails_by_the_line_of_the_whole(self):
        path = self.folder / "v.mp4"
        path.write_bytes(b"\0" * 999)
        target = self.folder / "flow" / "v.tfrecord"
        part = self._parts(target, 10)[0]
        whole = worker_task.write_or_say(path, target, _FLOW, None)
        self.assertIn("not a video", whole[1])
        self.assertEqual(
            worker_task.write_or_say(path, target, _FLOW, None, part), whole
        )


class CutTest(absltest.TestCase):
    def test_covers_long_flow_by_whole_snippets(self):
        target = pathlib.Path("flow/v.tfrecord")
        parts = video_parts.cut(target, _FLOW, 10 * 60)
        self.assertLen(parts, 5)
        self.assertEqual(
            [part.first for part in parts], [0, 3000, 6000, 9000, 12000]
        )
        stops = [part.stop for part in parts]
        self.assertEqual(stops, [3000, 6000, 9000, 12000, None])
        self.assertLen({part.path for part in parts}, 5)
        odd = video_parts.cut(target, _FLOW, 247.3)
        self.assertEqual(
            [(x.first % 5, x.stop) for x in odd], [(0, 3095), (0, None)]
        )

    def test_leaves_whole_what_decodes_for_as_long_as_it_takes(self):
        target = pathlib.Path("v.tfrecord")
        for settings in (
            preparation.Settings(),
            preparation.Settings("flow", "dis"),
            preparation.Settings("flow", "imported"),
        ):
            self.assertEmpty(video_parts.cut(target, settings, 1e4))
        self.assertEmpty(video_parts.cut(target, _FLOW, 239))
        self.assertLen(video_parts.cut(target, _FLOW, 1e5), 50)


if __name__ == "__main__":
    absltest.main()
