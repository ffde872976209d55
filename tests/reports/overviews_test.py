"""A table and a picture of lists of segments, read back."""

import xml.etree.ElementTree

from absl.testing import absltest

from fsn_tf import segments
from fsn_tf.reports import ethogram
from fsn_tf.reports import overviews
from fsn_tf.reports import time_budget
from tests.kit import temporary_files

_FOUND = segments.Detections.from_rows(
    [
        ("a", "Jump", 4.0, 5.5, 0.9),
        ("a", "Jump", 1.0, 1.5, 0.8),
        ("b, c", "Dive", 0.1, 0.3, 0.7),
        ("b, c", "Dive", 0.4, 0.5, 0.7),
    ],
    classes=("Dive", "Jump", "Run <fast>"),
    videos=["a", "b, c", "none"],
)


class SummaryTest(absltest.TestCase):
    def test_has_a_row_for_each_video_and_class(self):
        lines = time_budget.text(_FOUND).strip().split("\n")
        self.assertEqual(
            lines,
            [
                "video,class,count,total_seconds,mean_seconds,first_seconds,"
                "last_seconds",
                "a,Dive,0,0.0,,,",
                "a,Jump,2,2.0,1.0,1.0,5.5",
                "a,Run <fast>,0,0.0,,,",
                '"b, c",Dive,2,0.3,0.15,0.1,0.5',
                '"b, c",Jump,0,0.0,,,',
                '"b, c",Run <fast>,0,0.0,,,',
                *(f"none,{name},0,0.0,,," for name in _FOUND.classes),
            ],
        )


class EthogramTest(absltest.TestCase):
    def _titled(self, text):
        """{title: (x, y, width)} of the segments."""
        root = xml.etree.ElementTree.fromstring(text)
        return {
            box[0].text: tuple(float(box.get(x)) for x in ("x", "y", "width"))
            for box in root
            if len(box)
        }

    def test_has_one_scale_and_a_lane_for_each_class_found(self):
        text = ethogram.svg(_FOUND, {"a": 10.0, "none": 8.0})
        boxes = self._titled(text)
        self.assertLen(boxes, 4)
        # 1000 pixels for ten seconds, right of the names.
        x, y, width = boxes["Jump, 4.00 to 5.50 s"]
        self.assertEqual((x, width), (180 + 400, 150))
        other = boxes["Jump, 1.00 to 1.50 s"]
        self.assertEqual(other, (180 + 100, y, 50))
        dive = boxes["Dive, 0.10 to 0.30 s"]
        self.assertEqual((dive[0], dive[2]), (180 + 10, 20))
        self.assertNotIn("Run", text)
        self.assertIn(">none</text>", text)

    def test_nothing_found_is_a_picture_too(self):
        none = _FOUND.take(_FOUND.score > 1)
        self.assertEmpty(self._titled(ethogram.svg(none)))


class OverviewsTest(temporary_files.TestCase):
    def test_only_what_is_wanted_stays(self):
        names = overviews.write(self.folder, _FOUND, ["summary", "ethogram"])
        self.assertEqual(names, ("summary.csv", "ethogram.svg"))
        self.assertEqual(overviews.write(self.folder, _FOUND, []), ())
        self.assertEmpty(list(self.folder.iterdir()))


if __name__ == "__main__":
    absltest.main()
