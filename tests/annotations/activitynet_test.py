"""ActivityNet's JSON files."""

import dataclasses
import json

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.annotations import activitynet
from tests.kit import made_up
from tests.kit import temporary_files

_DATABASE = {
    "w.mp4": {
        "duration": 9.5,
        "subset": "training",
        "annotations": [
            {"label": "Run", "segment": [3, 4]},
            {"label": "Ambiguous", "segment": [0, 1]},
            {"label": "Run", "segment": [1, 2]},
        ],
    },
    "v": {
        "duration": None,
        "subset": "validation",
        "annotations": [{"label": "Dive", "segment": [0.5, 1]}],
    },
    "u": {"duration": 3, "subset": "validation", "annotations": []},
}


class ReadTest(temporary_files.TestCase):
    def _write(self, database):
        return self.write("truth.json", json.dumps({"database": database}))

    def test_reads_instances_in_the_order_of_the_file(self):
        self.assertEqual(
            activitynet.read(self._write(_DATABASE)),
            segments.Annotations.from_rows(
                [
                    ("w", "Run", 3, 4),
                    ("w", "Run", 1, 2),
                    ("v", "Dive", 0.5, 1),
                    ("w", "Ambiguous", 0, 1),
                ],
                videos=["u"],
                durations_seconds={"w": 9.5, "u": 3},
            ),
        )

    def test_leaves_out_what_a_test_set_keeps_to_itself(self):
        entries = {"t": {"subset": "testing", "duration": 3}}
        entries["s"] = {"subset": "testing", "annotations": None}
        read = activitynet.read(self._write(_DATABASE | entries))
        known = activitynet.read(self._write(_DATABASE))
        self.assertEqual(read.videos, known.videos)
        self.assertEqual(read.durations_seconds, known.durations_seconds)
        (note,) = read.notes
        self.assertIn(
            "2 videos without `annotations` left out, such as t", note
        )

    def test_numbers_the_classes_of_every_subset_alike(self):
        path = self._write(_DATABASE)
        read = activitynet.read(path, subset="validation")
        self.assertEqual(read.classes, ("Dive", "Run"))
        self.assertEqual(read.videos, ("u", "v"))
        self.assertEqual(
            read.instances, (segments.Instance("v", "Dive", 0.5, 1),)
        )
        self.assertEqual(read.durations_seconds, {"u": 3})

    def test_asks_for_the_given_classes_in_the_subset_alone(self):
        path = self._write(_DATABASE)
        read = activitynet.read(path, subset="validation", classes=["Dive"])
        self.assertEqual(read.classes, ("Dive",))
        expected = r"'w': annotations\[0\]: expected one of 1 classes"
        with self.assertRaisesRegex(errors.InputError, expected):
            activitynet.read(path, classes=["Dive"])

    def test_names_the_subsets_that_exist(self):
        expected = r"subset 'test', got \['training', 'validation'\]"
        with self.assertRaisesRegex(errors.InputError, expected):
            activitynet.read(self._write(_DATABASE), subset="test")

    @parameterized.parameters(
        ({"segment": [1, 2]}, "'label' to be a string, got {'segment'"),
        ({"label": 3, "segment": [1, 2]}, "'label' to be a string, got 3"),
        ({"label": "", "segment": [1, 2]}, "label to be a name"),
        ({"label": "Dive"}, "'segment' to be a list, got {'label'"),
        ({"label": "Dive", "segment": [1]}, "two numbers, got \\[1\\]"),
        ({"label": "Dive", "segment": [1, 2, 3]}, "two numbers"),
        ({"label": "Dive", "segment": ["1", 2]}, "a number, got '1'"),
        ({"label": "Dive", "segment": [True, 2]}, "a number, got True"),
        ({"label": "Dive", "segment": [1, None]}, "a number, got None"),
        ({"label": "Dive", "segment": [1, np.nan]}, "a finite number, got nan"),
        ({"label": "Dive", "segment": [1, np.inf]}, "a finite number, got inf"),
        ({"label": "Dive", "segment": [1, 10**400]}, "a finite number"),
        ({"label": "Dive", "segment": [-1, 2]}, "start to be 0 seconds"),
        ({"label": "Dive", "segment": [3, 2]}, "end to be 3.0 seconds"),
        ([1, 2], "'label' to be a string, got \\[1, 2\\]"),
    )
    def test_names_the_annotation_of_a_mistake(self, wrong, message):
        right = {"label": "Dive", "segment": [1, 2]}
        path = self._write({"v": {"annotations": [right, wrong]}})
        expected = rf"^{path}: 'v': annotations\[1\]: expected .*{message}"
        with self.assertRaisesRegex(errors.InputError, expected):
            activitynet.read(path)

    @parameterized.parameters(
        ({"v": 3}, "'v': expected 'annotations' to be a list, got 3"),
        ({"v": {"annotations": {}}}, "'annotations' to be a list, got {}"),
        ({"v": {"annotations": []}}, "an instance, got none"),
        ({}, "an instance, got none"),
        ({"": {"annotations": []}}, "video to be a name"),
        (
            {"v": {"annotations": []}, "v.mp4": {"annotations": []}},
            "every video once, got 'v.mp4'",
        ),
        (
            {"v": {"annotations": [], "duration": -3}},
            "duration to be 0 seconds or later, got -3",
        ),
        ([], "'database' to be an object, got \\[\\]"),
    )
    def test_refuses_another_shape(self, database, message):
        with self.assertRaisesRegex(errors.InputError, message):
            activitynet.read(self._write(database))

    @parameterized.parameters(
        ("", ": expected JSON, got an empty file"),
        ('{"database":\n {"v": {"dur', ":2: expected JSON, got a mistake at"),
        ('{"results": {}}', "'database' to be an object, got {'results': {}}"),
        ("[]", "'database' to be an object, got \\[\\]"),
        ("[" * 10**5, ": expected JSON, got .*recursion"),
        ("1" * 10**4, ": expected JSON, got .Exceeds the limit"),
        ('{"database": {"v": {}, "v": {}}}', "the key v twice in an object"),
    )
    def test_refuses_what_is_not_json_of_this_kind(self, content, message):
        path = self.write("truth.json", content)
        with self.assertRaisesRegex(errors.InputError, message) as caught:
            activitynet.read(path)
        self.assertNotIn("\n", str(caught.exception))

    def test_accepts_a_byte_order_mark(self):
        content = json.dumps({"database": _DATABASE})
        path = self.write("truth.json", "\ufeff" + content)
        self.assertLen(activitynet.read(path).instances, 3)


