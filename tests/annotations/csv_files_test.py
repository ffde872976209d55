"""CSV tables of ground truth and detections."""

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.annotations import csv_files
from tests.kit import made_up
from tests.kit import temporary_files


class ReadTest(temporary_files.TestCase):
    @parameterized.parameters(
        "w,3,4,Run\nv.mp4,1,2.5,Dive\nv,0,1,Ambiguous\n",
        "video,start,end,label\nw,3,4,Run\nv,1,2.5,Dive\nv,0,1,Ambiguous",
        "Label,End,Start,Video\r\nRun,4,3,w\r\n\r\nDive,2.5,1,v\r\n"
        "Ambiguous,1,0,v\r\n",
        '\ufeffvideo,start,end,label\n"w", 3, 4,"Run"\nv ,1,2.5, Dive\n'
        "v,0,1,Ambiguous\n",
    )
    def test_reads_columns_in_any_order(self, content):
        read = csv_files.read(self.write("truth.csv", content))
        self.assertEqual(
            read.instances,
            (
                segments.Instance("w", "Run", 3, 4),
                segments.Instance("v", "Dive", 1, 2.5),
            ),
        )
        self.assertEqual(
            read.ambiguous, (segments.Instance("v", "Ambiguous", 0, 1),)
        )
        self.assertEqual(read.classes, ("Dive", "Run"))
        self.assertEqual(read.videos, ("v", "w"))
        self.assertEqual(read.notes, ())

    @parameterized.parameters(
        "v,1,2.5,Dive\nquiet.mp4\nz,,,\n",
        "quiet\nz,,,\nv,1,2.5,Dive\n",
        "007\nv,1,2.5,Dive\nquiet, ,,\nz",
        "video,start,end,label\nquiet\nz,,\nv,1,2.5,Dive\n",
        "start,end,label,video\n,,,quiet\n1,2.5,Dive,v\n,,,z\n",
        "video,by,start,end,label\nquiet,me,,,\nz\nv,you,1,2.5,Dive\n",
    )
    def test_a_name_alone_is_a_video_without_action(self, content):
        read = csv_files.read(self.write("truth.csv", content))
        self.assertEqual(
            read.instances, (segments.Instance("v", "Dive", 1, 2.5),)
        )
        self.assertContainsSubset(("quiet", "v", "z"), read.videos)
        self.assertEqual("007" in read.videos, "007" in content)

    def test_names_alone_need_classes_from_elsewhere(self):
        path = self.write("truth.csv", "u\nv,,,\n")
        with self.assertRaisesRegex(errors.InputError, "an instance, got none"):
            csv_files.read(path)
        read = csv_files.read(path, classes=["Dive"])
        self.assertEqual(read.videos, ("u", "v"))
        self.assertEqual((read.instances, read.classes), ((), ("Dive",)))

    @parameterized.parameters(
        "v,0:01,1:02.5,Dive\n",
        "video,start,end,label\nv,00:00:01.0,00:01:02.5,Dive\n",
        "v,1,62.5,Dive\n",
        "label,start_frame,end_frame,fps,video\nDive,24,1500,24,v\n",
    )
    def test_reads_clock_times_and_frames_at_a_rate(self, content):
        read = csv_files.read(self.write("truth.csv", content))
        self.assertEqual(
            read.instances, (segments.Instance("v", "Dive", 1, 62.5),)
        )
        self.assertEqual(read.notes, ())

    def test_reads_hours_and_minutes_past_the_hour(self):
        path = self.write("truth.csv", "v,75:00,01:15:00.5,Dive\nw,,,\n")
        (one,) = csv_files.read(path).instances
        self.assertEqual((one.start_seconds, one.end_seconds), (4500, 4500.5))

    @parameterized.parameters(
        "1:2:3:4", "00:61:00", "1:60", "1,5", "-0:01", "00:00:05;12", "1:"
    )
    def test_guesses_no_time(self, cell):
        path = self.write("truth.csv", f'v,0,1,Dive\nv,"{cell}",9,Dive\n')
        with self.assertRaisesRegex(
            errors.InputError, "truth.csv:2: expected start to be seconds, mm"
        ):
            csv_files.read(path)

    @parameterized.parameters(
        ("video,start_frame,end_frame,label\nv,1,2,x", "a column fps"),
        ("video,start_frame,end_frame,fps,label\nv,1,2,0,x", "fps to be over"),
        ("video,start_frame,end_frame,fps,label\nv,1,2,,x", "fps to be a fin"),
        ("video,start_frame,end_frame,fps,label\nv,1.5,2,25,x", "frame from 0"),
        ("video,start_frame,end_frame,fps,label\nv,,2,25,x", "start to be a"),
    )
    def test_takes_no_frames_without_a_rate(self, content, message):
        with self.assertRaisesRegex(errors.InputError, message):
            csv_files.read(self.write("truth.csv", content))

    def test_takes_labels_and_videos_as_one_in_either_form_of_unicode(self):
        content = "cafe\u0301.mp4,1,2,Cafe\u0301\ncaf\u00e9,3,4,Caf\u00e9\n"
        read = csv_files.read(self.write("truth.csv", content))
        self.assertEqual(read.classes, ("Caf\u00e9",))
        self.assertEqual(read.videos, ("caf\u00e9",))
        # A network that was trained before keeps its own spelling.
        read = csv_files.read(self.folder / "truth.csv", classes=["Cafe\u0301"])
        self.assertEqual({x.label for x in read.instances}, {"Cafe\u0301"})

    @parameterized.parameters("Background", "background", "BACKGROUND")
    def test_says_that_background_is_no_label(self, label):
        path = self.write("truth.csv", f"v,1,2,Dive\nv,2,3,{label}\n")
        (note,) = csv_files.read(path).notes
        self.assertIn(f"the label {label!r} stands for no action", note)

    def test_notes_a_column_that_is_not_used(self):
        path = self.write("t.csv", "video,fps,start,end,label\nv,25,1,2,Dive")
        read = csv_files.read(path)
        self.assertEqual(
            read.instances, (segments.Instance("v", "Dive", 1, 2),)
        )
        self.assertEqual(read.notes, (f"{path}: column 'fps' is not used",))

    @parameterized.parameters(
        ("v,1,2", 2, r"4 columns video,start,end,label, got \['v', '1', '2'"),
        ("v,1,2,Dive,0.5", 2, "4 columns"),
        ("v;1;2;Dive", 2, "4 columns"),
        ("v\t1\t2\tDive", 2, "4 columns"),
        ("v,,,Dive", 2, "start to be a finite number, got ''"),
        ("v,1,2,", 2, "label to be a name, got ''"),
        ("v,,,,", 2, "4 columns"),
        ("v,,2,Dive", 2, "start to be a finite number, got ''"),
        ("v,-1,2,Dive", 2, "start to be 0 seconds or later"),
        ("v,3,2,Dive", 2, "end to be 3.0 seconds or later"),
        (",1,2,Dive", 2, "video to be a name, got ''"),
        ('"a\nb",1,2,Dive', 3, "video to be a name"),
        ('v,1,2,"Dive', 2, "CSV, got a mistake: unexpected end of data"),
        ("v,1,2,Jump", 2, r"one of 1 classes \(Dive\), got 'Jump'"),
    )
    def test_names_the_line_of_a_mistake(self, row, line, message):
        path = self.write("truth.csv", f"v,1,2,Dive\n{row}")
        expected = f"^{path}:{line}: expected {message}"
        with self.assertRaisesRegex(errors.InputError, expected):
            csv_files.read(path, classes=["Dive"])

    @parameterized.parameters(
        ("", "rows video,start,end,label, got none"),
        ("video,start,end,label\n", "rows video,start,end,label, got none"),
        ("video,start,end\nv,1,2", "one column label in a header"),
        ("video\nv\n", "one column start in a header"),
        ("v;1;2;Dive", "one column video in a header"),
        ("start,end,label,video\nv", "4 columns"),
        ("video,start,end,end,label\nv,1,2,3,x", "one column end in a header"),
        ("v,1,2,Ambiguous", "an instance, got none"),
    )
    def test_refuses_a_table_without_rows_or_columns(self, content, message):
        path = self.write("truth.csv", content)
        with self.assertRaisesRegex(errors.InputError, f"expected {message}"):
            csv_files.read(path)


