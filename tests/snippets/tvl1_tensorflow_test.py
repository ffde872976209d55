"""TV-L1 on TensorFlow, beside OpenCV's and the paper's equations."""

from unittest import mock

from absl.testing import absltest
from absl.testing import parameterized
import cv2
import numpy as np
import pytest
import tensorflow as tf

from fsn_tf.snippets import tvl1_tensorflow
from fsn_tf.videos import flow
from fsn_tf.videos import video_files
from tests.kit import shared_data
from tests.kit import textures

# Rounding grows into pixels where motion is large. We round as the code does
# that OpenCV's packages for x86 bring along, others round otherwise.
_PIXELS_APART = 0.001 if cv2.ipp.useIPP() else 0.2


def _flow(first, second):
    return tvl1_tensorflow.flows(first[None], second[None])[0]


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
        cls.found = tvl1_tensorflow.flows(cls.firsts, cls.seconds)

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
            mock.patch.object(tvl1_tensorflow, "_PAIRS_ON_GPU", 3),
        ):
            method = tvl1_tensorflow.method()
        self.assertEqual(method.pairs_at_once, 3)
        found = method.between(self.firsts[:2], self.seconds[:2])
        np.testing.assert_array_equal(found, self.found[:2])


class StepTest(absltest.TestCase):
    def test_is_that_of_the_paper(self):
        rng = np.random.default_rng(0)
        height, width = 5, 7
        x, y = rng.normal(0, 20, (2, height, width))
        x[1:3, 2:5] = y[1:3, 2:5] = 0  # nothing to hold on to
        constant = rng.normal(0, 10, (height, width))
        expected = np.zeros((2, height * width)), np.zeros((2, 2, 35))
        nothing = tf.zeros((1, height, width))
        found = (nothing, nothing), ((nothing, nothing), (nothing, nothing))
        brightness = tvl1_tensorflow.Brightness(
            *(
                tf.constant(part[None], tf.float32)
                for part in (constant, x, y, x**2 + y**2)
            )
        )

        for _ in range(5):
            before = expected[0]
            expected = _paper_step(constant, np.stack([x, y]), *expected)
            *found, change = tvl1_tensorflow.step(
                brightness, *found, tf.constant(0)
            )
            for ours, theirs in zip(found, expected, strict=True):
                shaped = theirs.reshape(np.shape(ours))
                np.testing.assert_allclose(ours, shaped, rtol=1e-4, atol=1e-5)
            expected_change = ((expected[0] - before) ** 2).sum()
            np.testing.assert_allclose(change, [expected_change], rtol=1e-3)


def _paper_step(constant, gradient, flow, duals):
    """One iteration in float64 for n = H W pixels.

    Args:
        constant: (H, W) of the residual rho.
        gradient: (2, H, W) of the warped picture.
        flow: (2, n), u.
        duals: (2, 2, n), p of each part of u.
    """
    tau, weight, theta = 0.25, 0.15, 0.3
    height, width = constant.shape
    differences = _forward_matrices(height, width)
    gradient = gradient.reshape(2, -1)
    residual = constant.ravel() + (gradient * flow).sum(axis=0)
    # v minimizes |u - v|^2 / (2 theta) + lambda |rho(v)|: it goes against the
    # gradient, until rho is 0 or as far as lambda theta allows.
    squared = (gradient**2).sum(axis=0)
    full = np.divide(
        residual, squared, out=np.zeros_like(residual), where=squared > 0
    )
    v = flow - np.clip(full, -weight * theta, weight * theta) * gradient
    # The divergence is what the gradient is to sums over pixels, negated.
    divergence = -np.einsum("aji,paj->pi", differences, duals)
    new_flow = v + theta * divergence
    slope = np.einsum("aij,pj->pai", differences, new_flow)
    length = np.sqrt((slope**2).sum(axis=1, keepdims=True))
    new_duals = (duals + tau / theta * slope) / (1 + tau / theta * length)
    return new_flow, new_duals


def _forward_matrices(height, width):
    """(2, n, n) of forward differences along x and y, 0 at the end."""
    along = [np.eye(size, k=1) - np.eye(size) for size in (width, height)]
    for matrix in along:
        matrix[-1] = 0
    return np.stack(
        [
            np.kron(np.eye(height), along[0]),
            np.kron(along[1], np.eye(width)),
        ]
    )


if __name__ == "__main__":
    absltest.main()
