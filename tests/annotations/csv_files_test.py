"""CSV tables of ground truth and detections."""

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.annotations import csv_files
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
        ("video,start,end,end,label\nv,1,2,3,x", "one column end in a header"),
        ("v,1,2,Ambiguous", "an instance, got none"),
    )
    def test_refuses_a_table_without_rows_or_columns(self, content, message):
        path = self.write("truth.csv", content)
        with self.assertRaisesRegex(errors.InputError, f"expected {message}"):
            csv_files.read(path)


class WriteTest(temporary_files.TestCase):
    def test_reads_back_the_same(self):
        truth = segments.Annotations(
            classes=("Dive", 'Run, "fast"'),
            videos=("u", "v", "w"),
            instances=(
                segments.Instance("w", 'Run, "fast"', 1 / 3, 2e-7 + 1),
                segments.Instance("v", "Dive", 5.0, 5.0),
                segments.Instance("w", "Dive", 1.0, 2.0),
            ),
            ambiguous=(segments.Instance("u", "Ambiguous", 1.0, 2.0),),
        )
        path = self.folder / "new" / "truth.csv"
        csv_files.write(path, truth)
        self.assertEqual(csv_files.read(path), truth)


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
        ("v,1,2,Run,1", r":1: expected one of 1 classes \(Dive\), got 'Run'"),
        ("v,1,2,Dive,inf", ":1: expected score to be a finite number"),
    )
    def test_names_the_line_of_a_mistake(self, content, message):
        path = self.write("found.csv", content)
        with self.assertRaisesRegex(errors.InputError, f"^{path}{message}"):
            csv_files.read_detections(path, classes=("Dive",))


if __name__ == "__main__":
    absltest.main()
