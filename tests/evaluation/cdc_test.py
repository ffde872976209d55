"""CDC's steps, against loops; what they leave alone stays as it was."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.evaluation import cdc

CLASSES = ("CliffDiving", "Diving", "Run")


class Max5Test(parameterized.TestCase):
    def test_spreads_a_peak_two_frames_each_way(self):
        peak = np.array([[0, 0, 0, 1, 0, 0, 0, 0]]).T
        smooth = cdc.max5(peak)[:, 0]
        np.testing.assert_array_equal(smooth, [0, 1, 1, 1, 1, 1, 0, 0])

    @parameterized.parameters("f2", "f4")
    def test_equals_a_loop(self, dtype):
        generator = np.random.default_rng(0)
        for num_frames in (1, 2, 3, 4, 5, 30):
            values = generator.random((num_frames, 3)).astype(dtype)
            before = values.copy()

            smooth = cdc.max5(values)

            expected = [
                values[max(frame - 2, 0) : frame + 3].max(axis=0)
                for frame in range(num_frames)
            ]
            np.testing.assert_array_equal(smooth, expected)
            self.assertEqual(smooth.dtype, dtype)
            np.testing.assert_array_equal(values, before)


class CliffDivingTest(absltest.TestCase):
    def test_copies_scores_where_larger(self):
        values = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
        copied = cdc.with_copied_scores(values, CLASSES)
        np.testing.assert_array_equal(
            copied, [[0.7, 0.7, 0.1], [0.1, 0.3, 0.6]]
        )
        self.assertEqual(values[0, 1], 0.2)

    def test_emits_detections_as_diving_too(self):
        found = segments.Detections(
            CLASSES,
            ("a", "b"),
            np.array([0, 1, 1]),
            np.array([2, 0, 1]),
            *np.array([[1.0, 2, 3], [4, 5, 6], [0.7, 0.8, 0.9]]),
        )

        both = cdc.with_copied_detections(found)

        np.testing.assert_array_equal(both.label, [2, 0, 1, 1])
        np.testing.assert_array_equal(both.video, [0, 1, 1, 1])
        np.testing.assert_array_equal(both.start_seconds, [1, 2, 3, 2])
        np.testing.assert_array_equal(both.score, [0.7, 0.8, 0.9, 0.8])
        self.assertLen(found, 3)

    def test_needs_both_classes(self):
        with self.assertRaisesRegex(errors.InputError, "no CliffDiving among"):
            cdc.with_copied_scores(np.ones((1, 2)), ("Diving", "Run"))


if __name__ == "__main__":
    absltest.main()
