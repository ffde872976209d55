"""results.json of every kind is what its schema says."""

import json
import types
import typing

from absl.testing import absltest
import numpy as np

from fsn_tf import evaluation
from fsn_tf import segments
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import video_labels
from fsn_tf.evaluation import classification
from fsn_tf.evaluation import results
from fsn_tf.evaluation import results_schema
from fsn_tf.evaluation import segmentation
from fsn_tf.evaluation import settings
from fsn_tf.grouping import frame_scores

CLASSES = ("Dive", "Jump")
TRUTH = segments.Annotations(
    CLASSES, ("a",), (segments.Instance("a", "Jump", 1.0, 3.0),)
)


def scores(num_frames):
    values = np.full((num_frames, 2), 0.4, "f4")
    return frame_scores.FrameScores(values, 5.0, CLASSES)


def fits(value, kind):
    """Whether a value from JSON is of a type of the schema."""
    if isinstance(kind, types.UnionType):
        return any(fits(value, one) for one in typing.get_args(kind))
    if kind is types.NoneType:
        return value is None
    if kind is float:
        return type(value) in (int, float)
    inside = typing.get_args(kind)
    if typing.get_origin(kind) is dict:
        return type(value) is dict and all(
            fits(key, inside[0]) and fits(one, inside[1])
            for key, one in value.items()
        )
    if typing.get_origin(kind) is list:
        return type(value) is list and all(fits(x, inside[0]) for x in value)
    return type(value) is kind


class FitsTest(absltest.TestCase):
    def test_tells_types_apart(self):
        self.assertTrue(fits({"a": None}, dict[str, float | None]))
        self.assertFalse(fits({"a": "b"}, dict[str, float | None]))
        self.assertFalse(fits([1], list[str]))
        self.assertFalse(fits(True, int))


class SchemaTest(absltest.TestCase):
    def _check(self, result):
        content = json.loads(json.dumps(result.as_json(), allow_nan=False))
        expected = results_schema.keys(content["protocol"])
        self.assertEqual(content.keys(), expected.keys())
        for name, (kind, meaning) in expected.items():
            self.assertTrue(fits(content[name], kind), (name, content[name]))
            self.assertTrue(meaning.endswith("."), name)
        self.assertEqual(content["version"], results.VERSION)

    def test_is_what_detection_gives(self):
        of_scores = evaluation.evaluate({"a": scores(25)}, TRUTH)
        self._check(of_scores)
        self._check(evaluation.evaluate(of_scores.detections, TRUTH))

    def test_is_what_segmentation_gives(self):
        truth = frame_labels.FrameLabels(CLASSES, {"a": np.array([0, 0, 1])})
        found = frame_labels.FrameLabels(CLASSES, {"a": np.array([0, 1, 1])})
        self._check(
            segmentation.evaluate(found, truth, settings.Segmentation())
        )

    def test_is_what_classification_gives(self):
        truth = video_labels.VideoLabels(CLASSES, ("a",), {"a": ("Jump",)})
        self._check(classification.evaluate({"a": scores(1)}, truth))


if __name__ == "__main__":
    absltest.main()