class WriteTest(temporary_files.TestCase):
    def test_reads_back_the_same(self):
        truth = made_up.awkward_annotations(
            durations_seconds={"u": 1.25, "w": 3.0}
        )
        # The file has them video by video.
        instances = sorted(truth.instances, key=lambda one: one.video)
        truth = dataclasses.replace(truth, instances=tuple(instances))
        path = self.folder / "truth.json"
        activitynet.write(path, truth, subset="validation")
        self.assertEqual(activitynet.read(path, subset="validation"), truth)

    def test_keeps_videos_without_action(self):
        truth = segments.Annotations.from_rows(
            [("v", "Dive", 1.0, 2.0)], videos=["quiet"]
        )
        path = self.folder / "truth.json"
        activitynet.write(path, truth)
        self.assertEqual(activitynet.read(path), truth)
        nothing = truth.of_videos(["quiet"])
        activitynet.write(path, nothing)
        read = activitynet.read(path, classes=["Dive"])
        self.assertEqual(read, nothing)

    def test_takes_some_videos_with_all_that_is_said_of_them(self):
        database = {
            "v.mp4": {
                "duration": 9.5,
                "subset": "training",
                "url": "https://example.org/v",
                "annotations": [{"label": "Dive", "segment": [1, 2]}],
            },
            "w": {"subset": "training", "annotations": []},
            "quiet": {"duration": 3, "annotations": []},
        }
        content = {"version": "mine", "database": database, "taxonomy": [1]}
        source = self.write("truth.json", json.dumps(content))
        path = self.folder / "part.json"
        activitynet.write_videos(path, source, {"v", "quiet"})
        del database["w"]
        self.assertEqual(json.loads(path.read_text()), content)
        read = activitynet.read(path)
        self.assertEqual(read.durations_seconds, {"v": 9.5, "quiet": 3})
        self.assertEqual(read.videos, ("quiet", "v"))


