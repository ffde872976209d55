"""A protocol is one entry: whole, or an error."""

import dataclasses
import types

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf import evaluation
from fsn_tf import segments
from fsn_tf.evaluation import mistakes
from fsn_tf.evaluation import protocols
from fsn_tf.reports import comparison
from fsn_tf.reports import result_files
from tests.kit import temporary_files

CLASSES = ("Jump",)
TRUTH = segments.Annotations(
    CLASSES, ("a",), (segments.Instance("a", "Jump", 0.0, 10.0),)
)
# Half of it, and the whole of it by a lower score.
FOUND = segments.Detections(
    CLASSES,
    ("a",),
    np.array([0, 0]),
    np.array([0, 0]),
    np.array([0.0, 0.0]),
    np.array([5.0, 10.0]),
    np.array([0.9, 0.8]),
)


class ProtocolTest(parameterized.TestCase):
    @parameterized.parameters(*dataclasses.fields(protocols.Protocol))
    def test_lacks_no_part(self, field):
        parts = dict(vars(protocols.THUMOS14))
        del parts[field.name]
        with self.assertRaisesRegex(TypeError, field.name):
            protocols.Protocol(**parts)

    @parameterized.parameters("voc", protocols.SEGMENTATION)
    def test_names_those_there_are(self, name):
        with self.assertRaisesRegex(
            errors.InputError, f"'{name}': expected one of thumos14, "
        ):
            protocols.named(name)


class FourthTest(temporary_files.TestCase):
    def test_is_one_entry(self):
        # ActivityNet's, but the tIoU must be exceeded.
        name = "strict"
        strict = dataclasses.replace(
            protocols.ACTIVITYNET, name=name, reaches=np.greater
        )
        entries = types.MappingProxyType({**protocols.PROTOCOLS, name: strict})
        with absltest.mock.patch.object(protocols, "PROTOCOLS", entries):
            result = evaluation.evaluate(
                FOUND, TRUTH, protocol=name, tious=[0.5], nms=False
            )
            result_files.write(self.folder / "out", result)
            found = comparison.compare(self.folder / "out", self.folder / "out")
        # Half is too little; ActivityNet's rule would give 1.
        self.assertEqual(result.segment_map, {0.5: 1 / 2})
        self.assertEqual(found["protocol"], name)
        self.assertEqual(found["metrics"]["tIoU 0.5"]["values"], [1 / 2] * 2)
        wrong = result.diagnosis["false_positives"]
        self.assertEqual(wrong[mistakes.LOCALIZATION]["count"], 1)


if __name__ == "__main__":
    absltest.main()