class WriteTest(temporary_files.TestCase):
    def test_reads_back_the_same(self):
        truth = made_up.awkward_annotations()
        path = self.folder / "new" / "truth.csv"
        csv_files.write(path, truth)
        self.assertEqual(csv_files.read(path), truth)

    def test_keeps_videos_without_action(self):
        names = ("quiet", "u", "v", "w", "z")
        truth = made_up.awkward_annotations(videos=names)
        path = self.folder / "truth.csv"
        csv_files.write(path, truth)
        self.assertEqual(csv_files.read(path), truth)

    def test_takes_the_rows_of_some_videos_as_they_are(self):
        content = (
            'start,video,end,label,by\n1.50,v.mp4,2,"Run, fast",me\n'
            "3,w,4,Dive,you\n,quiet,,,me\n,x,,,\n0,v,1,Dive,\n"
        )
        source = self.write("truth.csv", content)
        path = self.folder / "part.csv"
        csv_files.write_videos(path, source, {"v", "quiet"})
        expected = [
            "start,video,end,label,by",
            '1.50,v.mp4,2,"Run, fast",me',
            ",quiet,,,me",
            "0,v,1,Dive,",
        ]
        self.assertEqual(path.read_text().splitlines(), expected)
        headless = self.write("truth.csv", "v,1,2,Dive\nw,1,2,Dive\nquiet\n")
        csv_files.write_videos(path, headless, {"w", "quiet"})
        self.assertEqual(path.read_text(), "w,1,2,Dive\nquiet,,,\n")


