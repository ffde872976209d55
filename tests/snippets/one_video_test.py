"""One video on several cores, and no TensorFlow for it."""

import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import threading
from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import pytest

from fsn_tf import workers
from fsn_tf.snippets import preparation
from fsn_tf.snippets import video_writing
from tests.kit import made_up
from tests.kit import shared_data
from tests.kit import temporary_files

_ODD = (
    "ucf101/v_Kayaking_g12_c03.avi",
    "odd/decord_corrupted.mp4",
    "odd/decord_unordered.mov",
)
_FLOW = preparation.Settings("flow", "farneback", width=64, height=48)
_SETTINGS = (preparation.Settings(width=64, height=48), _FLOW)


def _irregular(path):
    """A video whose frames come in bursts, with B-frames where it may."""
    av = pytest.importorskip("av")
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.max_b_frames = 2
        stream.codec_context.gop_size = 12
        time = 0
        for index in range(90):
            image = np.full((48, 64, 3), index * 2 + 20, np.uint8)
            image[:, index % 60 : index % 60 + 4] = 0
            frame = av.VideoFrame.from_ndarray(image)
            frame.pts, time = time, time + (1, 1, 3, 2)[index % 4]
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def _worker(spare):
    """What a worker has of its parent, with so many spare cores."""
    return {
        "spare": threading.Semaphore(spare),
        "stop": threading.Event(),
        "seconds_done": multiprocessing.Value("d", 0.0),
        "seconds_left": 0.0,
    }


class SameBytesTest(temporary_files.TestCase, parameterized.TestCase):
    """Any number of cores gives what one gives that is not helped."""

    def _check(self, path, settings):
        alone = self._written(path, settings, "alone")
        for cores in (1, 2, 3):
            # As in a worker, which other workers have left their cores to.
            with mock.patch.dict(workers._worker, _worker(cores - 1)):
                helped = self._written(path, settings, f"helped{cores}")
            self.assertEqual(helped, alone)

    def _written(self, path, settings, name):
        """Bytes of the snippet file, and of what is said of it."""
        target = self.folder / settings.stream / f"{name}.tfrecord"
        video_writing.write_video(path, target, settings)
        about = json.loads(target.with_suffix(".json").read_text())
        return target.read_bytes(), about

    def test_of_processes(self):
        path = made_up.write_video(self.folder / "v.mp4", range(10, 240, 3))
        for settings in _SETTINGS:
            alone, _ = self._written(path, settings, "alone")
            out = self.folder / "prepared"
            preparation.prepare(path, out, settings, workers=3)
            written = out / settings.stream / "v.tfrecord"
            self.assertEqual(written.read_bytes(), alone)

    @parameterized.product(settings=_SETTINGS, fps=(24, 25, 29.97, 30))
    def test_of_any_frame_rate(self, settings, fps):
        path = self.folder / "v.mp4"
        made_up.write_video(path, range(10, 240, 3), fps=fps)
        self._check(path, settings)

    @parameterized.product(settings=_SETTINGS, frames=(1, 2, 6))
    def test_of_a_short_video(self, settings, frames):
        path = made_up.write_video(
            self.folder / "v.mp4", range(10, 10 + 9 * frames, 9)
        )
        self._check(path, settings)

    @parameterized.parameters(*_SETTINGS)
    def test_of_irregular_times_and_frames_out_of_order(self, settings):
        self._check(_irregular(self.folder / "v.mp4"), settings)

    @parameterized.product(settings=_SETTINGS, name=_ODD)
    def test_of_files_that_declare_what_they_do_not_hold(self, settings, name):
        self._check(shared_data.path(f"videos/{name}"), settings)


class WithoutTensorFlowTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        # Whoever imports one of these leaves a file and fails.
        self.seen = self.folder / "seen"
        for name in ("tensorflow", "keras"):
            self.write(
                f"instead/{name}/__init__.py",
                f"open({str(self.seen)!r}, 'w').close()\n"
                f"raise SystemExit('{name} was imported')\n",
            )

    def _run(self, *arguments):
        path = os.pathsep.join([str(self.folder / "instead"), *sys.path])
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=pathlib.Path(__file__).parents[2],
            env=os.environ | {"PYTHONPATH": path},
            capture_output=True,
            text=True,
        )

    def test_rgb_and_flow_import_none_in_any_process(self):
        videos = self.folder / "videos"
        videos.mkdir()
        for name in ("a.mp4", "b.mp4"):
            made_up.write_video(videos / name, range(10, 70, 10))
        for stream, kept in (
            (["--stream=rgb"], 0),
            # Again, so that it reads what is there.
            (["--stream=rgb"], 2),
            (["--stream=flow", "--flow=dis"], 0),
        ):
            done = self._run(
                *("-m", "fsn_tf", "prepare", *stream, "--workers=2"),
                *(f"--videos={videos}", f"--out={self.folder}/out"),
            )
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(f"{kept} kept, 0 failed", done.stdout)
            self.assertFalse(self.seen.exists())

    def test_it_would_be_seen(self):
        self._run("-c", "import fsn_tf.snippets.snippet_records")
        self.assertTrue(self.seen.exists())


if __name__ == "__main__":
    absltest.main()
