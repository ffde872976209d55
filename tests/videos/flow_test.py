"""Flow of known motion, and TSN's bytes of it."""

from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized
import cv2
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.videos import flow
from tests.kit import textures

_HALF_STEP_PIXELS = 20 / 255


class MethodsTest(parameterized.TestCase):
    @parameterized.parameters("tvl1", "dis", "farneback")
    def test_finds_motion_by_parts_of_a_pixel_x_first(self, method):
        moved = np.array([1.3, -0.6])  # right, up

        found = flow.between(
            textures.texture(), textures.texture(*moved), method
        )
        back = flow.dequantized(flow.quantized(found))

        self.assertEqual(found.shape, (96, 128, 2))
        inside = np.s_[16:-16, 16:-16]
        error = np.abs(found - moved)[inside]
        self.assertLess(np.median(error), 0.05)
        self.assertLess(np.quantile(error, 0.95), 0.2)
        allowed = _HALF_STEP_PIXELS + error + 1e-5
        self.assertTrue((np.abs(back - moved)[inside] <= allowed).all())

    @parameterized.parameters("tvl1", "dis", "farneback")
    def test_a_frame_that_is_shown_twice_has_zero_motion(self, method):
        found = flow.between(textures.texture(), textures.texture(), method)
        np.testing.assert_array_equal(flow.quantized(found), 128)

    def test_says_what_to_install_for_tvl1(self):
        with mock.patch.object(cv2, "optflow"):
            del cv2.optflow
            with self.assertRaisesRegex(InputError, "pip install opencv-con"):
                flow.check("tvl1", (64, 48))
            flow.check("dis", (64, 48))

    def test_tvl1_on_tensorflow_needs_no_opencv(self):
        with mock.patch.object(cv2, "optflow"):
            del cv2.optflow
            flow.check("tvl1_tensorflow", (6, 8))

    def test_names_frames_that_are_too_small(self):
        with self.assertRaisesRegex(InputError, "by dis for frames of 6x8"):
            flow.check("dis", (6, 8))


class QuantizedTest(absltest.TestCase):
    def test_rounds_halves_up(self):
        # 8 px are 255 * 28 / 40 = 178.5; NumPy's rint would give 178.
        pixels = np.array([-30, -20, -8, 0, 1, 8, 20, 30], np.float32)
        stored = flow.quantized(pixels)
        self.assertEqual(stored.tolist(), [0, 0, 77, 128, 134, 179, 255, 255])

    def test_comes_back_within_half_a_step(self):
        pixels = np.linspace(-20, 20, 10_001)
        error = np.abs(flow.dequantized(flow.quantized(pixels)) - pixels)
        self.assertLessEqual(error.max(), _HALF_STEP_PIXELS + 1e-5)
        self.assertGreater(error.max(), 0.99 * _HALF_STEP_PIXELS)

    def test_every_stored_value_stays_what_it_is(self):
        stored = np.arange(256, dtype=np.uint8)
        again = flow.quantized(flow.dequantized(stored))
        np.testing.assert_array_equal(again, stored)


class ResizedTest(absltest.TestCase):
    def test_motion_grows_with_the_frame(self):
        six_pixels = np.full((30, 40), flow.quantized(6), np.uint8)
        wide = flow.resized(six_pixels, (80, 30), 0)
        self.assertEqual(wide.shape, (30, 80))
        self.assertLessEqual(np.abs(flow.dequantized(wide) - 12).max(), 0.25)
        same = flow.resized(six_pixels, (80, 30), 1)
        np.testing.assert_array_equal(same, flow.quantized(6))

    def test_zero_motion_stays_zero(self):
        still = np.full((240, 320), 128, np.uint8)
        np.testing.assert_array_equal(flow.resized(still, (340, 256), 0), 128)


if __name__ == "__main__":
    absltest.main()