class DetectionsTest(temporary_files.TestCase):
    def test_reads_back_what_it_wrote_by_video(self):
        rows = [
            ("w", "Run", 3.0, 4.0, 0.5),
            ("v", "Dive", 2.0, -1.0, 1e-9),
            ("w", "Run", 1 / 3, 2.0, 0.5),
        ]
        detections = segments.Detections.from_rows(
            rows, classes=("Dive", "Run"), videos=("w", "v", "without")
        )
        path = self.folder / "found.json"
        activitynet.write_detections(path, detections)
        read = activitynet.read_detections(path, classes=detections.classes)
        self.assertEqual(read.videos, detections.videos)
        self.assertEqual(read.rows(), [rows[0], rows[2], rows[1]])
        self.assertEqual(read.notes, ())
        self.assertEqual(
            set(json.loads(path.read_text())),
            {"version", "results", "external_data"},
        )

    def test_joins_a_video_that_is_named_with_and_without_extension(self):
        row = {"label": "Dive", "segment": [1, 2], "score": 1}
        results = {"v": [row], "v.mp4": [row], "w": [row]}
        path = self.write("found.json", json.dumps({"results": results}))
        found = activitynet.read_detections(path, classes=["Dive"])
        self.assertEqual(found.videos, ("v", "w"))
        self.assertEqual(found.video.tolist(), [0, 0, 1])

    def test_notes_that_nothing_was_found(self):
        path = self.write("found.json", '{"results": {"v": []}}')
        found = activitynet.read_detections(path, classes=["Dive"])
        self.assertEmpty(found)
        self.assertEqual(found.videos, ("v",))
        self.assertEqual(found.notes, (f"{path}: no detection",))

    @parameterized.parameters(
        (
            {"label": "Dive", "segment": [1, 2]},
            "score to be a number, got None",
        ),
        (
            {"label": "Dive", "segment": [1, 2], "score": np.nan},
            "score to be a finite number",
        ),
    )
    def test_names_the_detection_of_a_mistake(self, wrong, message):
        right = {"label": "Dive", "segment": [2, 1], "score": 1}
        path = self.write(
            "found.json", json.dumps({"results": {"v": [right, wrong]}})
        )
        expected = rf"^{path}: 'v': results\[1\]: expected {message}"
        with self.assertRaisesRegex(errors.InputError, expected):
            activitynet.read_detections(path, classes=["Dive"])


class WriteDetectionsTest(temporary_files.TestCase):
    def _written(self, detections):
        path = self.folder / "found.json"
        activitynet.write_detections(path, detections)
        return path.read_text()

    def test_writes_what_json_does_of_all_at_once(self):
        rows = [
            ("w", 'a "b"\u00e9', 1, 2, 0.25),
            ("v", "Run", 0.1, 2, 1e-30),
            ("w", "Run", 5, 4, 0.5),
        ]
        found = segments.Detections.from_rows(
            rows, classes=["Run", 'a "b"\u00e9'], videos=["v", "u", "w"]
        )
        results = {
            video: [
                {"label": x[1], "score": x[4], "segment": [float(x[2]), x[3]]}
                for x in rows
                if x[0] == video
            ]
            for video in found.videos
        }
        content = {
            "version": activitynet.VERSION,
            "results": results,
            "external_data": {},
        }
        self.assertEqual(json.loads(self._written(found)), content)
        self.assertEqual(
            self._written(found),
            json.dumps(json.loads(self._written(found)), indent=2) + "\n",
        )

    def test_writes_no_video(self):
        none = segments.Detections.from_rows([], classes=["Run"])
        content = {"version": "VERSION 1.3", "results": {}, "external_data": {}}
        self.assertEqual(
            self._written(none), json.dumps(content, indent=2) + "\n"
        )


if __name__ == "__main__":
    absltest.main()
