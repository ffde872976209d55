"""Tables of detections, checked by hand."""

import time

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf import segments

_ROWS = [
    ("w", "Jump", 1.0, 2.5, 0.5),
    ("v", "Dive", 3.0, 2.0, -7.0),
    ("w", "Dive", -1.0, -1.0, 0.5),
]


def _detections(**changed):
    columns = {
        "classes": ["Dive", "Jump"],
        "videos": ["w", "v"],
        "video": [0, 1, 0],
        "label": [1, 0, 0],
        "start_seconds": [1, 3, -1],
        "end_seconds": [2.5, 2, -1],
        "score": [0.5, -7, 0.5],
    }
    return segments.Detections(**{**columns, **changed})


class DetectionsTest(parameterized.TestCase):
    def test_takes_lists_and_keeps_arrays(self):
        found = _detections()
        self.assertEqual(found.videos, ("w", "v"))
        self.assertEqual(found.video.dtype, np.int64)
        self.assertEqual(found.start_seconds.dtype, np.float64)
        self.assertEqual(found.rows(), _ROWS)

    def test_rows_there_and_back(self):
        found = segments.Detections.from_rows(_ROWS, classes=("Dive", "Jump"))
        self.assertEqual(found.videos, ("w", "v"))
        self.assertEqual(found.label.tolist(), [1, 0, 0])
        self.assertEqual(found.rows(), _ROWS)
        self.assertEqual(found.class_index, {"Dive": 0, "Jump": 1})

    def test_knows_videos_without_detection(self):
        found = segments.Detections.from_rows(
            _ROWS[:1], classes=("Jump",), videos=("u", "v", "w")
        )
        self.assertEqual(found.video.tolist(), [2])
        self.assertEqual(found.of_video("v").rows(), [])
        none = segments.Detections.from_rows([], classes=("Jump",))
        self.assertEmpty(none)
        self.assertEqual(none.videos, ())

    def test_gives_those_of_one_video_in_order(self):
        found = _detections().of_video("w")
        self.assertEqual(found.rows(), [_ROWS[0], _ROWS[2]])
        with self.assertRaisesRegex(errors.InputError, "2 .w, v., got .x."):
            found.of_video("x")

    @parameterized.parameters(
        ({"classes": "Dive"}, "classes: expected a list of names, got 'Dive'"),
        ({"classes": ["a", "a"]}, "classes: expected each name once, got 'a'"),
        ({"videos": [1, 2]}, "videos: expected names, got 1"),
        ({"label": [0, 2, 0]}, "label: row 1: expected 0 or more and below 2"),
        ({"video": [0, 1, -1]}, "video: row 2: expected 0 .* 2, got -1"),
        ({"label": [0, 1, 0.5]}, "label: row 2: expected whole numbers"),
        ({"label": np.zeros(3)}, "label: row 0: expected whole numbers"),
        ({"label": [True, False, True]}, "label: row 0: expected whole"),
        ({"score": [1, np.nan, 0]}, "score: row 1: expected a finite .* nan"),
        ({"score": [1, 0, "x"]}, "score: row 2: expected numbers"),
        ({"score": [1, None, 2]}, "score: row 1: expected numbers, got None"),
        ({"score": 1.0}, "score: expected a list of numbers, got 1.0"),
        ({"score": [[1, 2, 3]]}, r"score: .* numbers, got shape \(1, 3\)"),
        ({"score": [1, 2]}, "expected columns of one length, .* score 2"),
    )
    def test_says_in_one_line_what_is_wrong(self, changed, message):
        with self.assertRaisesRegex(errors.InputError, message) as caught:
            _detections(**changed)
        self.assertNotIn("\n", str(caught.exception))

    @parameterized.parameters(
        (
            ("v", "Run", 1, 2, 3),
            r"label: row 1: expected one of 2 \(Dive, Jump",
        ),
        (("v", "Jump", 1, 2), "row 1: expected .video, label, start_seconds"),
        ("v,Jump,1,2,3", "row 1: expected .video, label, start_seconds"),
        (("v", "Jump", 1, 2, "x"), "score: row"),
        (("v", "Jump", 1, np.inf, 3), "end_seconds: row 1: expected a finite"),
        ((7, "Jump", 1, 2, 3), "videos: expected names, got 7"),
    )
    def test_says_which_row_is_wrong(self, row, message):
        with self.assertRaisesRegex(errors.InputError, message):
            segments.Detections.from_rows(
                [_ROWS[0], row], classes=["Dive", "Jump"]
            )

    def test_checks_a_million_rows_in_no_time(self):
        million = np.arange(1_000_000)
        table = dict.fromkeys(("start_seconds", "end_seconds", "score"))
        table = dict.fromkeys(table, million / 7)
        table |= {"video": million % 2, "label": million % 2}
        started = time.process_time()
        found = _detections(**table)
        self.assertLess(time.process_time() - started, 0.5)
        # What fits is not copied.
        self.assertIs(found.score, table["score"])

    def test_take_keeps_columns_together(self):
        detections = segments.Detections(
            classes=("Dive",),
            videos=("v", "w"),
            video=np.array([0, 1, 1]),
            label=np.zeros(3, int),
            start_seconds=np.array([1.0, 2.0, 3.0]),
            end_seconds=np.array([4.0, 5.0, 6.0]),
            score=np.array([0.1, 0.2, 0.3]),
        )
        taken = detections.take(detections.score.argsort()[::-1][:2])
        self.assertLen(taken, 2)
        self.assertEqual(taken.video.tolist(), [1, 1])
        self.assertEqual(taken.start_seconds.tolist(), [3, 2])
        self.assertEqual(taken.videos, ("v", "w"))


class JoinTest(absltest.TestCase):
    def test_knows_a_video_that_returns(self):
        def part(videos, video):
            columns = [np.arange(len(video)) + 10.0 * len(videos)] * 3
            label = np.zeros(len(video), int)
            return segments.Detections(("x",), videos, video, label, *columns)

        joined = segments.join(
            [
                part(("a",), np.array([0, 0])),
                part(("b", "a", "c"), np.array([2, 1])),
                part(("d",), np.zeros(0, int)),
            ]
        )
        self.assertEqual(joined.videos, ("a", "b", "c", "d"))
        self.assertEqual(joined.video.tolist(), [0, 0, 2, 0])
        self.assertEqual(joined.score.tolist(), [10, 11, 30, 31])


if __name__ == "__main__":
    absltest.main()
