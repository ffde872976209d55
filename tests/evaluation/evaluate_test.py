"""What a notebook calls: one function, with one line for each mistake."""

import dataclasses
import doctest
import json
import subprocess
import sys

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf import evaluation
from fsn_tf import segments
from fsn_tf.grouping import frame_scores
from fsn_tf.reports import result_files
from tests.kit import running
from tests.kit import temporary_files

TRUTH = segments.Annotations(
    ("Jump",), ("a",), (segments.Instance("a", "Jump", 1.0, 3.0),)
)
FOUND = segments.Detections(
    ("Jump",),
    ("a",),
    np.array([0]),
    np.array([0]),
    np.array([1.0]),
    np.array([2.5]),
    np.array([0.9]),
)


class EvaluateTest(temporary_files.TestCase):
    def test_runs_its_example(self):
        done = doctest.testmod(evaluation, raise_on_error=True)
        self.assertGreater(done.attempted, 4)

    def test_takes_the_settings_by_name(self):
        chosen = {"protocol": "activitynet", "tious": [0.75], "nms": False}
        result = evaluation.evaluate(FOUND, TRUTH, **chosen)
        self.assertEqual(result.protocol, "activitynet")
        # 1.5 of 2 seconds reaches it, but does not exceed it.
        self.assertEqual(result.segment_map, {0.75: 1.0})
        self.assertFalse(result.options["nms"])

    def test_finds_the_scores_of_a_video_by_the_name_of_its_file(self):
        scores = np.zeros((100, 1), np.float32)
        scores[25:75] = 0.9
        one = frame_scores.FrameScores(scores, 25.0, ("Jump",))
        result = evaluation.evaluate({"v_a": one, "v_b": one}, TRUTH)
        self.assertEqual(result.videos, ("a",))
        self.assertEqual(result.segment_map[0.5], 1.0)
        self.assertIn("1 scored videos left out", result.notes[0])

    @parameterized.product(
        protocol=("thumos14", "thumos14-2014", "activitynet"), is_quiet=(0, 1)
    )
    def test_counts_what_is_found_where_there_is_no_action(
        self, protocol, is_quiet
    ):
        truth = dataclasses.replace(
            TRUTH, videos=("a", "quiet")[: 1 + is_quiet]
        )
        rows = [("quiet", "Jump", 0, 2, 0.95), *FOUND.rows()]
        found = segments.Detections.from_rows(rows, classes=["Jump"])
        result = evaluation.evaluate(
            found, truth, protocol=protocol, tious=[0.5]
        )
        # Right at rank 2 of 2, or, where the other video does not count, 1.
        self.assertEqual(result.segment_map[0.5], 0.5 if is_quiet else 1.0)

    def test_frames_of_a_video_without_action_are_ranked(self):
        classes = ("Jump", frame_scores.BACKGROUND)
        values = {"a": [0.1, 0.9, 0.8, 0.2], "quiet": [0.95, 0.85, 0.1, 0.1]}
        scores = {
            video: frame_scores.FrameScores(
                np.stack([x, 1 - np.array(x)], axis=1), 1.0, classes
            )
            for video, x in values.items()
        }
        # Frames 2 and 3, counted from 1, are positive.
        rows = [("a", "Jump", 2.0, 3.0)]
        truth = segments.Annotations.from_rows(rows, videos=["quiet"])
        result = evaluation.evaluate(scores, truth)
        # Ranked quiet 0.95, a 0.9, quiet 0.85, a 0.8.
        self.assertAlmostEqual(result.frame_map, (1 / 2 + 2 / 4) / 2)
        alone = evaluation.evaluate(scores, truth.of_videos(["a"]))
        self.assertEqual(alone.frame_map, 1.0)

    def test_truth_without_any_action_has_no_map(self):
        path = self.write("truth.csv", "quiet\n")
        values = np.full((20, 2), 0.5, np.float32)
        frame_scores.write(
            self.folder / "scores",
            "quiet",
            values,
            fps=5.0,
            classes=("Jump", frame_scores.BACKGROUND),
        )
        status, out, err = running.fsn(
            "evaluate",
            f"--scores={self.folder / 'scores'}",
            f"--annotations={path}",
            f"--out={self.folder / 'out'}",
        )
        self.assertEqual((status, err), (0, ""))
        self.assertIn("1 videos, 0 instances", out)
        results = json.loads((self.folder / "out/results.json").read_text())
        self.assertIsNone(results["frame_map"])
        self.assertIsNone(results["average_map"])
        self.assertGreater(results["detections"], 0)

    def test_takes_an_array_of_tious(self):
        result = evaluation.evaluate(FOUND, TRUTH, tious=np.array([0.25, 0.5]))
        self.assertEqual(result.options["tiou"], [0.25, 0.5])
        self.assertEqual(result.segment_map, {0.25: 1.0, 0.5: 1.0})

    @parameterized.parameters(
        (
            {"tiou": [0.5]},
            "no setting 'tiou': expected some of protocol, tious",
        ),
        ({"protocol": "voc"}, "protocol 'voc': expected one of thumos14, "),
        ({"protocol": "segmentation"}, "'segmentation': expected one of"),
        ({"tious": []}, r"tious \[\]: expected numbers from 0 to 1"),
        ({"tious": [50]}, r"tious \[50\]: expected numbers from 0 to 1"),
        ({"tious": 0.5}, "tious 0.5: expected numbers from 0 to 1"),
        ({"tious": ["x"]}, "expected numbers from 0 to 1"),
        ({"thresholds": [float("nan")]}, "thresholds .nan.: expected numbers"),
        ({"confidence": "sum"}, "confidence 'sum': expected one of mean, max"),
        ({"smoothing": "max3"}, "smoothing 'max3': expected one of none, max5"),
    )
    def test_names_a_setting_that_makes_no_sense(self, given, message):
        with self.assertRaisesRegex(errors.InputError, message) as caught:
            evaluation.evaluate(FOUND, TRUTH, **given)
        self.assertNotIn("\n", str(caught.exception))

    @parameterized.parameters(
        (
            dataclasses.replace(FOUND, classes=("Run",)),
            r"\[.Run.\] against \[.Jump.\]",
        ),
        ({}, "1 of 1 annotated videos have no scores: a"),
        ([("a", "Jump", 1.0, 2.5, 0.9)], "expected Detections or .* got list"),
        ({"a": np.ones((5, 1))}, "a: expected FrameScores, got ndarray"),
    )
    def test_names_what_cannot_be_evaluated(self, found, message):
        with self.assertRaisesRegex(errors.InputError, message) as caught:
            evaluation.evaluate(found, TRUTH)
        self.assertNotIn("\n", str(caught.exception))

    def test_gives_what_the_command_gives(self):
        truth = self.write("truth.csv", "a,1.0,3.0,Jump\n")
        found = self.write("found.csv", "a,1.0,2.5,Jump,0.9\n")
        status, _, err = running.fsn(
            "evaluate",
            f"--annotations={truth}",
            f"--detections={found}",
            f"--out={self.folder / 'theirs'}",
        )
        self.assertEqual(status, 0, err)
        result_files.write(
            self.folder / "ours", evaluation.evaluate(FOUND, TRUTH)
        )
        for name in ("detections.json", "per_class.csv", "diagnosis.json"):
            ours, theirs = (
                (self.folder / folder / name).read_bytes()
                for folder in ("ours", "theirs")
            )
            self.assertEqual(ours, theirs, name)

    def test_costs_nothing_until_it_is_called(self):
        check = (
            "import sys, fsn_tf.evaluation\n"
            "sys.exit('fsn_tf.evaluation.detection' in sys.modules)"
        )
        done = subprocess.run([sys.executable, "-c", check])
        self.assertEqual(done.returncode, 0)


if __name__ == "__main__":
    absltest.main()
