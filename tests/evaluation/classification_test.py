"""Accuracy of whole videos: worked by hand, and through the command."""

import csv
import json

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.evaluation import classification
from fsn_tf.grouping import frame_scores
from tests.kit import running
from tests.kit import temporary_files


class AccuracyTest(absltest.TestCase):
    def test_counts_as_a_hand_does(self):
        values = np.array(
            [[0.7, 0.2, 0.1], [0.1, 0.2, 0.7], [0.3, 0.4, 0.3], [0.5, 0.5, 0]]
        )
        labels = np.eye(3, dtype=bool)[[0, 0, 2, 0]]
        found = classification.accuracy(values, labels, k=2)
        # The first and, by the order of the classes, the last are right.
        self.assertEqual(found.top1, 2 / 4)
        # The third's classes come in the order 1, 0, 2; the second's 2, 1, 0.
        self.assertEqual(found.topk, 2 / 4)
        np.testing.assert_array_equal(found.per_class, [2 / 3, np.nan, 0])
        self.assertAlmostEqual(found.mean_per_class, 1 / 3)
        expected = [[2, 0, 1], [0, 0, 0], [0, 1, 0]]
        np.testing.assert_array_equal(found.confusion, expected)

    def test_takes_any_of_several_labels(self):
        values = np.array([[0.1, 0.6, 0.3], [0.1, 0.6, 0.3]])
        labels = np.array([[True, True, False], [True, False, True]])
        found = classification.accuracy(values, labels)
        self.assertEqual(found.top1, 1 / 2)
        np.testing.assert_array_equal(found.per_class, [1 / 2, 1, 0])
        expected = [[1, 1, 0], [0, 1, 0], [0, 1, 0]]
        np.testing.assert_array_equal(found.confusion, expected)

    def test_has_top_k_among_more_than_k_classes_only(self):
        # The label is the class of rank `rank`.
        for rank in range(6):
            values = -np.arange(6.0)[None]
            labels = np.arange(6)[None] == rank
            found = classification.accuracy(values, labels)
            self.assertEqual(found.topk, float(rank < 5))
        few = classification.accuracy(values[:, :5], labels[:, :5])
        self.assertIsNone(few.topk)

    def test_does_not_depend_on_the_order_of_the_videos(self):
        rng = np.random.default_rng(0)
        values = rng.random((50, 7))
        labels = np.eye(7, dtype=bool)[rng.integers(0, 7, 50)]
        order = rng.permutation(50)
        ours = classification.accuracy(values, labels)
        theirs = classification.accuracy(values[order], labels[order])
        self.assertEqual((ours.top1, ours.topk), (theirs.top1, theirs.topk))
        np.testing.assert_array_equal(ours.confusion, theirs.confusion)


CLASSES = ("dive", "jump", "run")
# Of these a is right, b and c are not; d is of no labeled video.
ROWS = {
    "a": [0.6, 0.3, 0.1],
    "b": [0.1, 0.5, 0.4],
    "c": [0.5, 0.3, 0.2],
    "d": [1, 0, 0],
}
LIST = "dive/a.avi 1\nrun/b.avi 2\nrun/c.avi 2\n"


class CommandTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out"
        self.truth = self.write("list.txt", LIST)
        for video, row in ROWS.items():
            self._score("rgb", video, [row])
            # Knows b alone.
            flow = [0, 0, 1] if video == "b" else [1 / 3] * 3
            self._score("flow", video, [flow])

    def _score(self, stream, video, rows, classes=CLASSES):
        frame_scores.write(
            self.folder / stream, video, rows, fps=0.1, classes=classes
        )

    def _run(self, *arguments, streams="rgb"):
        folders = ",".join(str(self.folder / x) for x in streams.split(","))
        return running.fsn(
            "evaluate",
            "--protocol=classification",
            f"--scores={folders}",
            f"--annotations={self.truth}",
            f"--out={self.out}",
            *arguments,
        )

    def _results(self):
        return json.loads((self.out / "results.json").read_text())

    def test_writes_accuracy_and_confusion(self):
        status, out, _ = self._run()
        self.assertEqual(status, 0)
        results = self._results()
        self.assertEqual(results["top1"], 1 / 3)
        self.assertIsNone(results["top5"])
        self.assertEqual(results["mean_class_accuracy"], 1 / 2)
        self.assertEqual(
            results["per_class"]["jump"], {"videos": 0, "accuracy": None}
        )
        of_b = {"found": "jump", "right": False}
        self.assertEqual(results["per_video"]["b"], of_b)
        self.assertLen(results["sha256"], 2)
        self.assertIn(f"3 videos of {self.truth.name}, 3 classes", out)
        self.assertIn("note: 1 scored videos left out", out)
        rows = self._table("confusion.csv")
        counts = [[int(row[name]) for name in CLASSES] for row in rows]
        self.assertEqual(counts, [[1, 0, 0], [0, 0, 0], [1, 1, 0]])
        rows = self._table("per_class.csv")
        self.assertEqual([row["accuracy"] for row in rows], ["1.0", "", "0.0"])
        self.assertIn("33.3", (self.out / "report.md").read_text())
        names = {path.name for path in self.out.iterdir()}
        self.assertEqual(names, {"report.md", "results.json", *self._tables()})

    def _tables(self):
        return "per_class.csv", "confusion.csv"

    def _table(self, name):
        text = (self.out / name).read_text()
        return list(csv.DictReader(text.splitlines()))

    def test_leaves_nothing_of_another_protocol(self):
        self._run()
        self.write("true/a.txt", "run\n")
        running.fsn(
            "evaluate",
            "--protocol=segmentation",
            f"--predicted_labels={self.folder / 'true'}",
            f"--annotations={self.folder / 'true'}",
            f"--out={self.out}",
        )
        names = {path.name for path in self.out.iterdir()}
        self.assertEqual(names, {"report.md", "results.json", "per_video.csv"})

    def test_fuses_streams(self):
        status, _, _ = self._run("--fusion_weights=1,3", streams="rgb,flow")
        self.assertEqual(status, 0)
        results = self._results()
        # b is (0.1, 0.5, 3.4) / 4; c stays as RGB has it.
        self.assertEqual(results["top1"], 2 / 3)
        self.assertEqual(results["options"]["fusion_weights"], [1, 3])

    def test_fuses_before_the_softmax(self):
        # flow is more sure that it is no dive than rgb is that it is one:
        # 0.98 x 0.001 < 0.02 x 0.5, but 0.98 + 0.001 > 0.02 + 0.5.
        self._score("rgb", "a", [[0.98, 0.02, 0]])
        self._score("flow", "a", [[0.001, 0.5, 0.499]])
        status, _, _ = self._run(streams="rgb,flow")
        before = self._results()
        self._run("--fusion=scores", streams="rgb,flow")
        after = self._results()
        self.assertEqual(status, 0)
        self.assertEqual(before["per_video"]["a"]["found"], "dive")
        self.assertEqual(after["per_video"]["a"]["found"], "jump")
        self.assertEqual(before["options"]["fusion"], "probabilities")
        self.assertEqual(after["options"]["fusion"], "scores")
        self.assertIn("- fusion: `scores`", self._report())

    def _report(self):
        return (self.out / "report.md").read_text()

    def test_compares_two_results(self):
        self._run()
        first, self.out = self.out, self.folder / "fused"
        self._run("--fusion_weights=1,3", streams="rgb,flow")
        status, out, err = running.fsn(
            "compare", f"--results={first},{self.out}"
        )
        self.assertEqual(status, 0, err)
        line = next(x for x in out.splitlines() if x.startswith("top-1"))
        self.assertEqual(line.split()[1:3], ["33.3", "66.7"])

    def test_a_video_of_two_labels_is_right_by_either(self):
        rows = "a,0,1,dive\na,1,2,run\nb,0,1,run\nb,1,2,dive\n"
        self.truth = self.write("t.csv", f"video,start,end,label\n{rows}")
        status, out, _ = self._run()
        self.assertEqual(status, 0)
        self.assertEqual(self._results()["top1"], 1 / 2)
        self.assertIn("note: 2 videos have several labels", out)

    @parameterized.parameters(
        (["--tiou=0.5"], "--tiou has no meaning in --protocol=class", 2),
        (["--detections=x"], "--detections has no meaning", 2),
        (["--background=run"], "--background needs --protocol=segment", 2),
        (["--fusion_weights=1,2"], "need as many --fusion_weights", 2),
    )
    def test_refuses_flags_that_make_no_sense(self, arguments, message, code):
        self._fails(self._run(*arguments), message, code)

    def test_names_what_does_not_fit(self):
        (self.folder / "rgb" / "b.npz").unlink()
        (self.folder / "rgb" / "c.npz").unlink()
        message = "2 of 3 labeled videos have no scores, such as b"
        self._fails(self._run(), message)
        self._score("frames", "a", [[1, 0, 0]] * 2)
        self.truth.write_text("dive/a.avi")
        self._fails(self._run(streams="frames"), "a: 2 rows of scores")
        self._score("fsn", "a", [[1, 0]], classes=("dive", "Background"))
        self._fails(self._run(streams="fsn"), "without a background")
        self.truth.write_text("swim/a.avi")
        message = "1 classes of the annotations have no scores, such as swim"
        self._fails(self._run(), message)

    def _fails(self, outcome, message, code=1):
        status, _, err = outcome
        self.assertEqual(status, code)
        self.assertIn(message, err)
        self.assertEqual(err.count("\n"), 1, msg=err)
        self.assertFalse(self.out.exists())


if __name__ == "__main__":
    absltest.main()
