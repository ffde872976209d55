"""From files to results, on cases small enough to check by hand."""

import csv
import json

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

import fsn_tf
from fsn_tf import errors
from fsn_tf import evaluation
from fsn_tf import segments
from fsn_tf.grouping import frame_scores as score_files
from fsn_tf.reports import published
from fsn_tf.reports import report
from tests.kit import running
from tests.kit import shared_data
from tests.kit import temporary_files

CLASSES = ("Dive", "Jump")
# Two seconds of Jump in video a; nothing but an ambiguous moment in b.
TRUTH = segments.Annotations.from_rows(
    [("a", "Jump", 1.0, 3.0), ("b", segments.AMBIGUOUS, 0.0, 1.0)],
    classes=CLASSES,
)


def frame_scores(num_frames, first, stop, fps=5.0):
    """Scores that are sure of Jump in frames first..stop-1."""
    values = np.full((num_frames, 3), 0.05, "f4")
    values[first:stop, 1] = 0.85
    return score_files.FrameScores(
        values, fps, (*CLASSES, score_files.BACKGROUND)
    )


class EvaluateScoresTest(parameterized.TestCase):
    def test_finds_a_sure_action(self):
        # Frame labels at 5 fps: r(5) = 5 to r(15) = 15, counted from 1.
        found = {"a": frame_scores(25, 4, 15), "b": frame_scores(10, 0, 0)}

        result = evaluation.evaluate(found, TRUTH, tious=[0.3, 0.5])

        self.assertEqual(result.frame_ap, {"Dive": None, "Jump": 1.0})
        self.assertEqual(result.frame_map, 1.0)
        self.assertEqual(result.segment_map, {0.3: 1.0, 0.5: 1.0})
        self.assertEqual(result.segment_ap[0.5]["Dive"], None)
        self.assertEqual(result.videos, ("a", "b"))
        self.assertEqual(result.instances_per_class, {"Dive": 0, "Jump": 1})
        self.assertEqual(result.detections_tiou, 0.5)
        detections = result.detections
        # Whole videos come from threshold 0; that of Jump in a goes, as its
        # tIoU with frames 4..14 is 2.2 / 5, over 0.4.
        rows = zip(
            (detections.videos[video] for video in detections.video),
            (CLASSES[label] for label in detections.label),
            detections.start_seconds,
            detections.end_seconds,
            detections.score.round(6),
            strict=True,
        )
        self.assertCountEqual(
            rows,
            [
                ("a", "Dive", 0.0, 5.0, 0.05),
                ("a", "Jump", 0.8, 3.0, 0.85),
                ("b", "Dive", 0.0, 2.0, 0.05),
                ("b", "Jump", 0.0, 2.0, 0.05),
            ],
        )

    def test_names_annotated_videos_without_scores(self):
        with self.assertRaisesRegex(
            errors.InputError, "1 of 2 annotated videos have no scores: b;"
        ):
            evaluation.evaluate({"a": frame_scores(9, 0, 3)}, TRUTH)

    def test_leaves_out_videos_that_are_not_annotated(self):
        found = {"a": frame_scores(25, 4, 15), "b": frame_scores(10, 0, 0)}
        alone = evaluation.evaluate(found, TRUTH).as_json()
        more = evaluation.evaluate(
            {"c": frame_scores(50, 7, 40), **found}, TRUTH
        ).as_json()
        note = "1 scored videos left out, as they are not annotated: c"
        self.assertEqual(more.pop("notes"), [note])
        self.assertEqual(alone.pop("notes"), [])
        self.assertEqual(more, alone)

    def test_refuses_scores_of_other_classes(self):
        other = score_files.FrameScores(np.ones((5, 1), "f4"), 5.0, ("Run",))
        with self.assertRaisesRegex(errors.InputError, "a: its scores"):
            evaluation.evaluate({"a": other, "b": other}, TRUTH)

    def test_smooths_scores_before_anything_else(self):
        # The peak grows from frames 6..12 to 4..14, the whole of Jump.
        found = {"a": frame_scores(25, 6, 13), "b": frame_scores(10, 0, 0)}
        plain = evaluation.evaluate(found, TRUTH, tious=[0.8])
        smooth = evaluation.evaluate(
            found, TRUTH, tious=[0.8], smoothing="max5"
        )
        self.assertEqual(plain.segment_map, {0.8: 0.0})
        self.assertEqual(smooth.segment_map, {0.8: 1.0})
        self.assertLess(plain.frame_map, 1)
        self.assertEqual(smooth.frame_map, 1)

    def test_takes_cliff_diving_for_diving_on_request(self):
        classes = ("CliffDiving", "Diving")
        truth = segments.Annotations.from_rows(
            [("a", label, 1.0, 3.0) for label in classes]
        )
        values = np.full((25, 2), 0.05, "f4")
        values[4:15, 0] = 0.85
        found = {"a": score_files.FrameScores(values, 5.0, classes)}
        for copied, diving in ((False, 0.0), (True, 1.0)):
            result = evaluation.evaluate(
                found, truth, tious=[0.5], copy_cliff_diving=copied
            )
            self.assertEqual(result.segment_ap[0.5]["Diving"], diving)
            self.assertEqual(result.frame_ap["Diving"] == 1, copied)
            self.assertEqual(result.options["copy_cliff_diving"], copied)

    def test_suppresses_once_per_tiou(self):
        found = segments.Detections.from_rows(
            [("a", "Jump", 1, 3, 0.9), ("a", "Jump", 1, 4.2, 0.5)],
            classes=CLASSES,
        )
        # tIoU 2 / 3.2 = 0.625: out at 0.5 and 0.7, in at 0.8.
        for tiou, count in ((0.5, 1), (0.7, 1), (0.8, 2), (0.0, 1)):
            result = evaluation.evaluate(found, TRUTH, tious=[tiou])
            self.assertLen(result.detections, count, msg=tiou)


class CommandTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.annotations = self.write(
            "truth.csv", "video,start,end,label\na,1.0,3.0,Jump\na,4,5,Dive\n"
        )
        for stream in ("rgb", "flow"):
            one = frame_scores(25, 4, 15)
            score_files.write(
                self.folder / stream,
                "a",
                one.scores,
                fps=one.fps,
                classes=one.classes,
            )
        self.rgb, self.flow = self.folder / "rgb", self.folder / "flow"
        self.out = self.folder / "out"

    def _run(self, *arguments):
        """(exit status, stdout, stderr) of fsn evaluate."""
        paths = f"--annotations={self.annotations}", f"--out={self.out}"
        return running.fsn("evaluate", *paths, *arguments)

    def test_writes_all_results(self):
        status, out, _ = self._run(
            f"--scores={self.rgb},{self.flow}", "--fusion_weights=1,2"
        )

        self.assertEqual(status, 0)
        results = json.loads((self.out / "results.json").read_text())
        self.assertEqual(results["protocol"], "thumos14")
        self.assertEqual(results["segment_ap"]["0.5"]["Jump"], 1.0)
        self.assertEqual(results["segment_ap"]["0.5"]["Dive"], 0.0)
        self.assertLen(results["segment_map"], 7)
        self.assertEqual(results["options"]["fusion_weights"], [1, 2])
        # The whole video overlaps Dive by 1 / 5, so at 0.1 both are found.
        self.assertAlmostEqual(results["average_map"], (1 + 6 / 2) / 7)
        self.assertIn("here", out)
        self.assertRegex(out, r"(?m)^Dive +1 +")
        self.assertIn("paper (THUMOS'14), FSN RGB", out)
        markdown = (self.out / "report.md").read_text()
        self.assertIn("| Jump | 1 | 100.0 |", markdown)
        table = (self.out / "per_class.csv").read_text()
        rows = list(csv.DictReader(table.splitlines()))
        self.assertEqual(rows[1]["class"], "Jump")
        self.assertEqual(float(rows[1]["ap@0.5"]), 1.0)
        self.assertLen(list(self.out.iterdir()), 7)

    def test_says_what_scored_the_frames(self):
        origin = {"network": "fsn", "stream": "flow", "flow": "dis"}
        origin["inference"] = "windows"
        self.write("flow/origin.json", json.dumps(origin))

        _, out, _ = self._run(f"--scores={self.rgb},{self.flow}")

        results = json.loads((self.out / "results.json").read_text())
        # Nobody noted what made the scores of rgb.
        self.assertEqual(results["origins"], {str(self.flow): origin})
        line = f"{self.flow}: fsn on flow by dis, inference windows"
        self.assertIn(f"\n{line}\n", out)
        self.assertIn(f"\n- {line}\n", (self.out / "report.md").read_text())

    def test_names_a_damaged_note_of_the_origin(self):
        self.write("flow/origin.json", '{"network": "fs')
        status, _, lines = self._run(f"--scores={self.flow}")
        self.assertEqual(status, 1)
        self.assertIn("origin.json: is not a JSON object", lines)
        self.assertFalse(self.out.exists())

    def test_evaluates_the_detections_it_wrote(self):
        self._run(f"--scores={self.rgb}", "--tiou=0.5")
        first = json.loads((self.out / "results.json").read_text())
        status, _, _ = self._run(
            f"--detections={self.out / 'detections.json'}",
            "--nms=false",
            "--tiou=0.5",
        )
        self.assertEqual(status, 0)
        again = json.loads((self.out / "results.json").read_text())
        self.assertEqual(again["segment_ap"], first["segment_ap"])
        self.assertIsNone(again["frame_map"])
        self.assertEqual(again["options"]["nms"], False)

    @parameterized.parameters(
        ([], "one of --scores and --detections"),
        (["--scores=RGB", "--detections=x"], "one of --scores"),
        (["--scores=RGB", "--fusion_weights=1,2"], "as many"),
        (["--scores=RGB", "--fusion_weights=0"], "not all 0"),
        (["--scores=RGB", "--fusion_weights=-1"], "numbers from 0"),
        (["--scores=RGB", "--tiou=half"], "--tiou=half: expected numbers"),
        (["--scores=RGB", "--tiou=0.5,50"], "from 0 to 1"),
        (["--scores=RGB", "--tiou="], "--tiou=: expected"),
        (["--scores=RGB", "--protocol=voc"], "--protocol"),
        (["--scores=RGB", "--subset=validation"], "subset"),
        (["--detections=x", "--confidence=max"], "--confidence needs"),
        (["--detections=x", "--smoothing=max5"], "--smoothing needs"),
        (["--scores=RGB", "--test_videos=200"], "--test_videos"),
    )
    def test_refuses_flags_that_make_no_sense(self, arguments, message):
        arguments = [one.replace("RGB", str(self.rgb)) for one in arguments]
        status, _, err = self._run(*arguments)
        self.assertEqual(status, 2)
        self._is_one_line(err, message)

    @parameterized.parameters(
        (["--scores=nowhere"], "nowhere: no such folder"),
        (["--detections=nowhere.txt"], "nowhere.txt"),
        (["--scores=BAD"], "a.npz"),
        (["--scores=RGB", "--copy_cliff_diving"], "no CliffDiving among"),
        (["--scores=RGB", "--test_videos=212"], "0001292 is not annotated"),
    )
    def test_names_bad_input(self, arguments, message):
        self.write("bad/a.npz", "cut in half")
        places = {"BAD": str(self.folder / "bad"), "RGB": str(self.rgb)}
        for name, place in places.items():
            arguments = [x.replace(name, place) for x in arguments]
        status, _, err = self._run(*arguments)
        self.assertEqual(status, 1)
        self._is_one_line(err, message)

    def _is_one_line(self, err, message):
        self.assertIn(message, err)
        self.assertEqual(err.count("\n"), 1, msg=err)
        self.assertFalse(self.out.exists())

    def test_says_what_it_was_made_from(self):
        arguments = f"--scores={self.rgb},{self.flow}", "--smoothing=max5"
        self._run(*arguments)
        first = json.loads((self.out / "results.json").read_text())
        self.assertEqual(first["video_names"], ["a"])
        self.assertEqual(first["fsn_tf_version"], fsn_tf.__version__)
        paths = self.rgb, self.flow, self.annotations
        self.assertCountEqual(first["sha256"], map(str, paths))
        self.assertEqual(first["options"]["smoothing"], "max5")
        self.assertEqual(first["options"]["copy_cliff_diving"], False)
        self.assertEqual(first["options"]["test_videos"], 213)

        self.write("truth.csv", "a,1.0,3.0,Jump\na,4,5.5,Dive\n")
        self._run(*arguments)

        again = json.loads((self.out / "results.json").read_text())
        changed = [
            path
            for path, sha256 in first["sha256"].items()
            if again["sha256"][path] != sha256
        ]
        self.assertEqual(changed, [str(self.annotations)])
        self.assertNotEqual(
            first["ground_truth_sha256"], again["ground_truth_sha256"]
        )

    def test_gives_the_published_figures(self):
        folder = shared_data.path("thumos14")
        status, out, _ = self._run(
            f"--annotations={folder / 'annotation_test'}",
            f"--detections={folder / 'detections/scnn_c3d_iou0.5.txt'}",
            "--nms=false",
            "--tiou=0.5",
        )
        self.assertEqual(status, 0)
        self.assertIn("213 videos, 3358 instances, no NMS", out)
        self.assertIn("19.0", out)


class ReportTest(absltest.TestCase):
    def test_repeats_the_paper(self):
        # Section 4.2 and 4.4 name these figures in the text as well.
        tables = {number: one.rows for number, one in published.TABLES.items()}
        self.assertEqual(
            tables[1]["FSN RGB"] + tables[2]["FSN RGB"], tables[4]["RGB FSN"]
        )
        self.assertEqual(tables[2]["FSN"][2], 32.1)
        self.assertEqual(tables[4]["RGB FSN w/o temporal CNN"][0], 42.5)
        self.assertEqual(tables[5]["RGB WFSN w GMP"][4], 11.6)
        for table in published.TABLES.values():
            for figures in table.rows.values():
                self.assertLen(figures, len(table.columns))

    def test_aligns_a_table(self):
        rows = [["mAP in %", "frame"], ["here", "7.0"]]
        text = "mAP in %  frame\nhere        7.0"
        self.assertEqual(report.text_table(rows), text)
        markdown = "| mAP in % | frame |\n| --- | ---: |\n| here | 7.0 |"
        self.assertEqual(report.markdown_table(rows), markdown)


if __name__ == "__main__":
    absltest.main()
