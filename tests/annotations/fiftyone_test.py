"""FiftyOne's temporal detections, worked out by hand."""

import json

from absl.testing import absltest

from fsn_tf import errors
from fsn_tf.annotations import fiftyone
from fsn_tf.annotations import labelings
from tests.kit import temporary_files


class ReadTest(temporary_files.TestCase):
    def _read(self, labels, **more):
        content = {"classes": ["serve", "hit"], "labels": labels, **more}
        path = self.write("x/labels.json", json.dumps(content))
        return fiftyone.read(path.parent, labelings.Rates(25.0))

    def test_support_counts_frames_from_1_and_timestamps_seconds(self):
        self.write("x/data.json", json.dumps({"u": "d/a.mp4"}))
        found = self._read(
            {
                "u": [
                    {"label": 0, "support": [31, 66], "confidence": 0.9},
                    {"label": "hit", "timestamps": [1.5, 2]},
                ],
                "w": None,
                "z": [],
            }
        )
        self.assertEqual(
            [
                (x.video, x.label, x.start_seconds, x.end_seconds)
                for x in found.instances
            ],
            [("a", "serve", 1.2, 2.64), ("a", "hit", 1.5, 2.0)],
        )
        self.assertEqual(found.scores, [0.9, None])
        self.assertEqual(list(found.videos), ["a", "z"])

    def test_names_what_is_wrong(self):
        for one, message in (
            ({"label": 2, "support": [1, 2]}, "label to be a class, got 2"),
            ({"label": 0, "support": [1]}, "support to be two numbers"),
            ({"label": 0}, "'support' to be a list"),
            ({"label": 0, "support": [0, 2]}, "expected frames from 1 on"),
        ):
            with self.assertRaises(errors.InputError) as caught:
                self._read({"a": [one]})
            self.assertIn(message, str(caught.exception))


if __name__ == "__main__":
    absltest.main()
