"""TV-L1 on TensorFlow, beside OpenCV's."""

from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized
import cv2
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf.snippets.tvl1 import flows
from fsn_tf.videos import flow
from fsn_tf.videos import video_files
from tests.kit import shared_data
from tests.kit import textures

# Rounding grows into pixels where motion is large. We round as the code does
# that OpenCV's packages for x86 bring along, others round otherwise.
_PIXELS_APART = 0.001 if cv2.ipp.useIPP() else 0.2


def _flow(first, second):
    return flows.flows(first[None], second[None])[0]


class OpencvTest(parameterized.TestCase):
    def _check(self, first, second):
        ours, theirs = _flow(first, second), flow.tvl1(first, second)
        steps = flow.quantized(ours).astype(int) - flow.quantized(theirs)
        self.assertLessEqual((np.abs(steps) > 1).mean(), _PIXELS_APART)

    @parameterized.parameters((12, 9), (16, 16), (33, 21), (5, 7))
    def test_odd_and_small_sizes_have_the_same_bytes(self, width, height):
        # Down to 16 pixels it takes two levels or one.
        first, second = (
            cv2.resize(textures.texture(right), (width, height))
            for right in (0, 3)
        )
        self._check(first, second)

    @pytest.mark.slow
    def test_small_and_large_motion_have_the_same_bytes(self):
        for right, down in ((0.4, 0.3), (-3, 2), (14, -9)):
            self._check(textures.texture(), textures.texture(right, down))

    @pytest.mark.slow
    def test_flat_pictures_have_the_same_bytes(self):
        plain = np.full((96, 128), 90, np.uint8)
        square = plain.copy()
        square[40:60, 50:70] = 200
        for first, second in (
            (plain, plain + 20),
            (plain, square),
            (square, np.roll(square, (2, 3), axis=(0, 1))),
        ):
            self._check(first, second)

    @pytest.mark.slow
    def test_real_frames_have_the_same_bytes(self):
        for name in ("v_BasketballDunk_g22_c04", "v_VolleyballSpiking_g17_c02"):
            video = video_files.Video(
                shared_data.path(f"videos/ucf101/{name}.avi")
            )
            frames = video.frames(25, size=(340, 256))
            gray = [
                cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
                for frame, image in frames
                if frame in (20, 21)
            ]
            self._check(*gray)


class MotionTest(absltest.TestCase):
    @pytest.mark.slow
    def test_by_parts_of_a_pixel_is_found_x_first(self):
        moved = np.array([1.3, -0.6])  # right, up
        found = _flow(textures.texture(), textures.texture(*moved))
        error = np.abs(found - moved)[16:-16, 16:-16]
        self.assertLess(np.median(error), 0.05)
        self.assertLess(np.quantile(error, 0.95), 0.2)


class PairsTest(absltest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # They stop after a few iterations, after hundreds, and at once.
        still = textures.texture(size=(18, 20))
        noise = np.random.default_rng(0).integers(0, 256, (18, 20), np.uint8)
        slowly = textures.texture(0.2, 0.1, size=(18, 20))
        cls.firsts = np.stack([still, noise, still])
        cls.seconds = np.stack([slowly, noise.T.reshape(18, 20), still])
        cls.found = flows.flows(cls.firsts, cls.seconds)

    def test_are_to_the_bit_what_each_is_alone(self):
        for pair in range(3):
            alone = _flow(self.firsts[pair], self.seconds[pair])
            np.testing.assert_array_equal(self.found[pair], alone)
        self.assertGreater(np.abs(self.found[0]).max(), 0.1)

    def test_of_the_same_frame_twice_are_zero(self):
        np.testing.assert_array_equal(self.found[2], 0)

    def test_on_a_gpu_are_filled_up(self):
        with (
            mock.patch.object(
                tf.config, "list_physical_devices", lambda _: [1]
            ),
            mock.patch.object(flows, "_PAIRS_ON_GPU", 3),
        ):
            method = flows.method()
        self.assertEqual(method.pairs_at_once, 3)
        found = method.between(self.firsts[:2], self.seconds[:2])
        np.testing.assert_array_equal(found, self.found[:2])


if __name__ == "__main__":
    absltest.main()
