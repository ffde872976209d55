"""What is right and wrong in each video among the surest detections."""

from absl.testing import absltest
import numpy as np

from fsn_tf.evaluation import ranking
from fsn_tf.evaluation import surest_detections


class CountsTest(absltest.TestCase):
    def test_counts_as_many_of_the_surest_as_there_are_instances(self):
        # Class 0 has three instances, so that its fourth does not count.
        label = np.array([0, 0, 0, 0, 1])
        video = np.array([0, 1, 1, 0, 1])
        instance = np.array([4, -1, 3, 5, -1])
        ranked = ranking.Ranking(
            np.arange(5), label, video, np.linspace(1, 0, 5), instance
        )
        instances = np.array([[2, 1, 0], [0, 0, 1]])

        found = surest_detections.counts(ranked, instances)

        self.assertEqual(
            {name: values.tolist() for name, values in found.items()},
            {
                "instances": [2, 1, 1],
                "right": [1, 1, 0],
                "wrong": [0, 2, 0],
                "missed": [1, 0, 1],
            },
        )
        self.assertEqual(surest_detections.order(found).tolist(), [1, 2, 0])


if __name__ == "__main__":
    absltest.main()
