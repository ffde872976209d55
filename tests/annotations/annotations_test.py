"""Reading ground truth and detections, whatever their format."""

import csv
import json

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import annotations
from fsn_tf import errors
from fsn_tf import files
from fsn_tf import segments
from fsn_tf.annotations import activitynet
from fsn_tf.annotations import csv_files
from fsn_tf.annotations import thumos14
from tests.kit import shared_data
from tests.kit import temporary_files

_JSON = """{"database": {"v": {"subset": "val", "annotations": [
    {"label": "Dive", "segment": [1, 2.5]}]}}}"""
_DIVE = segments.Instance("v", "Dive", 1.0, 2.5)


class ReadTest(temporary_files.TestCase):
    @parameterized.parameters(
        ("kit/Dive_test.txt", "v.mp4 1 2.5\n", "kit"),
        ("truth.json", _JSON, "truth.json"),
        ("truth.CSV", "video,start,end,label\nv,1,2.5,Dive\n", "truth.CSV"),
    )
    def test_reads_the_same_from_every_format(self, name, content, given):
        self.write(name, content)
        read = annotations.read(self.folder / given)
        self.assertEqual(read.instances, (_DIVE,))
        self.assertEqual(read.classes, ("Dive",))
        self.assertEqual(read.videos, ("v",))

    @parameterized.parameters(
        ("kit/Dive_test.txt", "v 1 2.5\n", "kit"),
        (
            "truth.json",
            _JSON.replace('{"v"', '{"quiet": {"annotations": []}, "v"'),
            "truth.json",
        ),
        ("truth.csv", "v,1,2.5,Dive\nquiet\n", "truth.csv"),
    )
    def test_every_format_names_videos_without_action(
        self, name, content, given
    ):
        self.write(name, content)
        if given == "kit":
            self.write("kit/Background_test.txt", "quiet\n")
        read = annotations.read(self.folder / given)
        self.assertEqual(read.instances, (_DIVE,))
        self.assertEqual(read.videos, ("quiet", "v"))

    @parameterized.parameters("truth.csv", "truth.json", "kit")
    def test_reads_back_videos_whose_names_end_as_files_do(self, name):
        endings = (*files.VIDEO_ENDINGS, ".MP4", ".gif", ".mp4.mkv", "")
        rows = [(f"clip{x}", "Dive", 1.0, 2.5) for x in endings]
        truth = segments.Annotations.from_rows(rows, videos=["quiet.mp4"])
        form = {"truth.csv": csv_files, "truth.json": activitynet}
        form.get(name, thumos14).write(self.folder / name, truth)
        read = annotations.read(self.folder / name)
        self.assertEqual(read.videos, truth.videos)
        self.assertCountEqual(read.instances, truth.instances)

    @parameterized.parameters((csv_files, "csv"), (activitynet, "json"))
    def test_reads_back_detections_in_such_videos(self, form, ending):
        endings = (*files.VIDEO_ENDINGS, ".mp4.mkv", "")
        rows = [(f"clip{x}", "Dive", 1.0, 2.5, 0.5) for x in endings]
        found = segments.Detections.from_rows(rows, classes=["Dive"])
        path = self.folder / f"found.{ending}"
        form.write_detections(path, found)
        read = annotations.read_detections(path, classes=["Dive"])
        self.assertEqual(read.rows(), found.rows())

    def test_takes_detections_in_files_of_activitynet_for_those_in_ids(self):
        path = self.write("found.csv", "v_ID,1,2,Dive,0.5\nother,1,2,Dive,1\n")
        read = annotations.read_detections(
            path, classes=["Dive"], videos=["ID", "x"]
        )
        self.assertEqual(read.rows(), [("ID", "Dive", 1.0, 2.0, 0.5)])
        self.assertLen(read.notes, 1)

    @parameterized.parameters(
        ("absent", "absent: no such file or folder"),
        (
            "notes.txt",
            "expected annotations in one of the formats activitynet, ",
        ),
    )
    def test_refuses_what_is_no_annotation(self, name, message):
        self.write("notes.txt", "v 1 2")
        with self.assertRaisesRegex(errors.InputError, message):
            annotations.read(self.folder / name)

    def test_takes_a_subset_of_json_alone(self):
        path = self.write("truth.csv", "v,1,2.5,Dive")
        with self.assertRaisesRegex(errors.UsageError, "the subset 'val'"):
            annotations.read(path, subset="val")

    @parameterized.product(
        name=("kit/Dive_test.txt", "truth.json", "truth.csv"),
        mistake=(
            ("v\tÄ".encode("latin-1"), "not UTF-8: expected text, got byte"),
            ("v 1 2".encode("utf-16"), "not UTF-8: expected text, got byte"),
            ("v 1 2".encode("utf-16-le"), "not UTF-8: .* a NUL byte"),
            (b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8: expected text, got byte"),
        ),
    )
    def test_names_the_line_that_is_not_text(self, name, mistake):
        content, message = mistake
        path = self.write(name, b"\n" + content)
        given = path.parent if path.suffix == ".txt" else path
        with self.assertRaisesRegex(errors.InputError, f":2: {message}"):
            annotations.read(given)

    @parameterized.parameters("kit/Dive_test.txt", "truth.csv")
    def test_does_not_read_an_endless_line(self, name):
        path = self.write(name, b"\n" + b"v " * 2**20)
        given = path.parent if path.suffix == ".txt" else path
        with self.assertRaisesRegex(errors.InputError, ":2: .*1048576 bytes"):
            annotations.read(given)

    def test_shortens_a_long_value_to_one_line(self):
        path = self.write("truth.csv", "v,1,2," + "Dive " * 10**4)
        with self.assertRaises(errors.InputError) as caught:
            annotations.read(path, classes=["Dive"])
        message = str(caught.exception).removeprefix(f"{path}:1: ")
        self.assertLess(len(message), 150)
        self.assertNotIn("\n", message)

    @parameterized.parameters(
        ("val", 200, 3007, 89),
        ("test", 213, 3358, 99),
    )
    def test_counts_thumos14(self, subset, videos, instances, ambiguous):
        read = annotations.read(
            shared_data.path(f"thumos14/annotation_{subset}")
        )
        self.assertLen(read.videos, videos)
        self.assertLen(read.instances, instances)
        self.assertLen(read.ambiguous, ambiguous)
        self.assertLen(read.classes, 20)
        self.assertEqual(list(read.classes), sorted(read.classes))

    def test_counts_mini_thumos14(self):
        read = annotations.read(
            shared_data.path("mini_thumos14/annotation_test")
        )
        self.assertLen(read.videos, 3)
        self.assertLen(read.instances, 6)
        self.assertEqual(
            read.classes,
            ("Diving", "HammerThrow", "HighJump", "JavelinThrow", "LongJump"),
        )


class ReadDetectionsTest(temporary_files.TestCase):
    def test_takes_the_format_from_the_extension(self):
        row = {"label": "Dive", "segment": [1, 2], "score": 0.5}
        paths = [
            self.write("found.json", json.dumps({"results": {"v": [row]}})),
            self.write("found.csv", "v,1,2,Dive,0.5"),
            self.write("found.txt", "v 1 2 1 0.5"),
            self.write("found", "v.mpeg\t1\t2\t1\t0.5"),
        ]
        for path in paths:
            found = annotations.read_detections(path, classes=["Dive"])
            self.assertEqual(found.videos, ("v",))
            self.assertEqual(found.label.tolist(), [0])
            self.assertEqual(found.start_seconds.tolist(), [1])
            self.assertEqual(found.end_seconds.tolist(), [2])
            self.assertEqual(found.score.tolist(), [0.5])
            self.assertEqual(found.notes, ())

    def test_leaves_other_videos_out_with_a_note(self):
        path = self.write(
            "found.csv", "b,1,2,Dive,3\nx,1,2,Dive,4\na,5,6,Dive,7"
        )
        found = annotations.read_detections(
            path, classes=["Dive"], videos=["a", "b", "c"]
        )
        self.assertEqual(found.videos, ("a", "b", "c"))
        self.assertEqual(found.video.tolist(), [1, 0])
        self.assertEqual(found.score.tolist(), [3, 7])
        self.assertLen(found.notes, 1)
        self.assertIn("1 detections left out, in 1 videos", found.notes[0])

    def test_refuses_detections_of_other_videos_only(self):
        path = self.write("found.csv", "x,1,2,Dive,3")
        with self.assertRaisesRegex(errors.InputError, "such as 'a', got 'x'"):
            annotations.read_detections(path, classes=["Dive"], videos=["a"])

    def test_reads_every_published_file_whole(self):
        truth = annotations.read(shared_data.path("thumos14/annotation_test"))
        folder = shared_data.path("thumos14/detections")
        expected = json.loads((folder / "expected.json").read_text())
        counts = {x["file"]: x["detections"] for x in expected.values()}
        # The kit's own samples, by their UCF101 ids.
        counts.update({"Run-1-det.txt": 1636, "Run-2-det.txt": 3007})
        for name, count in counts.items():
            found = annotations.read_detections(
                folder / name, classes=truth.classes
            )
            self.assertLen(found, count)
            self.assertEqual(set(found.label), set(range(20)))
            self.assertEqual(found.notes, ())


class CheckTest(absltest.TestCase):
    def test_notes_what_is_odd(self):
        truth = segments.Annotations.from_rows(
            [
                ("v", "Dive", 1, 3),
                ("v", "Dive", 2, 2),
                ("v", "Dive", 9, 11),
                ("v", "Dive", 12, 13),
                ("v", "Dive", 1, 3),
                ("of_unknown_length", "Dive", 99, 100),
            ]
        )
        self.assertEqual(
            annotations.check(truth, {"v": 10}),
            (
                "v: Dive from 1 to 3 s is listed 2 times",
                "v: Dive from 2 to 2 s has no length",
                "v: Dive from 9 to 11 s ends after the video, 10 s",
                "v: Dive from 12 to 13 s starts after the video, 10 s",
            ),
        )

    def test_takes_the_durations_of_the_annotations(self):
        truth = segments.Annotations.from_rows(
            [("v", "Dive", 1, 3)], durations_seconds={"v": 2}
        )
        self.assertLen(annotations.check(truth), 1)

    def test_finds_26_instances_past_the_end_in_thumos14(self):
        truth = annotations.read(shared_data.path("thumos14/annotation_test"))
        with open(shared_data.path("thumos14/test_videos.csv")) as file:
            durations = {
                row["video"]: float(row["duration_seconds"])
                for row in csv.DictReader(file)
            }
        notes = annotations.check(truth, durations)
        self.assertLen(notes, 26)
        self.assertTrue(all(" after the video" in note for note in notes))


if __name__ == "__main__":
    absltest.main()
