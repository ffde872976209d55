"""What a network sees in prediction, beside TensorFlow's own resizing."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow as tf

from fsn_tf.prediction import views


class CenterTest(parameterized.TestCase):
    def test_cuts_seven_eighths_out_of_the_middle(self):
        image = np.arange(8 * 16, dtype=np.uint8).reshape(1, 8, 16, 1)
        seen = views.center(tf.constant(image), 7)
        np.testing.assert_array_equal(seen, image[:, 0:7, 4:11])

    # Where all shares are sums of powers of two, halves round alike too.
    @parameterized.parameters((48, 64, 32), (32, 40, 64), (72, 96, 32))
    def test_resizes_as_tensorflow_does(self, height, width, size):
        rng = np.random.default_rng(0)
        images = rng.integers(0, 256, (3, height, width, 3), np.uint8)
        side = height * 7 // 8
        top, left = (height - side) // 2, (width - side) // 2
        square = images[:, top : top + side, left : left + side]
        expected = tf.round(tf.image.resize(square, (size, size)))
        seen = views.center(tf.constant(images), size)
        self.assertEqual(seen.dtype, tf.uint8)
        np.testing.assert_array_equal(seen, expected)


if __name__ == "__main__":
    absltest.main()
