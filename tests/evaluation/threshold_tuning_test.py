"""Thresholds chosen on examples small enough to do by hand."""

import json

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.annotations import csv_files
from fsn_tf.evaluation import detection
from fsn_tf.evaluation import segment_f1
from fsn_tf.evaluation import settings
from fsn_tf.evaluation import threshold_tuning
from fsn_tf.grouping import frame_scores
from fsn_tf.grouping import segment_lists
from fsn_tf.grouping import tidying
from tests.kit import running
from tests.kit import temporary_files

# Ten frames a second; two jumps of a second each, at 1 and 3 s.
_TRUTH = segments.Annotations.from_rows(
    [("v", "Jump", 1.0, 2.0), ("v", "Jump", 3.0, 4.0)],
    classes=("Dive", "Jump"),
)
_TIOU = (0.5,)


def _scores():
    """Jumps score 0.9 and 0.35, and 0.65 where there is none."""
    table = np.zeros((60, 2), np.float32)
    table[10:20, 1], table[30:40, 1], table[50:58, 1] = 0.9, 0.35, 0.65
    return {"v": frame_scores.FrameScores(table, 10.0, ("Dive", "Jump"))}


class CountsTest(absltest.TestCase):
    def test_say_what_there_is_not(self):
        nothing = segment_f1.Counts(0, 0, 0)
        self.assertEqual(
            (nothing.precision, nothing.recall, nothing.f1), (None,) * 3
        )
        one = segment_f1.Counts(1, 3, 2)
        self.assertEqual((one.precision, one.recall), (1 / 3, 1 / 2))
        # Of 1/3 and 1/2 the harmonic mean.
        self.assertAlmostEqual(one.f1, 2 / (3 + 2))

    def test_of_all_and_the_mean_of_the_classes(self):
        found = segment_f1.of_classes(
            {
                "a": segment_f1.Counts(1, 1, 1),
                "b": segment_f1.Counts(0, 2, 1),
                "none": segment_f1.Counts(0, 1, 0),
            },
            0.5,
        )
        self.assertEqual(found["mean_f1"], 0.5)
        self.assertEqual(found["precision"], 1 / 4)
        self.assertEqual(found["recall"], 1 / 2)


class TunedTest(parameterized.TestCase):
    @parameterized.parameters(
        # Both and the wrong one: 2 of 3 right, F1 0.8, below 0.35; above that
        # one of two, above 0.65 one of one: F1 2/3.
        ("f1", 0.17, 0.8),
        # From 0.65 to 0.89 only the first is left.
        ("precision:0.9", 0.77, 2 / 3),
        ("recall:0.9", 0.17, 0.8),
        # Above 0.65 one of two is found, and nothing wrong.
        ("recall:0.5", 0.77, 2 / 3),
        ("precision:0.6", 0.17, 0.8),
    )
    def test_reaches_what_is_asked(self, goal, threshold, f1):
        tuned = threshold_tuning.tuned(
            _scores(),
            _TRUTH,
            settings.Detection(tious=_TIOU),
            threshold_tuning.goal(goal),
        )
        self.assertEqual(tuned.of_class, {"Dive": 0.5, "Jump": threshold})
        self.assertAlmostEqual(tuned.counts["Jump"].f1, f1)
        self.assertEqual(
            tuned.notes, ("Dive: no instance to tune on, 0.5 is kept",)
        )

    def test_says_what_cannot_be_reached(self):
        truth = segments.Annotations.from_rows(
            [("v", "Jump", 5.0, 6.0), ("v", "Dive", 1.0, 2.0)]
        )
        tuned = threshold_tuning.tuned(
            _scores(),
            truth,
            settings.Detection(tious=_TIOU),
            threshold_tuning.goal("precision:0.6"),
        )
        # Between 0.35 and 0.65 one of two segments is right.
        self.assertEqual(tuned.of_class["Jump"], 0.49)
        self.assertEqual(
            tuned.notes,
            (
                "Dive: no threshold reaches precision:0.6",
                "Jump: no threshold reaches precision:0.6",
            ),
        )

    @parameterized.parameters(
        "", "f2", "f1:0.5", "precision", "recall:0", "recall:2", "precision:x"
    )
    def test_refuses_what_is_no_goal(self, text):
        with self.assertRaisesRegex(errors.InputError, "expected f1, precis"):
            threshold_tuning.goal(text)


class SameListTest(absltest.TestCase):
    def test_an_evaluation_lists_what_a_person_gets(self):
        rng = np.random.default_rng(0)
        table = rng.random((400, 2), np.float32)
        one = frame_scores.FrameScores(table, 25.0, ("Dive", "Jump"))
        rules = {"Dive": 0.4, "Jump": 0.65}
        tidied = tidying.Tidying(0.08, 0.12)
        result = detection.evaluate(
            {"v": one},
            _TRUTH,
            settings.Detection(class_thresholds=rules, tidied=tidied),
        )
        listed = segment_lists.segment_list(
            "v", one, threshold=[0.4, 0.65], tidied=tidied
        )
        self.assertNotEmpty(listed)
        self.assertEqual(result.detections.rows(), listed.rows())


class CommandTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        (one,) = _scores().values()
        frame_scores.write(
            self.folder / "scores", "v", one.scores, fps=10, classes=one.classes
        )
        csv_files.write(self.folder / "truth.csv", _TRUTH)

    def _fsn(self, *words, out="out"):
        return running.fsn(
            "evaluate",
            f"--scores={self.folder / 'scores'}",
            f"--annotations={self.folder / 'truth.csv'}",
            f"--out={self.folder / out}",
            *words,
        )

    def _results(self, out="out"):
        return json.loads((self.folder / out / "results.json").read_text())

    def test_tunes_records_and_takes_what_was_recorded(self):
        status, text, err = self._fsn("--tune_thresholds=f1", out="tuned")
        self.assertEqual(status, 0, err)
        self.assertIn("flatter", text)
        path = self.folder / "tuned" / "thresholds.json"
        self.assertEqual(
            json.loads(path.read_text())["thresholds"],
            {"Dive": 0.5, "Jump": 0.17},
        )
        status, text, err = self._fsn(
            f"--thresholds={path}", "--summary", "--ethogram"
        )
        self.assertEqual(status, 0, err)
        found = self._results()
        self.assertEqual(
            found["segment_f1"], self._results("tuned")["segment_f1"]
        )
        self.assertAlmostEqual(found["segment_f1"]["f1"], 0.8)
        self.assertEqual(found["options"]["thresholds"]["Jump"], 0.17)
        self.assertIn("ethogram.svg", text)
        # Of six seconds, as wide as the picture.
        picture = (self.folder / "out" / "ethogram.svg").read_text()
        self.assertIn('width="1000.00" height="9.00"', picture)
        summary = (self.folder / "out" / "summary.csv").read_text()
        self.assertIn("v,Jump,3,2.8,0.933333,1.0,5.8", summary)
        # What is not asked for again is not left behind.
        self.assertEqual(self._fsn("--threshold=0.8")[0], 0)
        self.assertFalse((self.folder / "out" / "summary.csv").exists())
        self.assertAlmostEqual(self._results()["segment_f1"]["f1"], 2 / 3)

    def test_tunes_by_scores_of_files_that_are_called_otherwise(self):
        name, thresholds = "abcdefghijk", []
        for video in (name, f"v_{name}"):
            folder = self.folder / video
            (one,) = _scores().values()
            frame_scores.write(
                folder, video, one.scores, fps=10, classes=one.classes
            )
            truth = segments.Annotations.from_rows(
                [
                    (name, one.label, one.start_seconds, one.end_seconds)
                    for one in _TRUTH.instances
                ],
                classes=_TRUTH.classes,
            )
            csv_files.write(self.folder / "truth.csv", truth)
            status, _, err = self._fsn(
                f"--scores={folder}", "--tune_thresholds=f1", out=video + "out"
            )
            self.assertEqual(status, 0, err)
            path = self.folder / f"{video}out" / "thresholds.json"
            thresholds.append(json.loads(path.read_text())["thresholds"])
        self.assertEqual(thresholds[0], thresholds[1])

    def test_tidies_before_it_ranks(self):
        status, _, err = self._fsn("--threshold=0.1", "--min_duration=0.9")
        self.assertEqual(status, 0, err)
        found = self._results()
        self.assertEqual(found["segment_f1"]["f1"], 1)
        self.assertEqual(found["options"]["min_duration_seconds"], 0.9)

    def test_says_nothing_of_it_where_it_is_not_asked(self):
        self.assertEqual(self._fsn()[0], 0)
        found = self._results()
        self.assertNotIn("segment_f1", found)
        self.assertEqual(
            set(found["options"]) & {"min_duration_seconds", "max_gap_seconds"},
            set(),
        )

    def test_refuses_what_does_not_fit(self):
        for words, message in (
            (("--summary",), "--summary needs --threshold"),
            (("--threshold=0.5", "--tune_thresholds=f1"), "at most one of"),
            (("--tune_thresholds=f2",), "expected f1, precision:0.9"),
            (("--tune_thresholds=f1", "--smoothing=max5"), "no --smoothing"),
            (("--min_duration=nan",), "expected a number"),
            (("--protocol=segmentation", "--max_gap=1"), "no meaning in"),
        ):
            status, _, err = self._fsn(*words)
            self.assertEqual(status, 2, words)
            self.assertIn(message, err)
            self.assertLen(err.strip().split("\n"), 1)


if __name__ == "__main__":
    absltest.main()
