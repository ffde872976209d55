"""Broken input gives one line that names file and row, and no result."""

import json
import os

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.annotations import text_files
from tests.kit import running
from tests.kit import temporary_files

GOOD = "a 1.0 3.0 2 0.9\n"
JSON = json.dumps(
    {"results": {"a": [{"label": "Jump", "score": 0.9, "segment": [1, 3]}]}}
)


class BrokenInputsTest(temporary_files.TestCase):
    def setUp(self):
        super().setUp()
        self.write("kit/Dive_test.txt", "a 4.0 5.0\n")
        self.write("kit/Jump_test.txt", "a 1.0 3.0\n")
        self.out = self.folder / "out"

    def _run(self, *arguments):
        return running.fsn(
            "evaluate",
            f"--annotations={self.folder / 'kit'}",
            f"--out={self.out}",
            *arguments,
        )

    def _fails(self, message, *arguments):
        status, out, err = self._run(*arguments)
        self.assertEqual((status, out), (1, ""))
        self.assertIn(message, err)
        self.assertEqual(err.count("\n"), 1, msg=err)
        self.assertLess(len(err), 500)
        self.assertFalse(self.out.exists())

    def test_refuses_paths_that_are_not_utf_8(self):
        status, _, err = self._run(os.fsdecode(b"--detections=caf\xe9"))
        self.assertEqual(status, 2)
        self.assertIn(r"--detections=caf\xe9: expected text in UTF-8", err)
        self.assertEqual(err.count("\n"), 1, msg=err)

    @parameterized.parameters(
        ("a 1.0 3.0 2 nan", "expected score to be a finite number, got 'nan'"),
        ("a 1.0 inf 2 0.9", "expected end to be a finite number, got 'inf'"),
        ("a 1.0 3.0 200 0.9", "expected a class id of 1, 2, got '200'"),
        ("a 1.0 3.0 0 0.9", "expected a class id of 1, 2, got '0'"),
        ("a 1.0 3.0 1.5 0.9", "class id to be a whole number, got '1.5'"),
        ("a 1.0 3.0 2", "expected 5 columns"),
        ("a 1.0 3.0 2 0.9 7", "expected 5 columns"),
        ("a 1.0 3.0 Jump 0.9", "expected class id to be a finite number"),
        ("a 1.0 3.0 2 0.9\0", "not UTF-8"),
        ("x" * (text_files.MAX_LINE_BYTES + 1), "bytes without a line end"),
    )
    def test_names_the_row_of_a_text_file(self, row, message):
        path = self.write("found.txt", GOOD + row + "\n" + GOOD)
        self._fails(message, f"--detections={path}")
        self._fails(f"{path}:2: ", f"--detections={path}")

    @parameterized.parameters(
        ("a,1.0,3.0,Jump", "found.csv:2: expected 5 columns"),
        ("a,1.0,3.0,Jump,nan", "found.csv:2: expected score to be a finite"),
        ('a,1.0,3.0,"Jump,0.9', "found.csv:2: expected CSV"),
    )
    def test_names_the_row_of_a_table(self, row, message):
        path = self.write("found.csv", "a,1,3,Jump,0.9\n" + row + "\n")
        self._fails(message, f"--detections={path}")

    @parameterized.parameters(
        (JSON[:-9], "found.json:1: expected JSON, got a mistake at column"),
        (JSON[:-9] + "\n" + "7", "found.json:"),
        (JSON.replace("0.9", "NaN"), "found.json: 'a': results[0]: expected"),
        (JSON.replace("Jump", "Fly"), "found.json: 'a': results[0]: expected"),
        (JSON.replace("[1, 3]", "[1]"), "segment to be two numbers"),
        ("", "found.json: expected JSON, got an empty file"),
        ("[1, 2]", "found.json: expected 'results' to be an object"),
        ("[" * 100_000, "found.json: expected JSON, got"),
    )
    def test_names_the_place_in_json(self, content, message):
        path = self.write("found.json", content)
        self._fails(message, f"--detections={path}")

    @parameterized.parameters("found.txt", "found.csv", "found.json")
    def test_does_not_read_gigabytes_of_one_line(self, name):
        path = self.folder / name
        with open(path, "wb") as file:
            # Sparse: four gigabytes on paper, nothing on the disk.
            os.truncate(file.fileno(), 2**32)
        self._fails(f"{path}:1: ", f"--detections={path}")

    def test_leaves_out_videos_that_are_not_annotated(self):
        # The kit's own sample, Run-1-det.txt, names 614 such videos.
        other = GOOD.replace("a ", "b ", 1)
        path = self.write("found.txt", GOOD + other + other)
        status, out, err = self._run(f"--detections={path}")
        self.assertEqual((status, err), (0, ""))
        notes = [x for x in out.splitlines() if x.startswith("note: ")]
        self.assertLen(notes, 1)
        self.assertIn(f"{path}: 2 detections left out, in 1 videos", notes[0])
        self.assertIn("such as b", notes[0])
        results = json.loads((self.out / "results.json").read_text())
        self.assertEqual(results["detections"], 1)

    def test_refuses_detections_of_no_annotated_video(self):
        path = self.write("found.txt", GOOD.replace("a ", "b ", 1))
        self._fails(
            f"{path}: expected detections in videos such as 'a', got 'b'",
            f"--detections={path}",
        )

    @parameterized.parameters(
        ("a 1.0\n", "Jump_test.txt:2: expected 3 columns"),
        ("a 1.0 3.0 Jump\n", "Jump_test.txt:2: expected 3 columns"),
        ("a 3.0 1.0\n", "Jump_test.txt:2: expected end to be"),
        ("a nan 1.0\n", "Jump_test.txt:2: expected start to be"),
        (
            "x" * (text_files.MAX_LINE_BYTES + 1),
            "Jump_test.txt:2: expected a line",
        ),
    )
    def test_names_the_row_of_the_ground_truth(self, row, message):
        self.write("kit/Jump_test.txt", "a 1.0 3.0\n" + row)
        path = self.write("found.txt", GOOD)
        self._fails(message, f"--detections={path}")

    @parameterized.parameters(
        (np.nan, "a.npz: frame 3: Jump scores nan"),
        (-0.5, "a.npz: frame 3: Jump scores -0.5"),
        (2.0, "a.npz: frame 3: Jump scores 2.0"),
    )
    def test_names_the_frame_of_a_score(self, score, message):
        values = np.full((5, 3), 1 / 3, "f4")
        values[3, 1] = score
        (self.folder / "scores").mkdir()
        np.savez(
            self.folder / "scores/a.npz",
            scores=values,
            fps=25.0,
            classes=["Dive", "Jump", "Background"],
        )
        self._fails(message, f"--scores={self.folder / 'scores'}")

    def test_leaves_an_earlier_result_alone(self):
        path = self.write("found.txt", GOOD)
        self._run(f"--detections={path}")
        before = {x.name: x.read_bytes() for x in self.out.iterdir()}
        self.write("found.txt", GOOD + "a 1.0 3.0 2\n")
        status, _, _ = self._run(f"--detections={path}")
        self.assertEqual(status, 1)
        after = {x.name: x.read_bytes() for x in self.out.iterdir()}
        self.assertEqual(before, after)

    def test_leaves_nothing_of_an_earlier_result(self):
        path = self.write("found.txt", GOOD)
        self._run(f"--detections={path}")
        self.assertTrue((self.out / "diagnosis.svg").exists())
        self._run(f"--detections={path}", "--diagnosis=false")
        self.assertFalse((self.out / "diagnosis.svg").exists())
        self.assertNotIn("lost", (self.out / "report.md").read_text())


if __name__ == "__main__":
    absltest.main()
