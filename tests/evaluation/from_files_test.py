"""What is to be evaluated is one thing."""

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import errors
from fsn_tf.evaluation import from_files
from fsn_tf.evaluation import settings
from tests.kit import temporary_files


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


class DetectionsTest(temporary_files.TestCase):
    def test_leaves_out_classes_that_the_truth_does_not_name(self):
        truth = self.write("truth.csv", "v,0,2,Dive\nv,4,6,Dive\n")
        mine = "v,0,2,Dive,0.9\n"
        others = "v,1,3,Run,0.8\nw,0,2,Swim,0.9\nv,4,6,Run,0.95\n"
        found = self.write("found.csv", others + mine)
        results = [
            from_files.evaluate(
                from_files.Inputs(truth, detections=path), settings.Detection()
            )
            for path in (found, self.write("mine.csv", mine))
        ]
        self.assertEqual(results[0].segment_map, results[1].segment_map)
        note = (
            "found.csv:1: 3 detections left out, of 2 classes .*'Run', 'Swim'"
        )
        self.assertRegex("\n".join(results[0].notes), note)

    def test_refuses_detections_of_other_classes_alone(self):
        truth = self.write("truth.csv", "v,0,2,Dive\n")
        found = self.write("found.csv", "v,0,2,dive,0.9\n")
        with self.assertRaisesRegex(errors.InputError, "found.csv:1: expected"):
            from_files.evaluate(
                from_files.Inputs(truth, detections=found),
                settings.Detection(),
            )


if __name__ == "__main__":
    absltest.main()
