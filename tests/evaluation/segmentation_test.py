"""Segmentation through the command, from every kind of file."""

import csv
import json

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.evaluation import segmentation
from fsn_tf.grouping import frame_scores
from tests.kit import running
from tests.kit import shared_data
from tests.kit import temporary_files

TRUE = {"a": ["cut", "cut", "idle", "mix"], "b": ["mix", "mix"]}
# Three of four frames right in a, all in b.
FOUND = {"a": ["cut", "cut", "mix", "mix"], "b": ["mix", "mix"]}
CLASSES = ("cut", "idle", "mix")


class MetricsTest(absltest.TestCase):
    def test_come_back_from_json(self):
        metrics = segmentation.Metrics(0.5, 0.25, {0.1: 1.0, 0.25: 0.75})
        text = json.dumps(metrics.as_json())
        self.assertEqual(
            segmentation.Metrics.from_json(json.loads(text)), metrics
        )


class CommandTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out"
        for folder, labels in (("true", TRUE), ("found", FOUND)):
            for video, names in labels.items():
                self.write(f"{folder}/{video}.txt", "\n".join(names) + "\n")

    def _run(self, *arguments, annotations="true"):
        return running.fsn(
            "evaluate",
            "--protocol=segmentation",
            f"--annotations={self.folder / annotations}",
            f"--out={self.out}",
            *arguments,
        )

    def _predicted(self, name="found"):
        return f"--predicted_labels={self.folder / name}"

    def _results(self):
        return json.loads((self.out / "results.json").read_text())

    def test_reads_folders_of_text(self):
        status, out, _ = self._run(self._predicted(), "--background=idle")
        self.assertEqual(status, 0)
        results = self._results()
        self.assertEqual(results["accuracy"], (3 / 4 + 1) / 2)
        self.assertEqual(results["micro_accuracy"], 5 / 6)
        self.assertEqual(results["edit"], 1)
        # The second mix of a overlaps the true one by half.
        self.assertEqual(results["f1"], {"10": 1, "25": 1, "50": 1})
        self.assertEqual(results["video_names"], ["a", "b"])
        self.assertEqual(results["options"]["background"], "idle")
        self.assertLen(results["sha256"], 2)
        self.assertIn("protocol segmentation, 2 videos, 6 frames", out)
        table = (self.out / "per_video.csv").read_text()
        rows = list(csv.DictReader(table.splitlines()))
        self.assertEqual([float(x["accuracy"]) for x in rows], [0.75, 1])
        self.assertIn("87.5", (self.out / "report.md").read_text())
        self.assertLen(list(self.out.iterdir()), 3)

    @parameterized.parameters("pred", "scores")
    def test_reads_joined_videos(self, kind):
        joined = {
            name: np.array(
                [CLASSES.index(x) for names in labels.values() for x in names]
            )
            for name, labels in (("label", TRUE), ("pred", FOUND))
        }
        if kind == "scores":
            joined["scores"] = np.eye(3, dtype="f4")[joined.pop("pred")]
        np.savez(self.folder / "both.npz", length=[4, 2], **joined)
        self._run(self._predicted(), "--background=idle")
        from_text = self._results()
        self._run(
            self._predicted("both.npz"),
            "--background=1",
            annotations="both.npz",
        )
        from_archive = self._results()
        self.assertEqual(from_archive["video_names"], ["1", "2"])
        for name in ("accuracy", "edit", "f1", "micro_f1"):
            self.assertEqual(from_archive[name], from_text[name])

    def test_takes_the_most_probable_class_of_scores(self):
        for video, names in {**FOUND, "c": ["cut"]}.items():
            values = np.full((len(names), 3), 0.1, "f4")
            places = [CLASSES.index(name) for name in names]
            values[np.arange(len(names)), places] = 0.8
            frame_scores.write(
                self.folder / "scores", video, values, fps=25, classes=CLASSES
            )
        status, out, _ = self._run(f"--scores={self.folder / 'scores'}")
        self.assertEqual(status, 0)
        self.assertEqual(self._results()["accuracy"], 7 / 8)
        self.assertIn("note: 1 predicted videos left out", out)

    @parameterized.parameters(
        ([], "one of --scores and --predicted_labels", 2),
        (["PRED", "--tiou=0.5"], "--tiou has no meaning", 2),
        (["PRED", "--detections=x"], "--detections has no meaning", 2),
        (["PRED", "--background=7"], "background '7': expected one of 3", 1),
        (["PRED", "--background=²"], "background '²': expected one of 3", 1),
        (["--predicted_labels=no.txt"], "expected a folder of VIDEO.txt", 1),
        (["--predicted_labels=no.npz"], "no.npz", 1),
    )
    def test_refuses_flags_that_make_no_sense(self, arguments, message, code):
        arguments = [x.replace("PRED", self._predicted()) for x in arguments]
        self._fails(self._run(*arguments), message, code)

    def _fails(self, outcome, message, code=1):
        status, _, err = outcome
        self.assertEqual(status, code)
        self.assertIn(message, err)
        self.assertEqual(err.count("\n"), 1, msg=err)
        self.assertFalse(self.out.exists())

    @parameterized.parameters(
        (
            "b.txt",
            None,
            "1 of 2 annotated videos have no prediction, such as b",
        ),
        ("b.txt", "mix\n", "b: 2 frames are annotated, 1 predicted"),
        ("b.txt", "mix\n\nmix\n", "b.txt:2: expected a frame's class to be"),
        ("b.txt", "", "b.txt: no frame in it"),
        ("b.txt", b"mix\0", "b.txt:1: not UTF-8"),
    )
    def test_names_broken_text(self, name, content, message):
        if content is None:
            (self.folder / "found" / name).unlink()
        else:
            self.write(f"found/{name}", content)
        self._fails(self._run(self._predicted()), message)

    @parameterized.parameters(
        ({"length": None}, "no 'length' among its arrays"),
        ({"pred": None}, "no 'scores' among its arrays"),
        ({"length": [4, 1]}, "videos of 5 frames"),
        ({"length": [6, 0]}, "videos of 6 frames (`length`, each 1 or more)"),
        ({"pred": [0, 0, 1, -2, 2, 2]}, "frame 3: expected a class from 0"),
        ({"classes": ["cut", "mix"]}, "frame 3: expected a class from 0 to 1"),
        ({"pred": [0.5] * 6}, "pred must be a list of whole numbers"),
        ({"video": ["a", "a"]}, "2 different names of videos"),
        (
            {"pred": None, "scores": [[0.1, np.nan]] * 6},
            "frame 0: expected finite scores, got [0.1, nan]",
        ),
        ({"pred": np.array([None] * 6)}, "not a whole file of frame labels"),
    )
    def test_names_broken_archives(self, change, message):
        whole = {"length": [4, 2], "pred": [0, 0, 1, 2, 2, 2]} | change
        whole = {
            key: value for key, value in whole.items() if value is not None
        }
        np.savez(self.folder / "bad.npz", **whole)
        self._fails(self._run(self._predicted("bad.npz")), message)

    def test_needs_a_class_in_common(self):
        self.write("found/a.txt", "1\n" * 4)
        self.write("found/b.txt", "1\n" * 2)
        self._fails(self._run(self._predicted()), "share no class: cut, ...")

    def test_gives_the_figures_of_ed_tcn(self):
        path = shared_data.path("frame_scores/50salads_mid_edtcn.npz")
        status, out, _ = self._run(
            f"--predicted_labels={path}",
            f"--annotations={path}",
            "--background=0",
        )
        self.assertEqual(status, 0)
        line = next(x for x in out.splitlines() if x.startswith("mean over"))
        figures = "64.7 59.8 68.0 63.9 52.6".split()
        self.assertEqual(line.split()[-5:], figures)


if __name__ == "__main__":
    absltest.main()
