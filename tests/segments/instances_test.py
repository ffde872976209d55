"""Ground truth made by hand."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf import segments

_ROWS = [
    ("w", "Jump", 1, 2),
    ("v", "Ambiguous", 0, 9),
    ("v", "Dive", 3, 3),
    ("w", "Dive", 0, 1),
]


class AnnotationsTest(parameterized.TestCase):
    def test_is_made_of_rows(self):
        truth = segments.Annotations.from_rows(
            _ROWS, videos=["u"], durations_seconds={"w": 5}
        )
        self.assertEqual(truth.classes, ("Dive", "Jump"))
        self.assertEqual(truth.videos, ("u", "v", "w"))
        labels = [one.label for one in truth.instances]
        self.assertEqual(labels, ["Jump", "Dive", "Dive"])
        self.assertEqual(
            truth.ambiguous, (segments.Instance("v", "Ambiguous", 0, 9),)
        )
        self.assertEqual(truth.class_index["Jump"], 1)

    def test_keeps_the_classes_it_is_given(self):
        truth = segments.Annotations.from_rows(
            _ROWS, classes=["Jump", "Run", "Dive"]
        )
        self.assertEqual(truth.class_index, {"Jump": 0, "Run": 1, "Dive": 2})

    def test_takes_lists(self):
        one = segments.Instance("v", "Dive", 1, 2)
        truth = segments.Annotations(["Dive"], ["v"], [one])
        self.assertEqual(truth, segments.Annotations(("Dive",), ("v",), (one,)))

    def test_gives_what_is_in_one_video(self):
        truth = segments.Annotations.from_rows(
            _ROWS, videos=["u"], durations_seconds={"w": 5, "v": 9}
        )
        mine = truth.of_video("v")
        self.assertEqual(mine.videos, ("v",))
        self.assertEqual(mine.classes, truth.classes)
        self.assertEqual([x.label for x in mine.instances], ["Dive"])
        self.assertLen(mine.ambiguous, 1)
        self.assertEqual(mine.durations_seconds, {"v": 9})
        self.assertEqual(truth.of_video("u").instances, ())
        with self.assertRaisesRegex(errors.InputError, "u, v, w.*got 'x'"):
            truth.of_video("x")

    @parameterized.parameters(
        (("v", "Run", 1, 2), "row 1: expected a label of 2 .*, got 'Run'"),
        (("v", "Dive", 2, 1), r"row 1: .* not before the start, got \(2, 1\)"),
        (("v", "Dive", 0, np.nan), "row 1: expected finite seconds"),
        (("v", "Dive", 0, "1"), "row 1: expected finite seconds"),
        (("v", "Dive", 1), "row 1: expected .video, label, start_seconds"),
    )
    def test_says_which_row_is_wrong(self, row, message):
        with self.assertRaisesRegex(errors.InputError, message):
            segments.Annotations.from_rows(
                [_ROWS[0], row], classes=["Dive", "Jump"]
            )

    def test_refuses_instances_of_videos_that_are_not_named(self):
        one = segments.Instance("x", "Dive", 1, 2)
        with self.assertRaisesRegex(errors.InputError, "a video of 1 .v., got"):
            segments.Annotations(("Dive",), ("v",), (one,))
        with self.assertRaisesRegex(errors.InputError, "expected an Instance"):
            segments.Annotations(("Dive",), ("v",), (("v", "Dive", 1, 2),))


class NamedAsTest(absltest.TestCase):
    def test_calls_videos_as_their_files_are_called(self):
        truth = segments.Annotations.from_rows(
            [("b", "Dive", 1, 2), ("a", "Ambiguous", 3, 4)],
            videos=["c"],
            durations_seconds={"b": 9},
        )
        named = truth.named_as(["v_b", "a", "x"])
        expected = segments.Annotations.from_rows(
            [("v_b", "Dive", 1, 2), ("a", "Ambiguous", 3, 4)],
            videos=["c"],
            durations_seconds={"v_b": 9},
        )
        self.assertEqual(named, expected)

    def test_makes_no_two_videos_one(self):
        truth = segments.Annotations.from_rows(
            [("b", "Dive", 1, 2), ("v_b", "Dive", 3, 4)]
        )
        self.assertEqual(truth.named_as(["v_b"]), truth)


if __name__ == "__main__":
    absltest.main()
