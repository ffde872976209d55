"""Crops of JPEGs beside OpenCV's."""

from absl.testing import absltest
import cv2
import numpy as np
import tensorflow as tf

from fsn_tf.experiment import Experiment
from fsn_tf.training import augmentation

_EXPERIMENT = Experiment(network="tsn", image_size=48, segments=2)


class AugmentedTest(absltest.TestCase):
    def test_is_a_crop_resized_as_opencv_does(self):
        rng = np.random.default_rng(0)
        noise = rng.integers(0, 256, (64, 80, 3)).astype(np.uint8)
        image = cv2.GaussianBlur(noise, (0, 0), 2)
        _, jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 95])
        stored = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
        jpegs = tf.constant([[jpeg.tobytes()]] * 2)
        # Larger than the network's input along one side, smaller on the other.
        y, x, height, width = 3, 8, 40, 56
        part = stored[y : y + height, x : x + width, ::-1]
        expected = cv2.resize(part, (48, 48), interpolation=cv2.INTER_LINEAR)

        shown = set()
        for seed in range(8):
            images = augmentation.augmented(
                jpegs,
                np.array([[y, x, height, width]], np.int32),
                tf.constant([seed, 0], tf.int64),
                _EXPERIMENT,
            ).numpy()
            np.testing.assert_array_equal(images[0], images[1])
            distances = [
                np.abs(images[0].astype(int) - crop.astype(int))
                for crop in (expected, expected[:, ::-1])
            ]
            # Colors at the edge are blended with those beyond it.
            inner = [each[2:-2, 2:-2].max() for each in distances]
            self.assertLessEqual(min(inner), 1)
            shown.add(int(np.argmin(inner)))
        # Mirrored, and not.
        self.assertEqual(shown, {0, 1})


if __name__ == "__main__":
    absltest.main()
