"""What is to be evaluated is one thing."""

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import errors
from fsn_tf.evaluation import from_files


class InputsTest(parameterized.TestCase):
    @parameterized.parameters(
        {}, {"scores": ["rgb"], "detections": "found.csv"}, {"scores": []}
    )
    def test_refuses_none_and_several(self, **given):
        with self.assertRaisesRegex(errors.InputError, "expected one of sc"):
            from_files.Inputs("truth.csv", **given)

    def test_weighs_streams_alike(self):
        inputs = from_files.Inputs("truth.csv", scores=["rgb", "flow"])
        self.assertEqual(inputs.weights, [1, 1])


if __name__ == "__main__":
    absltest.main()
