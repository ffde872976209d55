"""`fsn convert` and what other commands do with the files of tools."""

import json

from absl.testing import absltest

from tests.kit import running
from tests.kit import temporary_files
from tests.kit import textures

_SUBTITLES = "1\n00:00:00,200 --> 00:00:00,640\nserve\n"


class ConvertTest(temporary_files.TestCase):
    def test_says_losses_on_the_standard_error(self):
        path = self.write("a.txt", "0.5\t1\tserve\n2\t2\there\n")
        out = self.folder / "out"
        status, said, notes = running.fsn(
            "convert", f"--annotations={path}", "--to=webvtt", f"--out={out}"
        )
        self.assertEqual((status, said), (0, f"{out}: webvtt\n"))
        self.assertEqual(
            notes, f"note: {path}: labels at a point left out: 1\n"
        )
        self.assertEqual(
            (out / "a.vtt").read_text(),
            "WEBVTT\n\n00:00:00.500 --> 00:00:01.000\nserve\n",
        )

    def test_detections_become_predictions(self):
        path = self.write(
            "found.csv", "video,start,end,label,score\na,0,1,x,.5"
        )
        out = self.folder / "tasks.json"
        running.fsn(
            "convert",
            f"--annotations={path}",
            "--to=labelstudio",
            "--rate=10",
            f"--out={out}",
        )
        (task,) = json.loads(out.read_text())
        (prediction,) = task["predictions"]
        (region,) = prediction["result"]
        self.assertEqual(region["score"], 0.5)
        self.assertEqual(region["value"]["ranges"], [{"start": 1, "end": 10}])

    def test_bad_input_is_one_line(self):
        path = self.write("a.txt", "what is this")
        status, _, said = running.fsn(
            "convert",
            f"--annotations={path}",
            "--to=csv",
            f"--out={self.folder / 'x.csv'}",
        )
        self.assertEqual(status, 1)
        self.assertStartsWith(said, f"fsn convert: {path}: expected annotation")
        self.assertEqual(said.count("\n"), 1)


class OthersTest(temporary_files.TestCase):
    def test_check_compares_labels_with_time_stamps(self):
        (self.folder / "v").mkdir()
        textures.write_video(self.folder / "v" / "a.mp4", 1, 25, size=(48, 64))
        self.write("x/groundTruth/a.txt", "SIL\n" * 10 + "serve\n" * 14)
        _, said, _ = running.fsn(
            "check",
            f"--annotations=mstcn@25:{self.folder / 'x'}",
            f"--videos={self.folder / 'v'}",
        )
        self.assertIn("a: 25 frames, labeled as 24 (off by one)", said)

    def test_split_writes_csv(self):
        for name in "ab":
            self.write(f"s/{name}.srt", _SUBTITLES)
        out = self.folder / "parts"
        status, _, _ = running.fsn(
            "split",
            f"--annotations={self.folder / 's'}",
            f"--out={out}",
            "--parts=0.5,0.5",
        )
        self.assertEqual(status, 0)
        parts = [(out / f"part-{x}-of-2.csv").read_text() for x in (1, 2)]
        self.assertCountEqual(
            [text.splitlines()[1] for text in parts],
            ["a,0.2,0.64,serve", "b,0.2,0.64,serve"],
        )

    def test_evaluate_names_the_source_and_not_its_prefix(self):
        path = self.write("a.srt", _SUBTITLES)
        found = self.write(
            "found.csv", "video,start,end,label,score\na,0.2,0.64,serve,1\n"
        )
        out = self.folder / "results"
        status, _, said = running.fsn(
            "evaluate",
            f"--annotations=srt:{path}",
            f"--detections={found}",
            f"--out={out}",
        )
        self.assertEqual(status, 0, said)
        results = json.loads((out / "results.json").read_text())
        self.assertEqual(results["segment_map"]["0.5"], 1)
        self.assertIn(str(path), results["sha256"])


if __name__ == "__main__":
    absltest.main()