class ColumnTest(temporary_files.TestCase):
    def test_tells_one_value_of_each_video(self):
        rows = "v,1,2,Dive,7\nw,1,2,Dive,8\nv,3,4,Dive,7\nquiet,,,,8\nx\n"
        path = self.write("t.csv", "video,start,end,label,Game\n" + rows)
        self.assertEqual(
            csv_files.column(path, "game"),
            {"v": "7", "w": "8", "quiet": "8", "x": ""},
        )

    @parameterized.parameters(
        ("v,1,2,Dive", "a column by, got no header"),
        ("video,start,end,label\nv,1,2,Dive", "a column by, got video,start"),
        (
            "video,by,start,end,label\nv,me,1,2,Dive\nv,you,3,4,Dive",
            "by of v to be 'me', as before, got 'you'",
        ),
    )
    def test_refuses_what_is_not_one_value(self, content, message):
        path = self.write("t.csv", content)
        with self.assertRaisesRegex(errors.InputError, message):
            csv_files.column(path, "by")


class ReadDetectionsTest(temporary_files.TestCase):
    @parameterized.parameters(
        "w,3,4,Run,0.5\nv,2,-1,Dive,-7\nw,1,2,Run,0.5",
        "score,video,start,end,label\n.5,w,3,4,Run\n-7,v,2,-1,Dive\n"
        ".5,w,1,2,Run",
    )
    def test_keeps_the_order_of_the_rows(self, content):
        path = self.write("found.csv", content)
        found = csv_files.read_detections(path, classes=("Dive", "Run"))
        self.assertEqual(found.videos, ("w", "v"))
        self.assertEqual(
            found.rows(),
            [
                ("w", "Run", 3, 4, 0.5),
                ("v", "Dive", 2, -1, -7),
                ("w", "Run", 1, 2, 0.5),
            ],
        )
        self.assertEqual(found.notes, ())

    @parameterized.parameters(
        ("video,start,end,label,score\n", ": expected rows .*, got none"),
        ("v,1,2,Dive", ":1: expected 5 columns"),
        ("v,1,2,Dive,1\nv", ":2: expected 5 columns"),
        ("v,1,2,Run,1", r":1: expected one of 1 classes \(Dive\), got 'Run'"),
        ("v,1,2,Dive,inf", ":1: expected score to be a finite number"),
    )
    def test_names_the_line_of_a_mistake(self, content, message):
        path = self.write("found.csv", content)
        with self.assertRaisesRegex(errors.InputError, f"^{path}{message}"):
            csv_files.read_detections(path, classes=("Dive",))


if __name__ == "__main__":
    absltest.main()
