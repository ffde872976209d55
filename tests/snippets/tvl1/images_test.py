"""Images resized, warped and filtered, beside OpenCV and NumPy."""

import itertools

from absl.testing import absltest
from absl.testing import parameterized
import cv2
import numpy as np
import tensorflow as tf

from fsn_tf.snippets.tvl1 import images


def _compiled(function, *arguments):
    compiled = tf.function(function, jit_compile=True)
    return compiled(*map(tf.constant, arguments))


def _noise(*shape, seed=0):
    normal = np.random.default_rng(seed).normal(size=shape)
    return (100 * normal).astype(np.float32)


class RoundedTest(absltest.TestCase):
    def test_products_are_rounded_before_they_are_added(self):
        a, b, c = _noise(3, 10_000)

        found = _compiled(
            lambda a, b, c, zero: images.rounded(a * b, zero) + c, a, b, c, 0.0
        )

        np.testing.assert_array_equal(found, a * b + c)


class ResizedTest(parameterized.TestCase):
    @parameterized.parameters((256, 340), (41, 57), (16, 20))
    def test_as_opencv_does(self, height, width):
        picture = _noise(height, width)
        small = cv2.resize(picture, None, fx=0.8, fy=0.8)

        found = _compiled(
            lambda x: images.smaller(x, small.shape, 0.8), picture[None]
        )
        back = _compiled(lambda x: images.larger(x, picture.shape), small[None])

        np.testing.assert_allclose(found[0], small, atol=0.02)
        large = cv2.resize(small, (width, height))
        np.testing.assert_allclose(back[0], large, atol=0.02)

    def test_halves_lie_between(self):
        found = _compiled(
            lambda x: images.larger(x, (1, 4)), np.float32([[[0, 8]]])
        )
        # Centers of the four lie at -.25, .25, .75 and 1.25 of the two.
        np.testing.assert_array_equal(found, [[[0, 2, 6, 8]]])


class DifferencesTest(absltest.TestCase):
    def test_by_hand(self):
        row = tf.constant([[[1.0, 2, 4, 8]]])
        for axis, picture in (2, row), (1, tf.transpose(row, (0, 2, 1))):
            for function, expected in (
                (images.centered, [0.5, 1.5, 3, 2]),
                (images.forward, [1, 2, 4, 0]),
                (images.preceding, [0, 1, 2, 4]),
            ):
                found = tf.reshape(function(picture, axis), [-1])
                np.testing.assert_array_equal(found, expected)


class WarpedTest(absltest.TestCase):
    def test_as_opencv_does_inside_and_beyond_the_borders(self):
        pictures = _noise(3, 2, 40, 50)  # three of each of two pairs
        x, y = _noise(2, 2, 40, 50, seed=1) / 10
        x[0, 0, :2] = -1e9, 1e9

        found = _compiled(
            lambda pictures, x, y, zero: images.warped(
                tf.unstack(pictures), (x, y), zero
            ),
            *(pictures, x, y, 0.0),
        )

        rows, columns = np.mgrid[:40, :50].astype(np.float32)
        for picture, pair in itertools.product(range(3), range(2)):
            expected = cv2.remap(
                pictures[picture, pair],
                columns + x[pair],
                rows + y[pair],
                cv2.INTER_CUBIC,
            )
            np.testing.assert_allclose(
                found[picture][pair], expected, atol=1e-3
            )


class MedianTest(absltest.TestCase):
    def test_as_opencv_does(self):
        pictures = _noise(3, 21, 18)
        found = _compiled(images.median, pictures)
        for picture, median in zip(pictures, found.numpy(), strict=True):
            np.testing.assert_array_equal(median, cv2.medianBlur(picture, 5))

    def test_of_all_ways_to_be_0_or_1(self):
        # What takes minima and maxima alone is right on numbers if it is so
        # on 0 and 1. Columns are sorted first, so that it matters only how
        # many ones each has; and they are sorted rightly if one of each is.
        ones = np.array(list(itertools.product(range(6), repeat=5)))
        pictures = (np.arange(5)[:, None] < ones[:, None, :]).astype("float32")
        found = images.median(tf.constant(pictures))[:, 2, 2]
        np.testing.assert_array_equal(found, ones.sum(axis=1) > 12)

        column = np.array(list(itertools.product((0, 1), repeat=5)))
        pictures = np.repeat(column[:, :, None], 5, axis=2).astype("float32")
        found = images.median(tf.constant(pictures))[:, 2, 2]
        np.testing.assert_array_equal(found, column.sum(axis=1) > 2)


if __name__ == "__main__":
    absltest.main()
