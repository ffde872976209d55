"""Flow by TensorFlow, as a user asks for it."""

import json
import os
import subprocess
import sys

from absl.testing import absltest
import cv2
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf.snippets import video_writing
from fsn_tf.snippets.settings import Settings
from tests.kit import temporary_files
from tests.kit import textures


class TensorflowTest(temporary_files.TestCase):
    @pytest.mark.slow
    def test_prepare_writes_the_flow_of_opencv(self):
        videos = [self.folder / f"{name}.mp4" for name in "vw"]
        for path, step in zip(videos, (1.5, -2), strict=True):
            textures.write_video(path, step, 6)

        done = subprocess.run(
            [
                *(sys.executable, "-m", "fsn_tf", "prepare", "--stream=flow"),
                *(f"--videos={self.folder}", f"--out={self.folder}"),
                *("--flow=tvl1_tensorflow", "--size=20x18", "--workers=2"),
            ],
            capture_output=True,
            text=True,
            env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1"},
        )

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("2 written, 0 kept, 0 failed; flow: tvl1_", done.stdout)
        # Nothing of what TensorFlow prints for its authors.
        for line in done.stderr.splitlines():
            self.assertIn("s of video", line)
        opencvs = self.folder / "opencvs.tfrecord"
        settings = Settings("flow", "tvl1", width=20, height=18)
        for path in videos:
            video_writing.write_video(path, opencvs, settings)
            theirs = _images(opencvs)
            stored = self.folder / "flow" / f"{path.stem}.tfrecord"
            self.assertEqual(theirs.shape, (2, 10, 18, 20))
            far = np.abs(_images(stored) - theirs) > 1
            self.assertLess(far.mean(), 0.01)
            self.assertGreater(np.abs(theirs - 128).max(), 1)
            about = json.loads(stored.with_suffix(".json").read_text())
            self.assertEqual(about["flow"], "tvl1_tensorflow")


def _images(path):
    """(N, 10, H, W) of a snippet file."""
    return np.array(
        [
            [
                cv2.imdecode(np.frombuffer(jpeg, np.uint8), -1)
                for jpeg in tf.train.Example.FromString(record)
                .features.feature["jpeg"]
                .bytes_list.value
            ]
            for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator()
        ],
        int,
    )


if __name__ == "__main__":
    absltest.main()
